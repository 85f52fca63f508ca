/** The demo's people, and the bot against servers of paper and of iron. */
@NullMarked
package io.parley.demo;

import org.jspecify.annotations.NullMarked;

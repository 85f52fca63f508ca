/** The feed against a plain account of what it should show, and against its enemies. */
@NullMarked
package io.parley.feed;

import org.jspecify.annotations.NullMarked;

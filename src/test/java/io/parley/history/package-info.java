/** Pages of a real journal. */
@NullMarked
package io.parley.history;

import org.jspecify.annotations.NullMarked;

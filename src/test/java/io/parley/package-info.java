/** Rules of the house and tests of the whole. */
@NullMarked
package io.parley;

import org.jspecify.annotations.NullMarked;

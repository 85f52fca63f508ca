/** Tests of the wire. */
@NullMarked
package io.parley.protocol;

import org.jspecify.annotations.NullMarked;

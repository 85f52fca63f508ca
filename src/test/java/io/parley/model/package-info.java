/** Tests of the plain values. */
@NullMarked
package io.parley.model;

import org.jspecify.annotations.NullMarked;

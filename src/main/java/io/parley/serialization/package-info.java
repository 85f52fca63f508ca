/** The names and bytes of what is persisted: they outlive every class that they are read into. */
@NullMarked
package io.parley.serialization;

import org.jspecify.annotations.NullMarked;

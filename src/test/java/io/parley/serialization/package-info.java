/** What was written once stays readable. */
@NullMarked
package io.parley.serialization;

import org.jspecify.annotations.NullMarked;

/** The wire: frames and bodies, how they are read strictly and written once. No Pekko, no SQL. */
@NullMarked
package io.parley.protocol;

import org.jspecify.annotations.NullMarked;

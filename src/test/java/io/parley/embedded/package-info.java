/** The embedded PostgreSQL, started, killed and started again. */
@NullMarked
package io.parley.embedded;

import org.jspecify.annotations.NullMarked;

/**
 * What tests of several packages stand on: a real PostgreSQL, a network that fails, the schemas.
 */
@NullMarked
package io.parley.testing;

import org.jspecify.annotations.NullMarked;

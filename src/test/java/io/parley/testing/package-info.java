/** What tests of several packages stand on: a real PostgreSQL, and a network that fails. */
@NullMarked
package io.parley.testing;

import org.jspecify.annotations.NullMarked;

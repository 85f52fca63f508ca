/** The search against a real PostgreSQL, and its pure parts. */
@NullMarked
package io.parley.search;

import org.jspecify.annotations.NullMarked;

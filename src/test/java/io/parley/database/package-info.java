/** What PostgreSQL is asked for, and what is made of its answers. */
@NullMarked
package io.parley.database;

import org.jspecify.annotations.NullMarked;

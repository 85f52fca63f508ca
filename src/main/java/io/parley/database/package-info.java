/**
 * PostgreSQL over R2DBC: settings, a bounded pool, a small executor. Knows nothing of chat, and
 * nothing of actors but how to close with their system.
 */
@NullMarked
package io.parley.database;

import org.jspecify.annotations.NullMarked;

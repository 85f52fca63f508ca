/**
 * PostgreSQL as the embedded default: unpacked from a jar, started, watched over and stopped by us.
 * Knows nothing of chat.
 */
@NullMarked
package io.parley.embedded;

import org.jspecify.annotations.NullMarked;

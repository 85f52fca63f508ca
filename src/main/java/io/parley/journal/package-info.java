/**
 * A Pekko persistence journal and snapshot store over R2DBC, with group commit, in the tables of
 * pekko-persistence-r2dbc. Knows nothing of chat, and could be lifted out.
 */
@NullMarked
package io.parley.journal;

import org.jspecify.annotations.NullMarked;

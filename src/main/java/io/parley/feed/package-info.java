/**
 * Committed events in the order of their commits, folded into inbox summaries and messages as they
 * read now; erases the texts of deleted messages; tells how far conversations have come.
 */
@NullMarked
package io.parley.feed;

import org.jspecify.annotations.NullMarked;

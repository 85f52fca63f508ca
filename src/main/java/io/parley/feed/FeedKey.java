package io.parley.feed;

/**
 * A place in the feed of one range. Rows are read in the order of these three, which PostgreSQL
 * compares; nothing here does.
 *
 * @param position the transaction that stored the row, counted on through restored backups
 */
public record FeedKey(long position, String persistenceId, long seqNr) {}

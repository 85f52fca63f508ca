package io.parley.feed;

import static java.util.Objects.requireNonNull;

import io.r2dbc.spi.Readable;

/**
 * A place in the feed of one range. Rows are read in the order of these three, which PostgreSQL
 * compares; nothing here does.
 *
 * @param position the transaction that stored the row, counted on through restored backups
 */
public record FeedKey(long position, String persistenceId, long seqNr) {

  /** Of a row with the columns of the journal or of the offsets. */
  static FeedKey of(Readable row) {
    return new FeedKey(
        requireNonNull(row.get("feed_position", Long.class)),
        requireNonNull(row.get("persistence_id", String.class)),
        requireNonNull(row.get("seq_nr", Long.class)));
  }
}

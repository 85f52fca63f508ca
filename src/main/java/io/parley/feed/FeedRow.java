package io.parley.feed;

import static java.util.Objects.requireNonNull;

import io.r2dbc.spi.Readable;

/**
 * A committed row of the journal, and the place from which its range was read.
 *
 * @param range of 64 slices, 0 to 15
 * @param deleted a marker of the journal's, without an event
 * @param payload not copied
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared: bytes on their way.
record FeedRow(
    int range,
    FeedKey from,
    FeedKey key,
    boolean deleted,
    int serializerId,
    String manifest,
    byte[] payload) {

  static FeedRow of(Readable row) {
    return new FeedRow(
        requireNonNull(row.get("range", Integer.class)),
        new FeedKey(
            requireNonNull(row.get("from_position", Long.class)),
            requireNonNull(row.get("from_id", String.class)),
            requireNonNull(row.get("from_seq", Long.class))),
        FeedKey.of(row),
        requireNonNull(row.get("deleted", Boolean.class)),
        requireNonNull(row.get("event_ser_id", Integer.class)),
        requireNonNull(row.get("event_ser_manifest", String.class)),
        requireNonNull(row.get("event_payload", byte[].class)));
  }
}

package io.parley.feed;

import static java.util.Objects.requireNonNull;

import io.parley.database.BinaryArray;
import io.parley.database.Statements;
import io.r2dbc.spi.Readable;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/**
 * Reads what was committed past the offsets, in one statement for several ranges.
 *
 * <p>The watermark: every transaction with an id below the snapshot's {@code xmin} has ended, so
 * its rows are seen now or never. Rows at or past it wait, even if they are seen already, because
 * one with a smaller position may still come. Whoever goes by the newest row seen skips such a one
 * for ever.
 */
final class FeedReader {

  static final String WATERMARK =
      "(pg_snapshot_xmin(pg_current_snapshot())::text::bigint"
          + " + (SELECT feed_base FROM database_life))";

  // Each range gives a stretch without holes from its offset on; so does any beginning of the
  // merged order.
  static final String PAGE =
      "SELECT * FROM (SELECT r.*, row_number() OVER walk AS place,"
          + " row_number() OVER walk < count(*) OVER () AS has_more,"
          + " sum(octet_length(r.event_payload)) OVER walk AS bytes FROM ("
          + " SELECT o.range, o.feed_position AS from_position, o.persistence_id AS from_id,"
          + " o.seq_nr AS from_seq, e.* FROM feed_offset o CROSS JOIN LATERAL ("
          + " SELECT j.feed_position, j.persistence_id, j.seq_nr, j.deleted, j.event_ser_id,"
          + " j.event_ser_manifest, j.event_payload FROM event_journal j"
          + " WHERE j.slice / 64 = o.range AND j.feed_position < "
          + WATERMARK
          + " AND (j.feed_position, j.persistence_id, j.seq_nr)"
          + " > (o.feed_position, o.persistence_id, o.seq_nr)"
          + " ORDER BY j.feed_position, j.persistence_id, j.seq_nr LIMIT $2) e"
          + " WHERE o.range = ANY($1)) r"
          + " WINDOW walk AS (ORDER BY r.feed_position, r.persistence_id, r.seq_nr)) weighed"
          + " WHERE place = 1 OR (place <= $2 AND bytes <= $3)"
          + " ORDER BY place";

  private final Statements database;

  FeedReader(Statements database) {
    this.database = database;
  }

  /**
   * What was committed next.
   *
   * @param rows not copied
   * @param isFull whether rows or their bytes fill it, so that more may wait
   */
  record Page(List<FeedRow> rows, boolean isFull) {}

  /** Maps the rows of one answer, and keeps whether more was found behind the last of them. */
  private static final class Reading {
    private boolean hasMore;

    FeedRow row(Readable row) {
      hasMore = requireNonNull(row.get("has_more", Boolean.class));
      return FeedRow.of(row);
    }
  }

  /** At most so many rows and bytes, but one row at least if there is any. */
  CompletionStage<Page> page(Set<Integer> ranges, int rows, long bytes) {
    Reading reading = new Reading();
    int[] array = ranges.stream().mapToInt(Integer::intValue).sorted().toArray();
    return database
        .query(
            PAGE,
            statement -> statement.bind(0, BinaryArray.ofInts(array)).bind(1, rows).bind(2, bytes),
            reading::row)
        .thenApply(found -> new Page(found, reading.hasMore || found.size() >= rows));
  }
}

package io.parley.feed;

import static java.util.Objects.requireNonNull;

import io.parley.database.BinaryArray;
import io.parley.database.Statements;
import io.r2dbc.spi.Readable;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/**
 * Looks at how far behind the feed is, and at who holds it up: the oldest transaction with an id,
 * of any session and any database of that server.
 */
final class WatermarkWatch {
  private static final int COUNTED = 1_000;

  /** A transaction that writes and is open for longer is worth a line in the log. */
  private static final Duration OLD_TRANSACTION = Duration.ofSeconds(5);

  private static final String LOOK =
      "SELECT (SELECT coalesce(max(extract(epoch FROM clock_timestamp() - e.db_timestamp)), 0)"
          + "::float8 FROM feed_offset o CROSS JOIN LATERAL (SELECT j.db_timestamp"
          + " FROM event_journal j WHERE j.slice / 64 = o.range"
          + " AND (j.feed_position, j.persistence_id, j.seq_nr)"
          + " > (o.feed_position, o.persistence_id, o.seq_nr)"
          + " ORDER BY j.feed_position, j.persistence_id, j.seq_nr LIMIT 1) e"
          + " WHERE o.range = ANY($1)) AS behind,"
          // Counted no further than anybody wants to know: past it they are many.
          + " (SELECT count(*) FROM feed_offset o CROSS JOIN LATERAL (SELECT 1"
          + " FROM event_journal j WHERE j.slice / 64 = o.range"
          + " AND (j.feed_position, j.persistence_id, j.seq_nr)"
          + " > (o.feed_position, o.persistence_id, o.seq_nr)"
          + " ORDER BY j.feed_position, j.persistence_id, j.seq_nr LIMIT "
          + COUNTED
          + ") e WHERE o.range = ANY($1)) AS waiting,"
          + " (SELECT count(*) FROM (SELECT 1 FROM erasure e WHERE e.range = ANY($1) LIMIT "
          + COUNTED
          + ") e) AS erasures,"
          + " h.pid, h.application, h.age::float8 AS age FROM (VALUES (1)) one LEFT JOIN ("
          + " SELECT pid::text AS pid, coalesce(application_name, '') || ' of user '"
          + " || coalesce(usename, '?') || ' in ' || coalesce(datname, '?') AS application,"
          + " extract(epoch FROM clock_timestamp() - xact_start) AS age, backend_xid AS xid"
          + " FROM pg_stat_activity WHERE backend_xid IS NOT NULL"
          + " UNION ALL SELECT 'none', 'prepared transaction ' || gid || ' in ' || database,"
          + " extract(epoch FROM clock_timestamp() - prepared), transaction"
          + " FROM pg_prepared_xacts ORDER BY age DESC LIMIT 1) h ON true";

  private final Statements database;

  WatermarkWatch(Statements database) {
    this.database = database;
  }

  /**
   * What a look shows.
   *
   * @param behind age of the oldest committed row that isn't applied; zero when there is none
   * @param waiting committed rows that aren't applied; at most 1,000 of each range
   * @param erasures texts that are yet to be overwritten; at most 1,000
   * @param holder the oldest open write transaction that this role may see
   */
  record Look(Duration behind, long waiting, long erasures, Optional<Holder> holder) {

    /** What to say of a transaction that has been open for too long. */
    Optional<String> heldUp() {
      return holder
          .filter(holder -> holder.age.compareTo(OLD_TRANSACTION) > 0)
          .map(
              holder ->
                  ("The feed is held up: process %s (%s) has had a transaction open for %d s, and"
                          + " what was committed since has to wait for it. The feed is %d s behind.")
                      .formatted(
                          holder.pid,
                          holder.application,
                          holder.age.toSeconds(),
                          behind.toSeconds()));
    }
  }

  /** A transaction that holds the watermark. */
  record Holder(String pid, String application, Duration age) {}

  CompletionStage<Look> look(Set<Integer> ranges) {
    int[] array = ranges.stream().mapToInt(Integer::intValue).sorted().toArray();
    return database
        .query(LOOK, statement -> statement.bind(0, BinaryArray.ofInts(array)), WatermarkWatch::of)
        .thenApply(looks -> looks.get(0));
  }

  private static Look of(Readable row) {
    Optional<Holder> holder =
        Optional.ofNullable(row.get("pid", String.class))
            .map(
                pid ->
                    new Holder(
                        pid,
                        requireNonNull(row.get("application", String.class)),
                        seconds(requireNonNull(row.get("age", Double.class)))));
    return new Look(
        seconds(requireNonNull(row.get("behind", Double.class))),
        requireNonNull(row.get("waiting", Long.class)),
        requireNonNull(row.get("erasures", Long.class)),
        holder);
  }

  private static Duration seconds(double seconds) {
    return Duration.ofMillis(Math.max(0, Math.round(seconds * 1_000)));
  }
}

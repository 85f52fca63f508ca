package io.parley.feed;

import static java.util.Objects.requireNonNull;

import io.parley.database.BinaryArray;
import io.parley.feed.LogIds.Log;
import io.parley.feed.RebuildReport.Mended;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Folds some conversations of one range into the shadow, and makes the read side like it.
 *
 * <p>The fold goes up to the range's offset, without a lock, in short transactions. What is written
 * is decided under the offset's row lock, which every page of the feed takes first: what the feed
 * has applied since is folded in the same transaction, so the shadow is then exactly what the feed
 * must have made, and stays so until the commit. A conversation too long for one such transaction
 * is mended in windows of its log, its summaries last: a page that the feed applies in between
 * finds a window either as it was, and the shadow hears of the page, or mended, and the page's
 * changes go on from what is right.
 */
final class RebuildBatch {
  static final int PAGE_ROWS = 500;
  private static final long PAGE_BYTES = 1_048_576;

  /**
   * What is folded under the lock; when the feed has applied more, the lock is let go first. Their
   * number alone decides, not their bytes: a page cut short would pass for all there is.
   */
  private static final int CATCH_UP_ROWS = 200;

  private static final String OFFSET =
      "SELECT feed_position, persistence_id, seq_nr, (feed_position, persistence_id, seq_nr)"
          + " >= ($2::bigint, $3::varchar, $4::bigint) AS onward FROM feed_offset WHERE range = $1";

  static final String LOCKED_OFFSET = OFFSET + " FOR UPDATE";

  private static final String PAGE =
      "SELECT * FROM (SELECT r.*, row_number() OVER walk AS number,"
          + " sum(octet_length(r.event_payload)) OVER walk AS bytes FROM ("
          + " SELECT i.place, $4::int AS range, 0::bigint AS from_position, '' AS from_id,"
          + " 0::bigint AS from_seq, e.*"
          + " FROM unnest($1, $2, $3) AS i(place, id, seq)"
          + " CROSS JOIN LATERAL (SELECT j.feed_position, j.persistence_id, j.seq_nr, j.deleted,"
          + " j.event_ser_id, j.event_ser_manifest, j.event_payload FROM event_journal j"
          + " WHERE j.persistence_id = i.id AND j.seq_nr > i.seq"
          + " AND (j.feed_position, j.persistence_id, j.seq_nr)"
          + " <= ($5::bigint, $6::varchar, $7::bigint) ORDER BY j.seq_nr LIMIT $8) e"
          + " ORDER BY i.place, e.seq_nr LIMIT $8) r"
          + " WINDOW walk AS (ORDER BY r.place, r.seq_nr)) weighed"
          + " WHERE number = 1 OR bytes <= $9 ORDER BY number";

  private final RebuildConnection connection;
  private final PageApplication application;
  private final List<Log> logs;
  private final int range;
  private final Tally tally;
  private final Map<String, Long> folded = new HashMap<>();
  private final Set<String> differing = new HashSet<>();
  private FeedKey upTo = new FeedKey(0, "", 0);

  /** Hears what is done as soon as it is committed: the rest of a batch may be done anew. */
  interface Tally {
    void folded(int events);

    void mended(Mended rows);
  }

  /**
   * @param logs of one range
   */
  RebuildBatch(
      RebuildConnection connection, PageApplication application, List<Log> logs, Tally tally) {
    this.connection = connection;
    this.application = application;
    this.logs = List.copyOf(logs);
    this.range = logs.get(0).range();
    this.tally = tally;
  }

  /**
   * Does it, and returns how many messages the conversations hold.
   *
   * <p>Fails with an {@link OffsetMovedException} when the offset was put back meanwhile, and with
   * a {@link PoisonException} at a log that can't be folded; both leave a shadow to be cleared.
   */
  long run() throws InterruptedException {
    upTo = connection.inShadow(steps -> offset(steps, OFFSET));
    foldToOffset();
    long head = logs.stream().mapToLong(Log::head).max().orElse(0);
    long from = Long.MIN_VALUE;
    for (long to = PAGE_ROWS; to < head; to += PAGE_ROWS) {
      mend(new Window(from, to));
      from = to;
    }
    mend(new Window(from, Long.MAX_VALUE));
    return connection.inShadow(this::messages);
  }

  /** Places of a log past one and up to another. */
  private record Window(long from, long to) {
    boolean isLast() {
      return to == Long.MAX_VALUE;
    }
  }

  /** How a transaction under the lock ended. */
  private record Step(FeedKey offset, List<FeedRow> caughtUp, Mended mended, State state) {}

  private enum State {
    /** The feed had applied too much since; nothing is written. */
    BEHIND,
    /** There is more to write in this window. */
    MORE,
    DONE
  }

  private void foldToOffset() throws InterruptedException {
    while (true) {
      List<FeedRow> rows =
          connection.inShadow(
              steps -> {
                List<FeedRow> page = page(steps, upTo, PAGE_ROWS, PAGE_BYTES);
                fold(steps, page);
                return page;
              });
      committed(rows);
      if (rows.isEmpty()) {
        return;
      }
    }
  }

  private void mend(Window window) throws InterruptedException {
    while (true) {
      Step step = connection.inBoth(steps -> mend(steps, window));
      upTo = step.offset;
      if (step.state == State.BEHIND) {
        foldToOffset();
        continue;
      }
      committed(step.caughtUp);
      tally.mended(step.mended);
      if (step.state == State.DONE) {
        return;
      }
    }
  }

  private void committed(List<FeedRow> rows) {
    rows.forEach(row -> folded.merge(row.key().persistenceId(), row.key().seqNr(), Math::max));
    tally.folded(rows.size());
  }

  private Step mend(Steps steps, Window window) {
    FeedKey offset = offset(steps, LOCKED_OFFSET);
    List<FeedRow> rows = page(steps, offset, CATCH_UP_ROWS + 1, Long.MAX_VALUE);
    if (rows.size() > CATCH_UP_ROWS) {
      return new Step(offset, List.of(), Mended.NOTHING, State.BEHIND);
    }
    fold(steps, rows);
    Mended mended = Mended.NOTHING;
    boolean more = false;
    for (ReadSideTable table : ReadSideTable.BY_SEQ) {
      MendStatements statements = connection.statements(table);
      List<String> gone = changed(steps, statements.deleteUnknown(), window);
      List<String> written = changed(steps, statements.writeDiffering(), window);
      differing.addAll(gone);
      differing.addAll(written);
      mended = mended.andRows(table, (long) gone.size() + written.size());
      more |= Math.max(gone.size(), written.size()) == MendStatements.STEP_ROWS;
    }
    if (more) {
      return new Step(offset, rows, mended, State.MORE);
    }
    if (window.isLast()) {
      RebuiltSummaries summaries = new RebuiltSummaries(connection, steps, logs);
      mended = mended.and(summaries.mend(differing));
    }
    return new Step(offset, rows, mended, State.DONE);
  }

  private FeedKey offset(Steps steps, String sql) {
    List<FeedKey> found =
        steps.query(
            sql,
            statement ->
                statement
                    .bind(0, range)
                    .bind(1, upTo.position())
                    .bind(2, upTo.persistenceId())
                    .bind(3, upTo.seqNr()),
            row -> {
              if (!requireNonNull(row.get("onward", Boolean.class))) {
                throw new OffsetMovedException();
              }
              return new FeedKey(
                  requireNonNull(row.get("feed_position", Long.class)),
                  requireNonNull(row.get("persistence_id", String.class)),
                  requireNonNull(row.get("seq_nr", Long.class)));
            });
    if (found.isEmpty()) {
      throw new RebuildRefusedException(
          "The table feed_offset has lost its row of range "
              + range
              + ", so the feed stands still there. Put it back (INSERT INTO feed_offset (range)"
              + " VALUES ("
              + range
              + ");), let the feed come through, and run ./parley rebuild again.");
    }
    return found.get(0);
  }

  private List<FeedRow> page(Steps steps, FeedKey offset, int limit, long bytes) {
    int[] places = new int[logs.size()];
    String[] ids = new String[logs.size()];
    long[] seqs = new long[logs.size()];
    for (int i = 0; i < places.length; i++) {
      places[i] = i;
      ids[i] = logs.get(i).persistenceId();
      seqs[i] = folded.getOrDefault(ids[i], 0L);
    }
    Consumer<io.r2dbc.spi.Statement> binding =
        statement ->
            statement
                .bind(0, BinaryArray.ofInts(places))
                .bind(1, BinaryArray.ofTexts(ids))
                .bind(2, BinaryArray.ofLongs(seqs))
                .bind(3, range)
                .bind(4, offset.position())
                .bind(5, offset.persistenceId())
                .bind(6, offset.seqNr())
                .bind(7, limit)
                .bind(8, bytes);
    return steps.query(PAGE, binding, FeedRow::of);
  }

  private void fold(Steps steps, List<FeedRow> rows) {
    if (!rows.isEmpty()) {
      Steps.result(application.fold(steps.transaction(), rows));
    }
  }

  private List<String> changed(Steps steps, String sql, Window window) {
    return steps.query(
        sql,
        statement -> statement.bind(0, conversations()).bind(1, window.from).bind(2, window.to),
        row -> requireNonNull(row.get(0, String.class)));
  }

  private long messages(Steps steps) {
    return steps
        .query(
            "SELECT count(*) FROM pg_temp.message WHERE conversation_id = ANY($1)",
            statement -> statement.bind(0, conversations()),
            row -> requireNonNull(row.get(0, Long.class)))
        .get(0);
  }

  private BinaryArray conversations() {
    return BinaryArray.ofTexts(logs.stream().map(Log::conversation).toArray(String[]::new));
  }
}

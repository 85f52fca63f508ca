package io.parley.metrics;

import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Timer;
import io.parley.journal.JournalActivity;
import io.parley.journal.JournalCounters;
import io.parley.journal.JournalMeters;
import java.util.concurrent.TimeUnit;
import java.util.function.ToLongFunction;

/** The journal: what it counts itself, and how long it takes. */
final class JournalFigures implements JournalMeters {
  private final Timer persist;
  private final Timer statement;
  private final DistributionSummary batchRows;

  private JournalFigures(Board board) {
    this.persist = board.timer(Figure.PERSIST);
    this.statement = board.timer(Figure.STATEMENT);
    this.batchRows = board.summary(Figure.BATCH);
  }

  static void of(JournalActivity activity, Board board) {
    activity.measure(new JournalFigures(board));
    board.counted(Figure.JOURNAL_ROWS, () -> activity.counters().rows());
    board.gauge(Figure.JOURNAL_QUEUED_ROWS, () -> activity.counters().queuedRows());
    board.gauge(Figure.JOURNAL_QUEUED_BYTES, () -> activity.counters().queuedBytes());
    board.gauge(Figure.JOURNAL_IN_FLIGHT, () -> activity.counters().batchesInFlight());
    failures(activity, board, "rejected", JournalCounters::rejected);
    failures(activity, board, "dropped", JournalCounters::dropped);
    failures(activity, board, "fenced", JournalCounters::conflicts);
    failures(activity, board, "unknown", JournalCounters::unknown);
    failures(activity, board, "failed", JournalCounters::failed);
  }

  private static void failures(
      JournalActivity activity,
      Board board,
      String reason,
      ToLongFunction<JournalCounters> counter) {
    board.counted(
        Figure.JOURNAL_FAILURES, () -> counter.applyAsLong(activity.counters()), "reason", reason);
  }

  @Override
  public void appended(int rows, long nanos) {
    batchRows.record(rows);
    statement.record(nanos, TimeUnit.NANOSECONDS);
  }

  @Override
  public void stored(long nanos) {
    persist.record(nanos, TimeUnit.NANOSECONDS);
  }
}

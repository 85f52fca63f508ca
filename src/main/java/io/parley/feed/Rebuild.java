package io.parley.feed;

import io.parley.database.Database;
import io.parley.database.DatabaseException;
import io.parley.database.DatabaseException.OutcomeUnknown;
import io.parley.database.DatabaseException.Unavailable;
import io.parley.feed.LogIds.Counted;
import io.parley.feed.LogIds.Log;
import io.parley.feed.LogIds.Stretch;
import io.parley.feed.RebuildReport.Mended;
import io.parley.model.Limits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ForkJoinPool;
import java.util.function.Consumer;

/**
 * Makes the read side what the journal says, conversation by conversation, while the cluster runs.
 *
 * <p>Each conversation is folded anew beside what stands there, and only what differs is written,
 * so that a reader never sees less than there is; see {@link RebuildBatch} for why the feed may go
 * on meanwhile. Every transaction leaves the read side sound: it may be cut off anywhere, and run
 * again from the beginning.
 */
public final class Rebuild {
  private static final int LOGS_AT_ONCE = 1_000;
  private static final int BATCH_LOGS = 100;

  /** The shadow is emptied after so many: what is left in it costs only its place. */
  private static final int EVENTS_UNTIL_CLEARED = 50_000;

  /** Of one batch; with the pauses between them, the database may be away for about a minute. */
  private static final int TRIES = 20;

  private static final int TRIES_OF_REFUSED = 4;
  private static final Duration PAUSE = Duration.ofMillis(500);
  private static final int LONGEST_PAUSE = 8;

  private final RebuildConnection connection;
  private final PageApplication application;
  private final Consumer<RebuildProgress> progress;
  private final List<String> unfoldable = new ArrayList<>();
  private long conversations;
  private long total;
  private long events;
  private long messages;
  private long sinceCleared;
  private Mended mended = Mended.NOTHING;

  private Rebuild(
      RebuildConnection connection,
      PageApplication application,
      Consumer<RebuildProgress> progress) {
    this.connection = connection;
    this.application = application;
    this.progress = progress;
  }

  /**
   * Rebuilds all of it, in the caller's thread.
   *
   * @param database of one connection, for this alone
   * @param progress called after each transaction or two
   * @throws RebuildRefusedException when another one runs, or something is in the way
   * @throws DatabaseException when the database is away for more than a minute, or refuses
   */
  public static RebuildReport run(
      Database database, FeedSettings settings, Consumer<RebuildProgress> progress)
      throws InterruptedException {
    long startedNanos = System.nanoTime();
    try (RebuildConnection connection = new RebuildConnection(database)) {
      PageApplication application =
          new PageApplication(database, ForkJoinPool.commonPool(), Limits.PREVIEW_CODE_POINTS);
      Rebuild rebuild = new Rebuild(connection, application, progress);
      rebuild.all();
      return rebuild.report(Duration.ofNanos(System.nanoTime() - startedNanos));
    }
  }

  private RebuildReport report(Duration took) {
    return new RebuildReport(conversations, events, messages, mended, unfoldable, took);
  }

  private void all() throws InterruptedException {
    connection.prepare();
    total = count();
    Optional<String> after = Optional.of("");
    while (after.isPresent()) {
      String from = after.get();
      after = stretch(steps -> LogIds.inJournal(steps, from, LOGS_AT_ONCE));
    }
    for (ReadSideTable table : ReadSideTable.BY_CONVERSATION) {
      orphans(table);
    }
  }

  private void orphans(ReadSideTable table) throws InterruptedException {
    Optional<String> after = Optional.of("");
    while (after.isPresent()) {
      String from = after.get();
      after =
          stretch(steps -> LogIds.orphans(steps, connection.statements(table), from, LOGS_AT_ONCE));
    }
  }

  private long count() throws InterruptedException {
    long ids = 0;
    String after = "";
    while (true) {
      String from = after;
      Counted counted = insisting(() -> connection.inShadow(steps -> LogIds.count(steps, from)));
      ids += counted.ids();
      if (counted.isAll()) {
        return ids;
      }
      after = counted.last();
    }
  }

  private interface Walk {
    Stretch next(Steps steps);
  }

  /** Reads some ids and does their batches; returns where to go on. */
  private Optional<String> stretch(Walk walk) throws InterruptedException {
    Stretch stretch = insisting(() -> connection.inShadow(walk::next));
    Map<Integer, List<Log>> byRange = new TreeMap<>();
    for (Log log : stretch.logs()) {
      byRange.computeIfAbsent(log.range(), range -> new ArrayList<>()).add(log);
    }
    for (List<Log> logs : byRange.values()) {
      for (List<Log> batch : batches(logs)) {
        rebuild(batch);
      }
    }
    return stretch.last();
  }

  /** Of about a page of events each; a long log has a batch of its own. */
  static List<List<Log>> batches(List<Log> logs) {
    List<List<Log>> batches = new ArrayList<>();
    List<Log> open = new ArrayList<>();
    long size = 0;
    for (Log log : logs) {
      if (!open.isEmpty()
          && (open.size() == BATCH_LOGS || size + log.head() > RebuildBatch.PAGE_ROWS)) {
        batches.add(List.copyOf(open));
        open.clear();
        size = 0;
      }
      open.add(log);
      size += log.head();
    }
    if (!open.isEmpty()) {
      batches.add(List.copyOf(open));
    }
    return batches;
  }

  private void rebuild(List<Log> batch) throws InterruptedException {
    List<Log> left = new ArrayList<>(batch);
    while (!left.isEmpty()) {
      try {
        messages += insisting(() -> new RebuildBatch(connection, application, left, tally()).run());
        break;
      } catch (PoisonException e) {
        unfoldable.add(String.valueOf(e.getMessage()));
        if (!left.removeIf(log -> log.persistenceId().equals(e.persistenceId()))) {
          throw e;
        }
        insisting(this::cleared);
      }
    }
    conversations += left.stream().filter(log -> log.head() > 0).count();
    tell();
    if (sinceCleared > EVENTS_UNTIL_CLEARED) {
      insisting(this::cleared);
    }
  }

  private boolean cleared() throws InterruptedException {
    connection.clear();
    sinceCleared = 0;
    return true;
  }

  private RebuildBatch.Tally tally() {
    return new RebuildBatch.Tally() {
      @Override
      public void folded(int count) {
        events += count;
        sinceCleared += count;
        tell();
      }

      @Override
      public void mended(Mended rows) {
        mended = mended.and(rows);
      }
    };
  }

  private void tell() {
    progress.accept(new RebuildProgress(conversations, Math.max(total, conversations), events));
  }

  private interface Attempt<T> {
    T run() throws InterruptedException;
  }

  /**
   * Tries again, from an empty shadow, what failed for a reason that may pass: the database away, a
   * connection closed for its age, a deadlock, the offset put back.
   */
  private <T> T insisting(Attempt<T> attempt) throws InterruptedException {
    for (int failures = 1; ; failures++) {
      try {
        if (failures > 1) {
          connection.prepare();
          sinceCleared = 0;
        }
        return attempt.run();
      } catch (DatabaseException | OffsetMovedException e) {
        boolean mayPass = e instanceof Unavailable || e instanceof OutcomeUnknown;
        if (failures >= (mayPass ? TRIES : TRIES_OF_REFUSED)) {
          throw e;
        }
        Thread.sleep(PAUSE.toMillis() * Math.min(failures, LONGEST_PAUSE));
      }
    }
  }
}

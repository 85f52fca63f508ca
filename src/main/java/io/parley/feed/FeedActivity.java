package io.parley.feed;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** What the feed's workers of this node have done since it started. One for all of them. */
public final class FeedActivity {
  private final LongAdder rows = new LongAdder();
  private final LongAdder pages = new LongAdder();
  private final LongAdder failures = new LongAdder();
  private final LongAdder overtaken = new LongAdder();
  private final LongAdder poison = new LongAdder();
  private final LongAdder erased = new LongAdder();
  private final LongAdder noticesDropped = new LongAdder();
  private final Map<Integer, WatermarkWatch.Look> looks = new ConcurrentHashMap<>();
  private final Map<Integer, String> stopped = new ConcurrentHashMap<>();

  /**
   * A moment's figures.
   *
   * @param rows applied
   * @param pages applied
   * @param failures of rounds that were tried again
   * @param overtaken rounds that another worker had done already
   * @param poison how often a row couldn't be applied
   * @param erased texts overwritten in the journal
   * @param noticesDropped people who weren't told; versions make up for it
   * @param waits what the workers of this node saw when they looked last; empty when there are
   *     none, or they can't look
   * @param stoppedRanges ranges that stand before a row that can't be applied, and which it is
   */
  public record Figures(
      long rows,
      long pages,
      long failures,
      long overtaken,
      long poison,
      long erased,
      long noticesDropped,
      Optional<Waits> waits,
      Map<Integer, String> stoppedRanges) {
    public Figures {
      stoppedRanges = Map.copyOf(stoppedRanges);
    }
  }

  /**
   * What waits, as of a few seconds ago.
   *
   * @param behind age of the oldest committed row that isn't applied, by PostgreSQL's clock
   * @param rows committed and not applied; counted to 1,000 a range
   * @param erasures texts to be overwritten; counted to 1,000 a worker
   * @param oldestWrite how long the oldest transaction that writes has been open, on all of that
   *     PostgreSQL
   */
  public record Waits(Duration behind, long rows, long erasures, Duration oldestWrite) {
    static Waits of(WatermarkWatch.Look look) {
      Duration oldest = look.holder().map(WatermarkWatch.Holder::age).orElse(Duration.ZERO);
      return new Waits(look.behind(), look.waiting(), look.erasures(), oldest);
    }

    Waits and(Waits other) {
      return new Waits(
          max(behind, other.behind),
          rows + other.rows,
          erasures + other.erasures,
          max(oldestWrite, other.oldestWrite));
    }

    private static Duration max(Duration one, Duration other) {
      return one.compareTo(other) > 0 ? one : other;
    }
  }

  public Figures figures() {
    return new Figures(
        rows.sum(),
        pages.sum(),
        failures.sum(),
        overtaken.sum(),
        poison.sum(),
        erased.sum(),
        noticesDropped.sum(),
        looks.values().stream().map(Waits::of).reduce(Waits::and),
        stopped);
  }

  void applied(int count) {
    pages.increment();
    rows.add(count);
  }

  void failed() {
    failures.increment();
  }

  void overtaken() {
    overtaken.increment();
  }

  void poisoned(int range, String reason) {
    poison.increment();
    stopped.put(range, reason);
  }

  void wentOn(int range) {
    stopped.remove(range);
  }

  void erased(int count) {
    erased.add(count);
  }

  void noticesDropped(long count) {
    noticesDropped.add(count);
  }

  void looked(int worker, WatermarkWatch.Look look) {
    looks.put(worker, look);
  }

  /** An old look is worth nothing to whoever relies on it. */
  void lookFailed(int worker) {
    looks.remove(worker);
  }

  /** A worker leaves this node: what it knew is another's to tell. */
  void left(int worker, Iterable<Integer> ranges) {
    looks.remove(worker);
    ranges.forEach(stopped::remove);
  }
}

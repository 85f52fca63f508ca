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
  private final Map<Integer, Duration> behind = new ConcurrentHashMap<>();
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
   * @param behind age of the oldest committed row that isn't applied, by PostgreSQL's clock; empty
   *     while no worker of this node has looked
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
      Optional<Duration> behind,
      Map<Integer, String> stoppedRanges) {
    public Figures {
      stoppedRanges = Map.copyOf(stoppedRanges);
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
        behind.values().stream().max(Duration::compareTo),
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

  void behind(int worker, Duration age) {
    behind.put(worker, age);
  }

  /** A worker leaves this node: what it knew is another's to tell. */
  void left(int worker, Iterable<Integer> ranges) {
    behind.remove(worker);
    ranges.forEach(stopped::remove);
  }
}

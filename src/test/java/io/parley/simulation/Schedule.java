package io.parley.simulation;

import java.util.Comparator;
import java.util.PriorityQueue;

/** Virtual time: what is due is done in order of time, then of asking; nothing else happens. */
final class Schedule {
  private record Due(long at, long ordinal, Runnable what) {}

  private final PriorityQueue<Due> due =
      new PriorityQueue<>(Comparator.comparingLong(Due::at).thenComparingLong(Due::ordinal));
  private long now;
  private long ordinal;
  private long steps;

  /** Milliseconds since the world began. */
  long now() {
    return now;
  }

  long steps() {
    return steps;
  }

  void in(long millis, Runnable what) {
    at(now + millis, what);
  }

  void at(long millis, Runnable what) {
    due.add(new Due(Math.max(millis, now), ordinal++, what));
  }

  /** Does what is due next, unless that is later than {@code until}. */
  boolean step(long until) {
    Due next = due.peek();
    if (next == null || next.at() > until) {
      now = until;
      return false;
    }
    due.remove();
    now = next.at();
    steps++;
    next.what().run();
    return true;
  }
}

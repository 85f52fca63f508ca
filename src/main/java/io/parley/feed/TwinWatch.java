package io.parley.feed;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Notices that a range isn't where this worker left it: another one, thought dead, has moved it on,
 * or a page of this one was applied though the answer got lost. Whoever applied it may have told
 * nobody, and the next page begins behind it as if nothing had been.
 *
 * <p>For rounds, of which one is under way at a time.
 */
final class TwinWatch {
  private final Map<Integer, FeedKey> left = new ConcurrentHashMap<>();
  private volatile boolean moved;

  /** A range stands here, and counts as left here from now on. */
  void look(int range, FeedKey offset) {
    FeedKey before = left.put(range, offset);
    if (before != null && !before.equals(offset)) {
      moved = true;
    }
  }

  /** This worker has moved the range to here. */
  void leave(int range, FeedKey offset) {
    left.put(range, offset);
  }

  /** Whether one was found elsewhere since this was asked last. */
  boolean takeMoved() {
    boolean taken = moved;
    moved = false;
    return taken;
  }
}

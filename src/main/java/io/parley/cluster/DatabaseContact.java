package io.parley.cluster;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * When PostgreSQL answered this node last, and since when it has answered others but not this one.
 * Pure, but for the clock that it is given. Not thread-safe.
 *
 * <p>That another node has an answer and this one hasn't is no proof by itself: when PostgreSQL
 * comes back to all of them, one is always the first. Only a difference that lasts is one.
 */
final class DatabaseContact {
  /** An answer of this age says that PostgreSQL is there. */
  static final Duration LATELY = Duration.ofSeconds(5);

  /** Others answered and this one not, for so long: this node is the one that is cut off. */
  static final Duration CUT_OFF_AFTER = Duration.ofSeconds(15);

  private final LongSupplier nanoClock;
  private long answeredNanos;
  private long othersSinceNanos;
  private long othersAnsweredNanos;

  /**
   * @param nanoClock as {@link System#nanoTime}: a time that never jumps
   */
  DatabaseContact(LongSupplier nanoClock) {
    this.nanoClock = nanoClock;
    answered();
  }

  /** PostgreSQL has answered this node. */
  void answered() {
    answeredNanos = nanoClock.getAsLong();
    othersAnsweredNanos = answeredNanos - LATELY.toNanos() - 1;
  }

  /** Another node says that PostgreSQL has answered it lately. */
  void answeredAnother() {
    if (!isLately(othersAnsweredNanos)) {
      othersSinceNanos = nanoClock.getAsLong();
    }
    othersAnsweredNanos = nanoClock.getAsLong();
  }

  /** Whether PostgreSQL has answered this node lately. */
  boolean isThere() {
    return isLately(answeredNanos);
  }

  /** Whether this node alone is out of PostgreSQL's reach, so that the others had better go on. */
  boolean isCutOff() {
    return !isThere()
        && isLately(othersAnsweredNanos)
        && since(othersSinceNanos) >= CUT_OFF_AFTER.toNanos();
  }

  private boolean isLately(long nanos) {
    return since(nanos) <= LATELY.toNanos();
  }

  private long since(long nanos) {
    return nanoClock.getAsLong() - nanos;
  }
}

package io.parley.session;

import java.time.Duration;
import java.util.OptionalLong;

/** Whether its user has attached a session, and how long to wait for that. Pure. */
final class Attachment {
  /** For an answer of the user; the session goes live without it then, and asks again. */
  static final Duration WITHIN = Duration.ofSeconds(1);

  /** Further questions come in longer and longer intervals, up to this. */
  static final Duration AGAIN_AT_MOST = Duration.ofSeconds(4);

  /**
   * All in all about half a minute, twice what it takes to find a lost node's users elsewhere. Then
   * it is this node that nobody is reached from, and the client had better try another.
   */
  static final int TRIES = 9;

  private OptionalLong incarnation = OptionalLong.empty();
  private int tries;

  boolean isMade() {
    return incarnation.isPresent();
  }

  /**
   * The user has answered. Returns whether that incarnation of it hadn't attached the session
   * before: what was told to others of its incarnations may have missed it.
   */
  boolean made(long by) {
    boolean isNew = incarnation.isEmpty() || incarnation.getAsLong() != by;
    incarnation = OptionalLong.of(by);
    return isNew;
  }

  /** The user hasn't answered in time. Returns whether it is worth another try. */
  boolean missed() {
    return ++tries < TRIES;
  }

  /** For the answer to the next question. */
  Duration within() {
    return within(tries);
  }

  static Duration within(int missed) {
    Duration doubled = WITHIN.multipliedBy(1L << Math.min(missed, 8));
    return doubled.compareTo(AGAIN_AT_MOST) < 0 ? doubled : AGAIN_AT_MOST;
  }
}

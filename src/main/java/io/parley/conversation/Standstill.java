package io.parley.conversation;

import java.time.Duration;

/**
 * Notices that a conversation only ever says {@code out_of_order} while nothing is stored. Either a
 * client is wrong, or this life is stale: an older life, on a node that was paused or cut off,
 * stored something after this one was recovered. A write would run into that and set it right, but
 * clients that know of the newer numbers never send one that is taken. So after a while the
 * conversation stops, and is recovered with the next command.
 *
 * <p>A clock that jumps costs a recovery or delays one; a client that does it on purpose costs its
 * own conversation one recovery in so long.
 */
final class Standstill {
  /** Longer than a question that was lost takes to be asked again. */
  static final Duration LIMIT = Duration.ofSeconds(6);

  private long head = -1;
  private long sinceMillis;

  /** Another one was answered out of order; whether that has gone on for too long at one head. */
  boolean outOfOrder(long atHead, long nowMillis) {
    if (atHead != head) {
      head = atHead;
      sinceMillis = nowMillis;
    }
    return Math.abs(nowMillis - sinceMillis) >= LIMIT.toMillis();
  }
}

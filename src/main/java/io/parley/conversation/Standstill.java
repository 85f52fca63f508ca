package io.parley.conversation;

/**
 * Notices that a conversation only ever says {@code out_of_order} while nothing is stored. Either a
 * client is wrong, or this life is stale: an older life, on a node that was paused or cut off,
 * stored something after this one was recovered. A write would run into that and set it right, but
 * clients that know of the newer numbers never send one that is taken. So after a while the
 * conversation stops, and is recovered with the next command.
 *
 * <p>Counts answers, not time: no clock is to be trusted here. A client that does it on purpose
 * costs its own conversation one recovery in so many requests.
 */
final class Standstill {
  /** A whole window of a client that goes back n; one lost operation holds up one less. */
  static final int LIMIT = 8;

  private long head;
  private int count;

  /** Another one was answered out of order; whether that is too many at one head. */
  boolean outOfOrder(long atHead) {
    count = atHead == head ? count + 1 : 1;
    head = atHead;
    return count >= LIMIT;
  }
}

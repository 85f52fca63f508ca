package io.parley.model;

/**
 * The key under which one person retries one operation in one conversation.
 *
 * @param outbox the ordinal of the queue it came from, minted per person by the server, from 1
 * @param n its place in that queue for this conversation, from 1
 */
public record OutboxNumber(long outbox, long n) {
  public OutboxNumber {
    if (outbox < 1 || n < 1) {
      throw new IllegalArgumentException("outbox and n count from 1");
    }
  }
}

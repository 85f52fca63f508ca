package io.parley.bench;

/** The way from one person to another in one conversation, and what went over it so far. */
final class Lane {
  /** More than may be in flight. */
  private static final int REMEMBERED = 16;

  private final int number;
  private final int from;
  private final int to;
  private final long[] sentNanos = new long[REMEMBERED];
  private long sent;
  private long accepted;

  Lane(int number, int from, int to) {
    this.number = number;
    this.from = from;
    this.to = to;
  }

  int number() {
    return number;
  }

  int from() {
    return from;
  }

  int to() {
    return to;
  }

  long sent() {
    return sent;
  }

  /** All up to this number were accepted. */
  long accepted() {
    return accepted;
  }

  int inFlight() {
    return (int) (sent - accepted);
  }

  /** The number of the next message. */
  long next() {
    sent++;
    sentNanos[(int) (sent % REMEMBERED)] = System.nanoTime();
    return sent;
  }

  /** When one of the last ones was sent. */
  long sentNanos(long n) {
    return sentNanos[(int) (n % REMEMBERED)];
  }

  void accept(long n) {
    accepted = n;
  }
}

package io.parley.bench;

/** The way from one person to another in one conversation, and what went over it so far. */
final class Lane {
  /**
   * No more may be unanswered: so many are told apart of those accepted past the first that isn't.
   */
  static final int REMEMBERED = Long.SIZE;

  private final int number;
  private final int from;
  private final int to;
  private final long[] sentNanos = new long[REMEMBERED];
  private long sent;
  private long accepted;
  private long marked;

  /** Those accepted past the first that isn't yet: bit 0 stands for the one after that. */
  private long ahead;

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
    return (int) (sent - accepted) - Long.bitCount(ahead);
  }

  /** The addressee has said that all up to this sequence number was read. */
  void mark(long seq) {
    marked = Math.max(marked, seq);
  }

  /** The highest of those. */
  long marked() {
    return marked;
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

  /**
   * Answers of a conversation at another node may overtake each other. False for one that was
   * accepted before, or wasn't sent.
   */
  boolean accept(long n) {
    if (n <= accepted || n > sent) {
      return false;
    }
    if (n > accepted + 1) {
      long bit = 1L << (n - accepted - 2);
      boolean isNew = (ahead & bit) == 0;
      ahead |= bit;
      return isNew;
    }
    accepted++;
    while ((ahead & 1) == 1) {
      accepted++;
      ahead >>>= 1;
    }
    ahead >>>= 1;
    return true;
  }
}

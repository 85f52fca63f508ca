package io.parley.conversation;

import java.util.Arrays;

/**
 * What a conversation remembers of one outbox: the last number used, and for it and the few before
 * it the sequence number that each was stored under, or {@link #NOT_STORED}.
 *
 * <p>Immutable. The window is as long as what a client may have in flight, so that the retries of a
 * whole window are answered from memory; an older number is looked for in the log.
 */
final class Numbers {
  /** As many as {@code inFlight}: a client that goes back n never retries further back. */
  static final int WINDOW = 8;

  static final long NOT_STORED = 0;
  static final Numbers NONE = new Numbers(0, new long[0]);

  private final long last;

  /** Where each of the last numbers is stored, newest first: {@code seqs[i]} is for last - i. */
  private final long[] seqs;

  private Numbers(long last, long[] seqs) {
    this.last = last;
    this.seqs = seqs;
  }

  /** As a snapshot holds it; the newest first, at most {@link #WINDOW}. */
  static Numbers restored(long last, long[] seqs) {
    return new Numbers(last, Arrays.copyOf(seqs, Math.min(seqs.length, WINDOW)));
  }

  long last() {
    return last;
  }

  long[] seqs() {
    return seqs.clone();
  }

  boolean remembers(long n) {
    return n <= last && n > last - seqs.length;
  }

  /** Where a remembered number is stored, or {@link #NOT_STORED}. */
  long seqOf(long n) {
    return seqs[Math.toIntExact(last - n)];
  }

  /** Uses a number for an event. Numbers passed over on the way were spent. */
  Numbers used(long n, long seq) {
    if (n <= last) {
      throw new IllegalArgumentException("number " + n + " was used; the last is " + last);
    }
    int passed = (int) Math.min(n - last, WINDOW);
    long[] moved = new long[(int) Math.min(n, WINDOW)];
    Arrays.fill(moved, NOT_STORED);
    int kept = Math.min(seqs.length, moved.length - passed);
    if (kept > 0) {
      System.arraycopy(seqs, 0, moved, passed, kept);
    }
    moved[0] = seq;
    return new Numbers(n, moved);
  }

  /** Uses a number for nothing. */
  Numbers spent(long n) {
    return used(n, NOT_STORED);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Numbers that && last == that.last && Arrays.equals(seqs, that.seqs);
  }

  @Override
  public int hashCode() {
    return 31 * Long.hashCode(last) + Arrays.hashCode(seqs);
  }

  @Override
  public String toString() {
    return last + Arrays.toString(seqs);
  }
}

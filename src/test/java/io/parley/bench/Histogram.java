package io.parley.bench;

/**
 * Counts of values from 0 to any long, each kept to less than 1 % of itself: 128 buckets between a
 * power of two and the next. Memory is fixed, and recording costs a few instructions.
 */
final class Histogram {
  private static final int PRECISION_BITS = 7;
  private static final int BUCKETS = 1 << PRECISION_BITS;

  private final long[] counts = new long[(Long.SIZE - PRECISION_BITS) * BUCKETS];
  private long total;

  void record(long value) {
    counts[indexOf(Math.max(0, value))]++;
    total++;
  }

  long total() {
    return total;
  }

  /**
   * The value that so many percent don't exceed, too high by less than 1 %; 0 when nothing was
   * recorded.
   */
  long percentile(double percent) {
    long wanted = Math.max(1, (long) Math.ceil(total * percent / 100));
    long seen = 0;
    for (int i = 0; i < counts.length; i++) {
      seen += counts[i];
      if (seen >= wanted) {
        return highestOf(i);
      }
    }
    return 0;
  }

  private static int indexOf(long value) {
    int shift = Math.max(0, Long.SIZE - Long.numberOfLeadingZeros(value) - PRECISION_BITS - 1);
    return shift * BUCKETS + (int) (value >>> shift);
  }

  /** The highest value of a bucket; those of the first two rows are exact. */
  private static long highestOf(int index) {
    int shift = Math.max(0, index / BUCKETS - 1);
    long mantissa = index - (long) shift * BUCKETS;
    return ((mantissa + 1) << shift) - 1;
  }
}

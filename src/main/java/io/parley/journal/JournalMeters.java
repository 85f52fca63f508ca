package io.parley.journal;

/**
 * Hears how long a node's journal takes, to measure it. Called on the thread that brings the
 * answer: it is quick, allocates nothing, and never throws.
 */
public interface JournalMeters {

  /** A statement with so many rows was on its way for so long, whatever came of it. */
  void appended(int rows, long nanos);

  /** A write is stored, so long after it came. */
  void stored(long nanos);

  /** Measures nothing. */
  JournalMeters NONE =
      new JournalMeters() {
        @Override
        public void appended(int rows, long nanos) {}

        @Override
        public void stored(long nanos) {}
      };
}

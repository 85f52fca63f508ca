package io.parley.campaign.check;

/**
 * A promise that was broken.
 *
 * @param kind lost, doubled, moved, gap, leak, untrue, late, unanswered: a column of the table
 * @param evidence a sentence that names what contradicts what
 */
public record Violation(Promise promise, Kind kind, String evidence) {

  /** What went wrong, in one word. */
  public enum Kind {
    LOST,
    DOUBLED,
    MOVED,
    GAP,
    LEAK,
    UNTRUE,
    LATE
  }

  @Override
  public String toString() {
    return promise.number() + " " + kind + ": " + evidence;
  }
}

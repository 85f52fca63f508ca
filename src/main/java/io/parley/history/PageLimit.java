package io.parley.history;

/**
 * Where a page ends: at whichever comes first, but never before its first event.
 *
 * @param bytes of the events as they are persisted; what they become on a wire is a little more
 */
public record PageLimit(int events, long bytes) {
  public PageLimit {
    if (events < 1 || bytes < 1) {
      throw new IllegalArgumentException("a page holds at least one event and one byte");
    }
  }
}

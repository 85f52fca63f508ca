package io.parley.feed;

/** Another worker applied these rows first: this one was paused, or the read side was emptied. */
final class OffsetMovedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  OffsetMovedException() {
    super("The feed has moved on under another worker");
  }
}

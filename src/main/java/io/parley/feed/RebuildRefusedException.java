package io.parley.feed;

/** The read side can't be rebuilt, or not to the end; says to an operator why, and what helps. */
public final class RebuildRefusedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public RebuildRefusedException(String message) {
    super(message);
  }

  public RebuildRefusedException(String message, Throwable cause) {
    super(message, cause);
  }
}

package io.parley.serialization;

/** Persisted bytes can't be read: their form is unknown to this node, or they are damaged. */
public final class PersistedFormatException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public PersistedFormatException(String message) {
    super(message);
  }

  public PersistedFormatException(String message, Throwable cause) {
    super(message, cause);
  }

  /** Most likely a newer node of a rolling upgrade wrote it. */
  public static PersistedFormatException unknown(String manifest) {
    return new PersistedFormatException(
        "The persisted form \"" + manifest + "\" is unknown here: a newer version wrote it");
  }
}

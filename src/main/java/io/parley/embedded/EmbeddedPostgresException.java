package io.parley.embedded;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;

/**
 * PostgreSQL could not be started or stopped; the message says to an operator why, and what helps.
 */
public final class EmbeddedPostgresException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  EmbeddedPostgresException(String message) {
    super(message);
  }

  EmbeddedPostgresException(String message, Throwable cause) {
    super(message, cause);
  }

  /**
   * Words for a file operation that failed.
   *
   * @param what the step, such as "unpack PostgreSQL"
   */
  static EmbeddedPostgresException of(String what, Path where, IOException cause) {
    String reason = reason(cause);
    if (isDiskFull(reason)) {
      return new EmbeddedPostgresException(diskFull(where), cause);
    }
    if (cause instanceof AccessDeniedException || reason.contains("Read-only file system")) {
      return new EmbeddedPostgresException(
          "Can't " + what + ": no permission to write in " + where + ". " + WRITABLE, cause);
    }
    return new EmbeddedPostgresException(
        "Can't " + what + " in " + where + ": " + reason + ". " + WRITABLE, cause);
  }

  static final String WRITABLE =
      "Give the account that runs Parley a folder of its own there, or name another"
          + " with PARLEY_DATA_DIR.";

  static String diskFull(Path where) {
    return "The disk that holds "
        + where
        + " is full. Nothing is lost: free some space and start again"
        + " (about 300 MB are needed beside the messages).";
  }

  static boolean isDiskFull(String text) {
    String lower = text.toLowerCase(Locale.ROOT);
    return lower.contains("no space left on device")
        || lower.contains("disk quota exceeded")
        || lower.contains("check free disk space");
  }

  private static String reason(IOException cause) {
    if (cause instanceof FileAlreadyExistsException) {
      return "something stands there that is no folder";
    }
    if (cause instanceof NoSuchFileException) {
      return "no such file or folder";
    }
    if (cause instanceof FileSystemException file && file.getReason() != null) {
      return file.getReason();
    }
    String message = cause.getMessage();
    return message == null ? cause.getClass().getSimpleName() : message;
  }
}

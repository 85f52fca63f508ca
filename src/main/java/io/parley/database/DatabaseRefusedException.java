package io.parley.database;

import java.util.List;

/** Parley can't start on this database; the message says to an operator why, and what helps. */
public final class DatabaseRefusedException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  DatabaseRefusedException(String message) {
    super(message);
  }

  DatabaseRefusedException(String message, Throwable cause) {
    super(message, cause);
  }

  /** All of the faults at once: an operator would rather restart a server once. */
  static DatabaseRefusedException of(DatabaseAddress address, List<String> faults) {
    String list =
        faults.size() == 1 ? " " + faults.get(0) : "\n  - " + String.join("\n  - ", faults);
    return new DatabaseRefusedException("Parley can't use the database " + address + ":" + list);
  }
}

package io.parley.database;

import io.parley.database.DatabaseException.ConstraintViolation;
import io.parley.database.DatabaseException.OutcomeUnknown;
import io.parley.database.DatabaseException.StatementRefused;
import io.parley.database.DatabaseException.Unavailable;
import io.r2dbc.postgresql.api.PostgresqlException;
import io.r2dbc.spi.R2dbcException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Tells from an error of the driver what became of the statement, and of its connection. */
final class Failures {

  /**
   * Classes of errors that end the session, or are the driver's own for a session that ended: the
   * commit may have come before. 08 connection, 57 operator, 58 system, XX internal.
   */
  private static final Set<String> SESSION_ENDED = Set.of("08", "57", "58", "XX");

  /** The statement was cancelled: by its time-out, or by hand. It was rolled back. */
  private static final String CANCELLED = "57014";

  /** Disk full, out of memory, too many locks: it was rolled back, and may go through later. */
  private static final String OUT_OF_RESOURCES = "53";

  private Failures() {}

  /** No statement was sent: there was no connection to send it on. */
  static DatabaseException beforeSending(Throwable error) {
    return error instanceof DatabaseException known
        ? known
        : new Unavailable("No connection to the database: " + reason(error), error);
  }

  /** A statement was sent, or was about to be. */
  static DatabaseException afterSending(Throwable error) {
    if (error instanceof DatabaseException known) {
      return known;
    }
    String state = sqlState(error);
    if (state == null || state.length() != 5) {
      return error instanceof IllegalArgumentException
          ? new StatementRefused("A value can't be bound: " + reason(error), error)
          : new OutcomeUnknown("No answer from the database: " + reason(error), error);
    }
    if (state.startsWith("23")) {
      String constraint =
          ((PostgresqlException) error).getErrorDetails().getConstraintName().orElse("");
      return new ConstraintViolation(state, constraint, error);
    }
    String reason = " (" + state + "): " + reason(error);
    if (state.equals(CANCELLED) || state.startsWith(OUT_OF_RESOURCES)) {
      return new Unavailable("The database gave up" + reason, error);
    }
    return SESSION_ENDED.contains(state.substring(0, 2))
        ? new OutcomeUnknown("The session with the database ended" + reason, error)
        : new StatementRefused("The database refused a statement" + reason, error);
  }

  /**
   * Whether the connection is in a known state: PostgreSQL answered the statement, and the session
   * goes on. Any other is closed; what its next answer would belong to is anyone's guess.
   */
  static boolean leavesConnectionUsable(Throwable error) {
    return !(error instanceof Unavailable)
        && !(error instanceof OutcomeUnknown)
        && sqlState(error instanceof DatabaseException ? error.getCause() : error) != null;
  }

  private static @Nullable String sqlState(@Nullable Throwable error) {
    return error instanceof PostgresqlException && error instanceof R2dbcException r2dbc
        ? r2dbc.getSqlState()
        : null;
  }

  private static String reason(Throwable error) {
    String message = error.getMessage();
    return message == null ? error.getClass().getSimpleName() : message;
  }
}

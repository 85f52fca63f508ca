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
   * Errors that PostgreSQL reports of itself, not of the statement. The statement was rolled back,
   * but the session ends with most of these: 57014 is the statement time-out.
   */
  private static final Set<String> SERVER_CLASSES = Set.of("08", "53", "57", "58", "XX");

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
    return SERVER_CLASSES.contains(state.substring(0, 2))
        ? new Unavailable("The database gave up (" + state + "): " + reason(error), error)
        : new StatementRefused(
            "The database refused a statement (" + state + "): " + reason(error), error);
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

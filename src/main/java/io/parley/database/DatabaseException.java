package io.parley.database;

/** How a statement or a transaction ended when it didn't succeed. */
public abstract sealed class DatabaseException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private DatabaseException(String message, Throwable cause) {
    super(message, cause);
  }

  /** A constraint of the schema said no: nothing was stored. */
  public static final class ConstraintViolation extends DatabaseException {
    private static final long serialVersionUID = 1L;
    private final String sqlState;
    private final String constraint;

    ConstraintViolation(String sqlState, String constraint, Throwable cause) {
      super("Constraint " + constraint + " is violated (" + sqlState + ")", cause);
      this.sqlState = sqlState;
      this.constraint = constraint;
    }

    /** Five characters of class 23: 23505 is unique, 23503 a foreign key, 23514 a check. */
    public String sqlState() {
      return sqlState;
    }

    /** The constraint's name, or empty where PostgreSQL names none. */
    public String constraint() {
      return constraint;
    }
  }

  /** PostgreSQL, or the binding of a value, refused the statement: nothing was stored. */
  public static final class StatementRefused extends DatabaseException {
    private static final long serialVersionUID = 1L;

    StatementRefused(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /** No connection, or no time: nothing was stored; later it may go through. */
  public static final class Unavailable extends DatabaseException {
    private static final long serialVersionUID = 1L;

    Unavailable(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /** It was sent and no answer came: stored or not, nobody here knows. */
  public static final class OutcomeUnknown extends DatabaseException {
    private static final long serialVersionUID = 1L;

    OutcomeUnknown(String message, Throwable cause) {
      super(message, cause);
    }
  }
}

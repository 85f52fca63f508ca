package io.parley.database;

import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Properties;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/** The one connection over which a database is looked at before anything else uses it. */
final class StartConnection {

  /** How {@link Restored} tells itself from a Parley that runs. */
  static final String APPLICATION_NAME = "parley start";

  private static final String STARTING_UP = "57P03";
  private static final Duration STARTING_PATIENCE = Duration.ofSeconds(60);
  private static final Duration STARTING_PAUSE = Duration.ofSeconds(1);
  private static final int TIMEOUT_SECONDS = 10;

  /** Held: a level that is set on a logger nobody holds is forgotten. */
  private static final Logger DRIVER = Logger.getLogger("org.postgresql");

  static {
    // What it has to say comes as an exception; it would print traces beside what we say of it.
    DRIVER.setLevel(Level.OFF);
  }

  private StartConnection() {}

  /**
   * Opens it; waits for a server that says it is only starting (it may be recovering).
   *
   * @throws DatabaseRefusedException when it can't be opened
   */
  static Connection open(DatabaseAddress address, Consumer<String> progress) {
    long deadlineNanos = System.nanoTime() + STARTING_PATIENCE.toNanos();
    while (true) {
      try {
        return DriverManager.getConnection(address.jdbcUrl(), properties(address));
      } catch (SQLException e) {
        if (!STARTING_UP.equals(e.getSQLState()) || System.nanoTime() > deadlineNanos) {
          throw new DatabaseRefusedException(explain(address, e), e);
        }
        progress.accept("The database is starting up: waiting");
        pause(e);
      }
    }
  }

  private static Properties properties(DatabaseAddress address) {
    Properties properties = new Properties();
    properties.setProperty("user", address.user());
    properties.setProperty("password", address.password());
    properties.setProperty("ApplicationName", APPLICATION_NAME);
    properties.setProperty("connectTimeout", Integer.toString(TIMEOUT_SECONDS));
    properties.setProperty("socketTimeout", Integer.toString(TIMEOUT_SECONDS));
    properties.setProperty("loginTimeout", Integer.toString(TIMEOUT_SECONDS));
    return properties;
  }

  /** Why it can't be opened, or broke, and what helps. */
  static String explain(DatabaseAddress address, SQLException e) {
    String state = String.valueOf(e.getSQLState());
    String where = address.host() + ":" + address.port();
    if (state.equals("28P01")) {
      return "PostgreSQL at "
          + where
          + " refuses the password of user "
          + address.user()
          + ". Correct it in PARLEY_DATABASE_URL.";
    }
    if (state.startsWith("28")) {
      return "PostgreSQL at " + where + " doesn't let us in: " + e.getMessage();
    }
    if (state.equals("3D000")) {
      return "There is no database "
          + address.name()
          + " at "
          + where
          + ". Create it: "
          + Preflight.createDatabase(address);
    }
    if (state.equals("53300")) {
      return "PostgreSQL at " + where + " has no connection left: raise its max_connections.";
    }
    return "Can't reach PostgreSQL at "
        + where
        + ": "
        + network(e)
        + " Check PARLEY_DATABASE_URL, and that PostgreSQL runs and listens there.";
  }

  private static String network(SQLException e) {
    for (@Nullable Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof UnknownHostException) {
        return "no such host.";
      }
      if (cause instanceof SocketTimeoutException) {
        return "no answer within " + TIMEOUT_SECONDS + " s.";
      }
      if (cause instanceof ConnectException) {
        return "the connection was refused.";
      }
    }
    return String.valueOf(e.getMessage()).replaceFirst("\\.*$", ".");
  }

  private static void pause(SQLException cause) {
    try {
      Thread.sleep(STARTING_PAUSE.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DatabaseRefusedException("Interrupted while the database was starting", cause);
    }
  }
}

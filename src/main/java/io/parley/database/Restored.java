package io.parley.database;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.function.Consumer;

/**
 * Begins another life of a database that was restored from a backup: {@code ./parley restored}.
 *
 * <p>In one transaction: a new epoch, so that clients drop what they hold of the life before; a new
 * base, so that positions of the feed go on rising although transaction ids start anew; and an
 * empty read side, which the feed fills again from the journal. The journal isn't touched.
 */
public final class Restored {

  private Restored() {}

  /**
   * Does it, or changes nothing; returns the new life.
   *
   * @param mending what makes the feed fold the journal anew; the feed's own statements, because
   *     this package doesn't know its tables
   * @throws DatabaseRefusedException when a Parley runs on the database, or it won't do
   */
  public static DatabaseLife begin(
      DatabaseAddress address, List<String> mending, Consumer<String> progress) {
    Preflight.checkRestored(address, progress);
    Migrations.apply(address);
    try (Connection connection = StartConnection.open(address, progress)) {
      requireNobody(connection, address);
      // Looking for the highest position reads an index of the whole journal.
      connection.setNetworkTimeout(Runnable::run, 0);
      connection.setAutoCommit(false);
      execute(connection, mending);
      raiseBase(connection);
      connection.commit();
      DatabaseLife life =
          DatabaseLife.read(connection)
              .orElseThrow(() -> new DatabaseRefusedException(address + " was never migrated"));
      connection.commit();
      return life;
    } catch (SQLException e) {
      throw new DatabaseRefusedException(
          "Nothing was changed in " + address + ": " + e.getMessage(), e);
    }
  }

  /** A node that runs would go on telling the old epoch. */
  private static void requireNobody(Connection connection, DatabaseAddress address)
      throws SQLException {
    String sql =
        """
        SELECT count(*) FROM pg_stat_activity
        WHERE datname = current_database() AND application_name LIKE 'parley%'
          AND pid <> pg_backend_pid()
        """;
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      if (row.getInt(1) > 0) {
        throw new DatabaseRefusedException(
            "A Parley is running on the database "
                + address
                + " ("
                + row.getInt(1)
                + " connections). Stop every node first. Nothing was changed.");
      }
    }
  }

  private static void execute(Connection connection, List<String> statements) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  private static void raiseBase(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      long base;
      // This transaction's id is below those of all rows to come, so they land past every old one.
      String sql =
          """
          SELECT greatest(0, coalesce(max(feed_position), 0)
                             - (pg_current_xact_id()::TEXT)::BIGINT + 1)
          FROM event_journal
          """;
      try (ResultSet row = statement.executeQuery(sql)) {
        row.next();
        base = row.getLong(1);
      }
      statement.execute(
          "ALTER TABLE event_journal ALTER COLUMN feed_position"
              + " SET DEFAULT ((pg_current_xact_id()::TEXT)::BIGINT + "
              + base
              + ")");
      statement.execute(
          """
          UPDATE database_life SET
            epoch = 'e_' || replace(gen_random_uuid()::TEXT, '-', ''),
            feed_base = %d,
            system_identifier = (SELECT system_identifier FROM pg_control_system()),
            since = now()
          """
              .formatted(base));
    }
  }
}

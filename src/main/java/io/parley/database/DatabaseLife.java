package io.parley.database;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Which life of the database this is: see {@code V4__database_life.sql}.
 *
 * @param epoch told to every client; another one voids all that it holds
 * @param feedBase what is added to a transaction's id to make a position of the feed
 * @param onItsServer whether the rows were written on the server that serves them
 */
public record DatabaseLife(String epoch, long feedBase, boolean onItsServer) {

  /** Of a database that was migrated. */
  public static DatabaseLife read(DatabaseAddress address, Consumer<String> progress) {
    try (Connection connection = StartConnection.open(address, progress)) {
      return read(connection)
          .orElseThrow(() -> new DatabaseRefusedException(address + " was never migrated"));
    } catch (SQLException e) {
      throw new DatabaseRefusedException("Can't read the life of " + address, e);
    }
  }

  /** Empty in a database that has no tables yet. */
  static Optional<DatabaseLife> read(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      try (ResultSet row = statement.executeQuery("SELECT to_regclass('database_life')")) {
        row.next();
        if (row.getString(1) == null) {
          return Optional.empty();
        }
      }
      String sql =
          """
          SELECT l.epoch, l.feed_base, l.system_identifier = s.system_identifier AS on_its_server
          FROM database_life l, pg_control_system() s
          """;
      try (ResultSet row = statement.executeQuery(sql)) {
        if (!row.next()) {
          return Optional.empty();
        }
        return Optional.of(
            new DatabaseLife(
                row.getString("epoch"), row.getLong("feed_base"), row.getBoolean("on_its_server")));
      }
    }
  }
}

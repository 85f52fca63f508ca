package io.parley.database;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * What a server says of itself and of the database, as far as Parley depends on it.
 *
 * @param version such as 180006
 * @param connections left for clients now, this one not counted
 */
record DatabaseFacts(
    int version,
    Text text,
    Durability durability,
    Prepared prepared,
    boolean writable,
    boolean mayCreateTables,
    int connections) {

  /**
   * @param provider how order and case are decided: {@code b}uiltin, lib{@code c}, {@code i}cu
   * @param characterType the locale that tells letters from the rest
   */
  record Text(String encoding, char provider, String characterType) {}

  record Durability(String fsync, String synchronousCommit, String fullPageWrites) {}

  /**
   * @param allowed {@code max_prepared_transactions}
   * @param present on the whole server
   */
  record Prepared(int allowed, int present) {}

  /** Asked before the rest: an old server doesn't have all the columns. */
  static int version(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SHOW server_version_num")) {
      row.next();
      return row.getInt(1);
    }
  }

  static DatabaseFacts read(Connection connection) throws SQLException {
    String sql =
        """
        SELECT current_setting('server_version_num')::INT AS version,
               current_setting('server_encoding') AS encoding,
               d.datlocprovider AS provider, d.datctype AS character_type,
               current_setting('fsync') AS fsync,
               current_setting('synchronous_commit') AS synchronous_commit,
               current_setting('full_page_writes') AS full_page_writes,
               current_setting('max_prepared_transactions')::INT AS prepared_allowed,
               (SELECT count(*) FROM pg_prepared_xacts) AS prepared_present,
               NOT pg_is_in_recovery()
                 AND current_setting('transaction_read_only') = 'off' AS writable,
               coalesce(has_schema_privilege(current_schema(), 'CREATE'), FALSE) AS may_create,
               current_setting('max_connections')::INT
                 - current_setting('superuser_reserved_connections')::INT
                 - coalesce(current_setting('reserved_connections', TRUE)::INT, 0)
                 - (SELECT count(*) FROM pg_stat_activity
                    WHERE backend_type = 'client backend' AND pid <> pg_backend_pid())
                 AS connections
        FROM pg_database d WHERE d.datname = current_database()
        """;
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return new DatabaseFacts(
          row.getInt("version"),
          new Text(
              row.getString("encoding"),
              row.getString("provider").charAt(0),
              row.getString("character_type")),
          new Durability(
              row.getString("fsync"),
              row.getString("synchronous_commit"),
              row.getString("full_page_writes")),
          new Prepared(row.getInt("prepared_allowed"), row.getInt("prepared_present")),
          row.getBoolean("writable"),
          row.getBoolean("may_create"),
          row.getInt("connections"));
    }
  }
}

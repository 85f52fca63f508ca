package io.parley.testing;

import com.typesafe.config.ConfigFactory;
import io.parley.database.Database;
import io.parley.database.DatabaseAddress;
import io.parley.database.DatabaseSettings;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A fresh database of a test: our own executor on one side, plain JDBC on the other. */
public final class TestDatabase implements AutoCloseable {
  private final DatabaseAddress address;
  private final Database database;

  public TestDatabase() {
    this.address = DatabaseAddress.parse(TestPostgres.freshDatabase());
    this.database =
        Database.open(
            DatabaseSettings.from(
                ConfigFactory.parseString(
                        "url = \"postgresql://%s:%s@%s:%d/%s\""
                            .formatted(
                                address.user(),
                                address.password(),
                                address.host(),
                                address.port(),
                                address.name()))
                    .withFallback(ConfigFactory.load().getConfig("parley.database"))));
  }

  public Database database() {
    return database;
  }

  /** A connection that commits when it is told to. */
  public Connection connection() throws SQLException {
    Connection connection =
        DriverManager.getConnection(address.jdbcUrl(), address.user(), address.password());
    connection.setAutoCommit(false);
    return connection;
  }

  public void execute(String sql) throws SQLException {
    try (Connection connection = connection();
        var statement = connection.createStatement()) {
      statement.execute(sql);
      connection.commit();
    }
  }

  /** The first column of each row, as text. */
  public List<String> texts(String sql) throws SQLException {
    try (Connection connection = connection();
        var statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      List<String> texts = new ArrayList<>();
      while (rows.next()) {
        texts.add(String.valueOf(rows.getString(1)));
      }
      return texts;
    }
  }

  /** How a prepared statement is run once its parameters no longer count, with what it touches. */
  public String plan(String prepared, String executed) throws SQLException {
    try (Connection connection = connection();
        var statement = connection.createStatement()) {
      statement.execute("SET plan_cache_mode = force_generic_plan");
      statement.execute("PREPARE " + prepared);
      try (var rows = statement.executeQuery("EXPLAIN (ANALYZE, BUFFERS) EXECUTE " + executed)) {
        StringBuilder plan = new StringBuilder();
        while (rows.next()) {
          plan.append(rows.getString(1)).append('\n');
        }
        return plan.toString();
      }
    }
  }

  @Override
  public void close() {
    database.close().toCompletableFuture().orTimeout(10, TimeUnit.SECONDS).join();
  }
}

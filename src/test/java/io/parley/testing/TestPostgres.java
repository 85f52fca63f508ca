package io.parley.testing;

import io.parley.database.DatabaseAddress;
import io.parley.embedded.EmbeddedPostgres;
import io.parley.embedded.EmbeddedSettings;
import io.parley.embedded.Progress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.flywaydb.core.Flyway;

/**
 * The PostgreSQL that tests run on: the embedded one with its durable settings, one server per test
 * JVM, a database of its own for whoever asks. Stopped when the JVM ends.
 */
public final class TestPostgres {

  private static final Path PROGRAMS = Path.of("target", "postgresql-programs");
  private static final String TEMPLATE = "migrated";
  private static final AtomicInteger DATABASES = new AtomicInteger();

  private TestPostgres() {}

  /** Made when the first test asks. */
  private static final class Shared {
    private static final EmbeddedPostgres SERVER = start();
  }

  /** {@code postgresql://user:password@host:port/name} of a fresh database, migrated. */
  public static String freshDatabase() {
    return databaseLike(TEMPLATE);
  }

  /** The same without any table. */
  public static String emptyDatabase() {
    return databaseLike("template0");
  }

  /** The server's first process; its children are the sessions. Killed, it is started again. */
  public static ProcessHandle process() {
    return ProcessHandle.of(Shared.SERVER.processId())
        .orElseThrow(() -> new IllegalStateException("The test PostgreSQL has ended"));
  }

  /** Settings for a server of a test's own, below a folder of its own. */
  public static EmbeddedSettings settings(Path dataFolder) {
    // One unpacked copy for all: unpacking takes longer than all the rest of a start.
    return EmbeddedSettings.in(dataFolder).withPrograms(PROGRAMS);
  }

  /** A connection of the JDBC driver. */
  public static Connection connect(String url) throws SQLException {
    DatabaseAddress address = DatabaseAddress.parse(url);
    return DriverManager.getConnection(address.jdbcUrl(), address.user(), address.password());
  }

  private static String databaseLike(String template) {
    String name = "test_" + DATABASES.incrementAndGet();
    EmbeddedPostgres server = Shared.SERVER;
    execute(server.url(), "CREATE DATABASE " + name + " TEMPLATE " + template);
    return server.url(name);
  }

  private static EmbeddedPostgres start() {
    try {
      Path folder = Files.createTempDirectory(Files.createDirectories(Path.of("target")), "pg-");
      EmbeddedPostgres server = EmbeddedPostgres.start(settings(folder), Progress.SILENT);
      Runtime.getRuntime().addShutdownHook(new Thread(() -> end(server, folder), "test-postgres"));
      execute(server.url(), "CREATE DATABASE " + TEMPLATE);
      migrate(server.url(TEMPLATE));
      return server;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void end(EmbeddedPostgres server, Path folder) {
    server.close();
    TestFolders.delete(folder);
  }

  private static void migrate(String url) {
    DatabaseAddress address = DatabaseAddress.parse(url);
    Flyway.configure()
        .dataSource(address.jdbcUrl(), address.user(), address.password())
        .loggers("slf4j")
        .load()
        .migrate();
  }

  /** The first column of what it answers. */
  public static List<String> texts(String url, String sql) {
    try (Connection connection = connect(url);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      List<String> texts = new ArrayList<>();
      while (rows.next()) {
        texts.add(rows.getString(1));
      }
      return texts;
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }

  /** A count, or another single number. */
  public static long number(String url, String sql) {
    return Long.parseLong(texts(url, sql).get(0));
  }

  public static void execute(String url, String sql) {
    try (Connection connection = connect(url);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }
}

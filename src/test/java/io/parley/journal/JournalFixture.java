package io.parley.journal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.parley.database.Database;
import io.parley.database.DatabaseAddress;
import io.parley.database.DatabaseSettings;
import io.parley.testing.FaultProxy;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The journal without actors, empty at first, behind a network that can fail. Time-outs are short:
 * 1 s for a statement, 1.5 s for its answer.
 */
final class JournalFixture implements AutoCloseable {

  private static final Duration BOUND = Duration.ofSeconds(20);

  final DatabaseAddress address;
  final FaultProxy proxy;
  final JournalActivity activity = new JournalActivity();
  final AtomicLong nanoTime = new AtomicLong();
  final EventTable table;
  final GroupCommit commits;

  private final Database database;
  private volatile CompletableFuture<String> gate = CompletableFuture.completedFuture("open");

  /**
   * @param url of a database that no one else uses meanwhile
   * @param batchesInFlight at most
   * @param queueRows of the queue
   */
  JournalFixture(String url, int batchesInFlight, int queueRows) {
    this(url, batchesInFlight, queueRows, Duration.ofSeconds(1));
  }

  JournalFixture(String url, int batchesInFlight, int queueRows, Duration statementTimeout) {
    address = DatabaseAddress.parse(url);
    proxy = FaultProxy.to(address.host(), address.port());
    execute("DELETE FROM event_journal");
    DatabaseAddress behindProxy =
        new DatabaseAddress(
            address.host(),
            proxy.port(),
            address.name(),
            address.user(),
            address.password(),
            address.security());
    database =
        Database.open(
            new DatabaseSettings(
                behindProxy,
                2,
                Duration.ofSeconds(5),
                statementTimeout,
                Duration.ofSeconds(5),
                "test"));
    table = new EventTable(database, database);
    commits =
        new GroupCommit(
            new CommitQueue.Limits(
                batchesInFlight, 1, 500, 4 << 20, queueRows, 64 << 20, Duration.ofSeconds(5)),
            batch -> gate.thenCompose(open -> table.append(batch)),
            nanoTime::get,
            activity);
  }

  /** Batches are taken out of the queue, but not sent, until {@link #openGate}. */
  void closeGate() {
    gate = new CompletableFuture<>();
  }

  void openGate() {
    gate.complete("open");
  }

  void store(PendingWrite write) {
    assertThat(commits.write(write)).succeedsWithin(BOUND);
  }

  /** Hands the write in, and doesn't wait: its result is its own. */
  void send(PendingWrite write) {
    CompletableFuture<?> result = commits.write(write);
    assertThat(result).isSameAs(write.result());
  }

  WriteFailure failureOf(PendingWrite write) {
    try {
      write.result().get(BOUND.toSeconds(), TimeUnit.SECONDS);
      throw new AssertionError(write + " was stored");
    } catch (ExecutionException e) {
      return (WriteFailure) requireNonNull(e.getCause());
    } catch (InterruptedException | TimeoutException e) {
      throw new AssertionError(write + " didn't end", e);
    }
  }

  /** What is stored of an id, as {@code "sequence number:writer:payload"}, past the proxy. */
  List<String> stored(String id) {
    return column(
        "SELECT seq_nr || ':' || writer || ':' || convert_from(event_payload, 'UTF8')"
            + " FROM event_journal WHERE persistence_id = '%s' ORDER BY seq_nr".formatted(id));
  }

  /** The first column of a query, past the proxy. */
  List<String> column(String sql) {
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        var rows = statement.executeQuery(sql)) {
      List<String> values = new ArrayList<>();
      while (rows.next()) {
        values.add(rows.getString(1));
      }
      return values;
    } catch (SQLException e) {
      throw new AssertionError(sql, e);
    }
  }

  void execute(String sql) {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new AssertionError(sql, e);
    }
  }

  /** A session of its own, past the proxy. */
  Connection connect() throws SQLException {
    return DriverManager.getConnection(address.jdbcUrl(), address.user(), address.password());
  }

  static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  @Override
  public void close() {
    openGate();
    proxy.close();
    assertThat(database.close().toCompletableFuture()).succeedsWithin(BOUND);
  }
}

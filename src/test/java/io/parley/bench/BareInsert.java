package io.parley.bench;

import io.parley.testing.TestPostgres;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * The floor: rows as the journal's, into a table like it, from two connections with one multi-row
 * insert and commit after the other; nothing reads them, and nothing is checked.
 */
final class BareInsert implements Stretch {
  private static final int CONNECTIONS = 2;

  /** An event with a text of a hundred characters. */
  private static final int PAYLOAD_BYTES = 150;

  private static final String INSERT =
      "INSERT INTO %s (slice, entity_type, persistence_id, seq_nr, db_timestamp, event_ser_id,"
          + " event_ser_manifest, event_payload, writer, adapter_manifest)"
          + " SELECT 1, 'bench', p, ?, transaction_timestamp(), 4, 'message-1', b,"
          + " '01234567-89ab-cdef-0123-456789abcdef', '' FROM unnest(?, ?) AS u(p, b)";

  private final World world;
  private final int rows;

  /**
   * @param rows in one insert
   */
  BareInsert(World world, int rows) {
    this.world = world;
    this.rows = rows;
  }

  @Override
  public Scenario scenario() {
    return Scenario.LIMITS;
  }

  @Override
  public String variant() {
    return "insert of " + rows + (rows == 1 ? " row" : " rows");
  }

  @Override
  public Run run() {
    String table = "bench_insert_" + System.nanoTime();
    try (Connection connection = TestPostgres.connect(world.server().databaseUrl());
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE " + table + " (LIKE event_journal INCLUDING ALL)");
      try {
        return measured(INSERT.formatted(table));
      } finally {
        statement.execute("DROP TABLE " + table);
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private Run measured(String insert) {
    Duration window = Duration.ofSeconds(world.settings().seconds());
    ExecutorService threads = Executors.newFixedThreadPool(CONNECTIONS);
    try {
      Measurement measurement = Measurement.begin(world.server());
      long end = System.nanoTime() + window.toNanos();
      List<Callable<Long>> lanes = new ArrayList<>();
      for (int lane = 0; lane < CONNECTIONS; lane++) {
        int number = lane;
        lanes.add(() -> insert(insert, number, end));
      }
      long commits = 0;
      for (Future<Long> lane : threads.invokeAll(lanes)) {
        commits += lane.get();
      }
      Map<Figure, Double> figures = new EnumMap<>(Figure.class);
      figures.put(Figure.ROWS, commits * rows / measurement.seconds());
      figures.put(Figure.COMMITS, commits / measurement.seconds());
      figures.putAll(measurement.cost(commits * rows));
      // The server only looks on.
      figures.remove(Figure.SERVER_CPU);
      figures.remove(Figure.SERVER_MEMORY);
      return new Run(scenario(), variant(), figures, List.of());
    } catch (InterruptedException | ExecutionException e) {
      throw new IllegalStateException(e);
    } finally {
      threads.shutdown();
    }
  }

  private long insert(String insert, int lane, long end) throws SQLException {
    String[] ids = new String[rows];
    Arrays.setAll(ids, i -> "bench|" + lane + "-" + i);
    byte[][] payloads = new byte[rows][PAYLOAD_BYTES];
    for (byte[] payload : payloads) {
      new Random(1).nextBytes(payload);
    }
    long commits = 0;
    try (Connection connection = TestPostgres.connect(world.server().databaseUrl());
        PreparedStatement statement = connection.prepareStatement(insert)) {
      while (System.nanoTime() < end) {
        statement.setLong(1, commits + 1);
        statement.setArray(2, connection.createArrayOf("text", ids));
        statement.setArray(3, connection.createArrayOf("bytea", payloads));
        if (statement.executeUpdate() != rows) {
          throw new IllegalStateException("rows are missing");
        }
        commits++;
      }
    }
    return commits;
  }
}

package io.parley.feed;

import static java.util.Objects.requireNonNull;

import io.parley.database.Database;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The one connection of a rebuild. It holds the lock that keeps a second rebuild away, and the
 * shadow: temporary tables of the read side's own names, which PostgreSQL finds before the real
 * ones, so that the feed's statements fold into them unchanged. Both end with the connection,
 * however it ends; nothing of them is left after a kill, and no text that is erased later.
 */
final class RebuildConnection implements AutoCloseable {

  /** Any number that nobody else locks by: "parley" in ASCII, and a 2. */
  private static final long LOCK = 0x7061726c65790002L;

  /** PostgreSQL takes a moment to find that the process of a rebuild before was killed. */
  private static final Duration LOCK_PATIENCE = Duration.ofSeconds(6);

  private static final Duration LOCK_PAUSE = Duration.ofMillis(300);

  private static final String COLUMNS =
      "SELECT attname::text FROM pg_attribute WHERE attrelid = ($1 || '.' || $2)::regclass"
          + " AND attnum > 0 AND NOT attisdropped AND attgenerated = '' ORDER BY attnum";

  private static final String SHADOWS =
      Stream.of(ReadSideTable.values())
          .map(ReadSideTable::shadow)
          .collect(Collectors.joining(", "));

  private final Database database;
  private final ExecutorService worker =
      Executors.newSingleThreadExecutor(
          task -> {
            Thread thread = new Thread(task, "rebuild");
            thread.setDaemon(true);
            return thread;
          });
  private final Map<ReadSideTable, MendStatements> statements = new EnumMap<>(ReadSideTable.class);

  /**
   * @param database of one connection, so that every transaction has the same
   */
  RebuildConnection(Database database) {
    if (database.settings().poolSize() != 1) {
      throw new IllegalArgumentException("A rebuild has one connection");
    }
    this.database = database;
  }

  /** Of one table; known once this is prepared. */
  MendStatements statements(ReadSideTable table) {
    return requireNonNull(statements.get(table), "not prepared");
  }

  /**
   * Takes the lock and makes an empty shadow; to be called again after a failure, which may have
   * cost the connection and with it both.
   */
  void prepare() throws InterruptedException {
    long deadlineNanos = System.nanoTime() + LOCK_PATIENCE.toNanos();
    while (!inTransaction(RebuildConnection::lock)) {
      if (System.nanoTime() > deadlineNanos) {
        throw new RebuildRefusedException(
            "Another rebuild is running on this database. Let it end, or stop it; two would only"
                + " do the same twice.");
      }
      Thread.sleep(LOCK_PAUSE.toMillis());
    }
    inTransaction(this::makeShadow);
  }

  private static boolean lock(Steps steps) {
    // A session may take its own lock again, and counts how often: look before.
    String held =
        "SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND granted"
            + " AND pid = pg_backend_pid() AND (classid::bigint << 32) + objid::bigint = $1"
            + " AND objsubid = 1) OR pg_try_advisory_lock($1)";
    return steps
        .query(
            held,
            statement -> statement.bind(0, LOCK),
            row -> requireNonNull(row.get(0, Boolean.class)))
        .get(0);
  }

  private boolean makeShadow(Steps steps) {
    String schema =
        steps
            .query(
                "SELECT quote_ident(current_schema())",
                none -> {},
                row -> requireNonNull(row.get(0, String.class)))
            .get(0);
    steps.execute("SET LOCAL client_min_messages = warning");
    for (ReadSideTable table : ReadSideTable.values()) {
      // Columns with their defaults, and those that are computed: whatever the fold leaves out.
      steps.execute(
          "CREATE TEMPORARY TABLE IF NOT EXISTS %s (LIKE %s.%s INCLUDING DEFAULTS INCLUDING GENERATED, PRIMARY KEY (%s))"
              .formatted(table.table(), schema, table.table(), String.join(", ", table.key())));
      List<String> columns =
          steps.query(
              COLUMNS,
              statement -> statement.bind(0, schema).bind(1, table.table()),
              row -> requireNonNull(row.get(0, String.class)));
      statements.put(table, new MendStatements(table, schema, columns));
    }
    steps.execute("TRUNCATE " + SHADOWS);
    return true;
  }

  /** Empties the shadow. */
  void clear() throws InterruptedException {
    inTransaction(
        steps -> {
          steps.execute("TRUNCATE " + SHADOWS);
          return true;
        });
  }

  /**
   * A transaction that can write to the shadow alone: it is read-only, which temporary tables are
   * exempt from. Where the connection is another one than was prepared, the fold's first write is
   * refused, and so is one to a table that has no shadow.
   */
  <T> T inShadow(Function<Steps, T> work) throws InterruptedException {
    return inTransaction(
        steps -> {
          steps.execute("SET TRANSACTION READ ONLY");
          return work.apply(steps);
        });
  }

  /** A transaction that can write to the read side; fails on a connection without the shadow. */
  <T> T inBoth(Function<Steps, T> work) throws InterruptedException {
    return inTransaction(
        steps -> {
          steps.execute("LOCK TABLE " + SHADOWS + " IN ROW EXCLUSIVE MODE");
          return work.apply(steps);
        });
  }

  private <T> T inTransaction(Function<Steps, T> work) throws InterruptedException {
    try {
      return database
          .inTransaction(
              transaction ->
                  CompletableFuture.supplyAsync(() -> work.apply(new Steps(transaction)), worker))
          .toCompletableFuture()
          .get();
    } catch (ExecutionException e) {
      throw Steps.unwrapped(e);
    }
  }

  @Override
  public void close() {
    worker.shutdownNow();
  }
}

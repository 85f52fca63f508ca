package io.parley.database;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.parley.database.DatabaseException.ConstraintViolation;
import io.parley.database.DatabaseException.OutcomeUnknown;
import io.parley.database.DatabaseException.StatementRefused;
import io.parley.database.DatabaseException.Unavailable;
import io.parley.testing.FaultProxy;
import io.parley.testing.TestPostgres;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DatabaseIT {

  private static final Duration BOUND = Duration.ofSeconds(10);

  private static final String URL = TestPostgres.freshDatabase();

  private final DatabaseAddress address = DatabaseAddress.parse(URL);
  private final Database database = open(address, 2);

  @BeforeEach
  void createTable() {
    get(database.update("DROP TABLE IF EXISTS t", statement -> {}));
    get(database.update("CREATE TABLE t (id BIGINT CONSTRAINT t_once UNIQUE)", statement -> {}));
  }

  @AfterEach
  void close() {
    assertThat(database.close().toCompletableFuture()).succeedsWithin(BOUND);
  }

  @Test
  void aTransactionCommitsWhenItsWorkCompletes() {
    get(database.inTransaction(statements -> insert(statements, 1).thenApply(one -> null)));

    assertThat(ids()).containsExactly(1L);
  }

  @Test
  void aTransactionWhoseWorkFailsStoresNothingAndItsConnectionGoesOn() {
    List<Integer> session = session(database);
    for (int i = 0; i < 5; i++) {
      Throwable failure =
          failure(
              database.inTransaction(
                  statements ->
                      insert(statements, 1)
                          .thenCompose(
                              one ->
                                  CompletableFuture.failedFuture(
                                      new IllegalStateException("no")))));
      assertThat(failure).isInstanceOf(IllegalStateException.class).hasMessage("no");
    }
    assertThat(ids()).isEmpty();
    assertThat(session(database)).as("it was not thrown away").isEqualTo(session);
  }

  @Test
  void aConstraintIsNamed() {
    get(insert(database, 1));

    assertThat(failure(insert(database, 1)))
        .isInstanceOfSatisfying(
            ConstraintViolation.class,
            violation -> {
              assertThat(violation.sqlState()).isEqualTo("23505");
              assertThat(violation.constraint()).isEqualTo("t_once");
            });
    assertThat(
            failure(
                database.inTransaction(
                    statements -> insert(statements, 2).thenCompose(two -> insert(statements, 1)))))
        .isInstanceOf(ConstraintViolation.class);
    assertThat(ids()).containsExactly(1L);
  }

  @Test
  void aWrongStatementIsRefusedAndItsConnectionGoesOn() {
    Database single = open(address, 1);
    List<Integer> session = session(single);

    assertThat(failure(single.update("INSERT INTO nowhere VALUES (1)", statement -> {})))
        .isInstanceOf(StatementRefused.class)
        .hasMessageContaining("42P01");

    assertThat(session(single)).isEqualTo(session);
    get(single.close());
  }

  @Test
  void aStatementThatRunsTooLongIsEndedAndItsConnectionIsClosed() {
    Database single = open(address, 1);
    List<Integer> session = session(single);

    assertThat(failure(single.query("SELECT pg_sleep(60)", statement -> {}, row -> "slept")))
        .isInstanceOf(Unavailable.class)
        .hasMessageContaining("57014");

    assertThat(session(single)).isNotEqualTo(session);
    get(single.close());
  }

  @Test
  void anAnswerThatNeverComesIsUnknownAndItsConnectionIsClosed() {
    try (FaultProxy proxy = FaultProxy.to(address.host(), address.port())) {
      Database single = open(at(proxy.port(), address.password()), 1);
      List<Integer> session = session(single);
      proxy.blackhole();

      assertThat(failure(insert(single, 1))).isInstanceOf(OutcomeUnknown.class);

      proxy.heal();
      assertThat(session(single)).isNotEqualTo(session);
      get(single.close());
    }
  }

  @Test
  void moreWorkThanConnectionsWaitsItsTurn() {
    List<CompletionStage<Long>> all = new ArrayList<>();
    for (long id = 0; id < 200; id++) {
      all.add(insert(database, id));
    }

    all.forEach(DatabaseIT::get);
    assertThat(ids()).hasSize(200);
  }

  @Test
  void aDatabaseThatIsNotThereIsUnavailableAndSoIsOneThatRefusesThePassword() {
    FaultProxy nowhere = FaultProxy.to("127.0.0.1", 1);
    nowhere.refuse();
    Database absent = open(at(nowhere.port(), address.password()), 1);
    Database refused = open(at(address.port(), "wrong secret"), 1);

    assertThat(failure(insert(absent, 1))).isInstanceOf(Unavailable.class);
    assertThat(failure(insert(refused, 1)))
        .isInstanceOf(Unavailable.class)
        .hasMessageContaining("password authentication failed")
        .hasMessageNotContaining("wrong secret");
    get(absent.close());
    get(refused.close());
    nowhere.close();
  }

  @Test
  void connectionsThatBrokeWhileIdleAreReplacedUnnoticed() {
    try (FaultProxy proxy = FaultProxy.to(address.host(), address.port())) {
      Database behind = open(at(proxy.port(), address.password()), 2);
      CompletionStage<Long> one = insert(behind, 1);
      CompletionStage<Long> another = insert(behind, 2);
      get(one);
      get(another);
      assertThat(proxy.connections()).isEqualTo(2);
      proxy.disconnect();
      await().until(() -> proxy.connections() == 0);

      get(insert(behind, 3));

      get(behind.close());
    }
  }

  @Test
  void binaryArraysArriveAsTheyAre() {
    @Nullable String[] texts = {"", null, "{\"a\",\\}", "é漢🙂"};
    byte[] @Nullable [] bytes = {{}, null, {0, 1, -1}, {92}};
    @Nullable Integer[] numbers = {1, null, Integer.MIN_VALUE, 4};

    List<String> rows =
        get(
            database.query(
                "SELECT concat_ws('|', t, encode(b, 'hex'), n, l, o) FROM"
                    + " unnest($1, $2, $3, $4, $5) AS u(t, b, n, l, o)",
                statement ->
                    statement
                        .bind(0, BinaryArray.ofTexts(texts))
                        .bind(1, BinaryArray.ofBytes(bytes))
                        .bind(2, BinaryArray.ofInts(numbers))
                        .bind(3, BinaryArray.ofLongs(new long[] {1, Long.MAX_VALUE, -1, 0}))
                        .bind(4, BinaryArray.ofBooleans(new boolean[] {true, false, true, false})),
                row -> requireNonNull(row.get(0, String.class))));

    assertThat(rows)
        .containsExactly(
            "||1|1|t",
            "9223372036854775807|f",
            "{\"a\",\\}|0001ff|-2147483648|-1|t",
            "é漢🙂|5c|4|0|f");
  }

  private List<Long> ids() {
    return get(
        database.query(
            "SELECT id FROM t ORDER BY id",
            statement -> {},
            row -> requireNonNull(row.get(0, Long.class))));
  }

  private static List<Integer> session(Database database) {
    return get(
        database.query(
            "SELECT pg_backend_pid()",
            statement -> {},
            row -> requireNonNull(row.get(0, Integer.class))));
  }

  private DatabaseAddress at(int port, String password) {
    return new DatabaseAddress(
        "127.0.0.1", port, address.name(), address.user(), password, address.security());
  }

  private static CompletionStage<Long> insert(Statements statements, long id) {
    return statements.update("INSERT INTO t VALUES ($1)", statement -> statement.bind(0, id));
  }

  private static Database open(DatabaseAddress address, int connections) {
    return Database.open(
        new DatabaseSettings(
            address,
            connections,
            Duration.ofSeconds(5),
            Duration.ofSeconds(1),
            Duration.ofSeconds(5),
            "test"));
  }

  private static <T extends @Nullable Object> T get(CompletionStage<T> stage) {
    assertThat(stage.toCompletableFuture()).succeedsWithin(BOUND);
    return stage.toCompletableFuture().join();
  }

  private static Throwable failure(CompletionStage<?> stage) {
    try {
      stage.toCompletableFuture().get(BOUND.toSeconds(), TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      return requireNonNull(e.getCause());
    } catch (Exception e) {
      throw new AssertionError(e);
    }
    throw new AssertionError("It succeeded");
  }
}

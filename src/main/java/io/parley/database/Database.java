package io.parley.database;

import static java.util.Objects.requireNonNull;

import io.r2dbc.pool.ConnectionPool;
import io.r2dbc.pool.ConnectionPoolConfiguration;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Readable;
import io.r2dbc.spi.Result;
import io.r2dbc.spi.Statement;
import io.r2dbc.spi.ValidationDepth;
import io.r2dbc.spi.Wrapped;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.pool.PooledRefMetadata;

/**
 * A bounded pool of connections to one PostgreSQL database.
 *
 * <p>A statement on its own is its own transaction, in one round trip. A connection goes back into
 * the pool only if PostgreSQL answered for its statement; one that timed out, broke or was given up
 * in between is closed, because a late answer would be taken for the next statement's.
 */
public final class Database implements Statements {

  /** For the answer of a statement that PostgreSQL ended in time to travel back. */
  private static final Duration ANSWER_GRACE = Duration.ofMillis(500);

  /** A transaction is short: its statements have time-outs of their own. */
  private static final Duration TRANSACTION_TIMEOUT = Duration.ofSeconds(30);

  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(1);
  private static final Duration IDLE_TIME = Duration.ofMinutes(10);
  private static final Duration LIFE_TIME = Duration.ofHours(1);

  private final ConnectionPool pool;
  private final DatabaseSettings settings;
  private final Duration answerTimeout;

  private Database(DatabaseSettings settings) {
    this.settings = settings;
    this.answerTimeout = settings.statementTimeout().plus(ANSWER_GRACE);
    this.pool =
        new ConnectionPool(
            ConnectionPoolConfiguration.builder(Connections.factory(settings))
                .initialSize(0)
                .maxSize(settings.poolSize())
                .maxAcquireTime(settings.acquireTimeout())
                .maxCreateConnectionTime(settings.acquireTimeout())
                // A second try would double the bound, and refused is refused.
                .acquireRetry(0)
                .maxIdleTime(IDLE_TIME)
                .customizer(pool -> pool.evictionPredicate(Database::isWornOut))
                .build());
  }

  /** Opens nothing yet: the first statement makes the first connection. */
  public static Database open(DatabaseSettings settings) {
    return new Database(settings);
  }

  public DatabaseSettings settings() {
    return settings;
  }

  /**
   * The pool at a moment.
   *
   * @param acquired connections at work
   * @param idle connections that wait for work
   * @param pending work that waits for a connection
   * @param max connections at most
   */
  public record Pool(int acquired, int idle, int pending, int max) {}

  public Pool pool() {
    return pool.getMetrics()
        .map(
            now ->
                new Pool(
                    now.acquiredSize(),
                    now.idleSize(),
                    now.pendingAcquireSize(),
                    now.getMaxAllocatedSize()))
        .orElse(new Pool(0, 0, 0, settings.poolSize()));
  }

  @Override
  public <T> CompletionStage<List<T>> query(
      String sql, Consumer<Statement> binding, Function<? super Readable, T> mapper) {
    return onConnection(c -> rows(c, sql, binding, mapper)).toFuture();
  }

  @Override
  public CompletionStage<Long> update(String sql, Consumer<Statement> binding) {
    return onConnection(c -> updated(c, sql, binding)).toFuture();
  }

  /**
   * Runs {@code work} on one connection, in one transaction: commits when its stage completes,
   * rolls back when it fails. What fails in {@code work} itself is passed on as it is. The
   * statements that {@code work} is given are good until its stage completes, one at a time.
   */
  public <T extends @Nullable Object> CompletionStage<T> inTransaction(
      Function<Statements, CompletionStage<T>> work) {
    return onConnection(c -> transaction(c, work)).toFuture().thenCompose(Outcome::stage);
  }

  /**
   * Completes, without failure, when all connections are closed; what is under way is cut off. One
   * that is broken already can't be closed politely, which is no one's concern by then.
   */
  public CompletionStage<@Nullable Void> close() {
    return pool.disposeLater().onErrorComplete().toFuture();
  }

  /**
   * Also those that broke while idle: after a restart of PostgreSQL that is all of them, and each
   * would fail the first statement that it is given.
   */
  private static boolean isWornOut(Connection connection, PooledRefMetadata use) {
    return use.idleTime() >= IDLE_TIME.toMillis()
        || use.lifeTime() >= LIFE_TIME.toMillis()
        // A look at the socket's state, answered at once.
        || !Mono.from(connection.validate(ValidationDepth.LOCAL)).toFuture().getNow(false);
  }

  private <T> Mono<T> onConnection(Function<Connection, Mono<T>> work) {
    return Mono.usingWhen(
        pool.create().onErrorMap(Failures::beforeSending),
        connection -> work.apply(connection).onErrorMap(Failures::afterSending),
        Connection::close,
        (connection, error) ->
            Failures.leavesConnectionUsable(error) ? connection.close() : discard(connection),
        Database::discard);
  }

  private <T extends @Nullable Object> Mono<Outcome<T>> transaction(
      Connection connection, Function<Statements, CompletionStage<T>> work) {
    return bounded(Mono.from(connection.beginTransaction()))
        .then(Mono.fromCompletionStage(() -> Outcome.of(work, new OneConnection(connection))))
        .timeout(TRANSACTION_TIMEOUT)
        .flatMap(
            outcome ->
                outcome.isSafeToEnd()
                    ? bounded(Mono.from(outcome.end(connection))).thenReturn(outcome)
                    : Mono.error(outcome.failure()));
  }

  private <T> Mono<T> bounded(Mono<T> work) {
    return work.timeout(answerTimeout);
  }

  private <T> Mono<List<T>> rows(
      Connection connection,
      String sql,
      Consumer<Statement> binding,
      Function<? super Readable, T> mapper) {
    return bounded(
        Mono.defer(
            () -> {
              Statement statement = connection.createStatement(sql);
              binding.accept(statement);
              return Flux.from(statement.execute())
                  .concatMap(result -> result.map(mapper))
                  .collectList();
            }));
  }

  private Mono<Long> updated(Connection connection, String sql, Consumer<Statement> binding) {
    return bounded(
        Mono.defer(
            () -> {
              Statement statement = connection.createStatement(sql);
              binding.accept(statement);
              return Flux.from(statement.execute())
                  .concatMap(Result::getRowsUpdated)
                  .reduce(0L, Long::sum);
            }));
  }

  /** Closes the connection itself; the pool then finds it closed and makes room for another. */
  private static Mono<Void> discard(Connection pooled) {
    // Without a class to unwrap to: the pooled connection is a Connection, too.
    Connection connection = (Connection) requireNonNull(((Wrapped<?>) pooled).unwrap());
    return Mono.from(connection.close())
        .timeout(CLOSE_TIMEOUT)
        .onErrorComplete()
        .then(Mono.from(pooled.close()));
  }

  private final class OneConnection implements Statements {
    private final Connection connection;

    OneConnection(Connection connection) {
      this.connection = connection;
    }

    @Override
    public <T> CompletionStage<List<T>> query(
        String sql, Consumer<Statement> binding, Function<? super Readable, T> mapper) {
      return rows(connection, sql, binding, mapper).onErrorMap(Failures::afterSending).toFuture();
    }

    @Override
    public CompletionStage<Long> update(String sql, Consumer<Statement> binding) {
      return updated(connection, sql, binding).onErrorMap(Failures::afterSending).toFuture();
    }
  }
}

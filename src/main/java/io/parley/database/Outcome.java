package io.parley.database;

import io.parley.database.DatabaseException.OutcomeUnknown;
import io.parley.database.DatabaseException.Unavailable;
import io.r2dbc.spi.Connection;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;

/**
 * How the work of a transaction ended, as a value: a failure of the work is no failure of the
 * connection, which is rolled back and used again.
 */
record Outcome<T extends @Nullable Object>(T value, @Nullable Throwable error) {

  @SuppressWarnings("NullAway") // A failed outcome's value is never looked at.
  static <T extends @Nullable Object> CompletionStage<Outcome<T>> of(
      Function<Statements, CompletionStage<T>> work, Statements statements) {
    CompletionStage<T> stage;
    try {
      stage = work.apply(statements);
    } catch (RuntimeException e) {
      stage = CompletableFuture.failedFuture(e);
    }
    return stage.handle((value, error) -> new Outcome<>(value, unwrapped(error)));
  }

  /** Whether the connection still answers in step, so that it can commit or roll back. */
  boolean isSafeToEnd() {
    return !(error instanceof OutcomeUnknown) && !(error instanceof Unavailable);
  }

  Throwable failure() {
    return error == null ? new IllegalStateException("No failure") : error;
  }

  Publisher<Void> end(Connection connection) {
    return error == null ? connection.commitTransaction() : connection.rollbackTransaction();
  }

  CompletionStage<T> stage() {
    return error == null
        ? CompletableFuture.completedFuture(value)
        : CompletableFuture.failedFuture(error);
  }

  private static @Nullable Throwable unwrapped(@Nullable Throwable error) {
    return error instanceof CompletionException && error.getCause() != null
        ? error.getCause()
        : error;
  }
}

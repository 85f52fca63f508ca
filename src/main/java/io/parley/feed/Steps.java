package io.parley.feed;

import io.parley.database.Statements;
import io.r2dbc.spi.Readable;
import io.r2dbc.spi.Statement;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Statements of one transaction that are waited for, one after the other: for a command, whose
 * thread has nothing else to do. Each is bounded by the statement time-out.
 */
record Steps(Statements transaction) {

  <T> List<T> query(String sql, Consumer<Statement> binding, Function<? super Readable, T> mapper) {
    return result(transaction.query(sql, binding, mapper));
  }

  long update(String sql, Consumer<Statement> binding) {
    return result(transaction.update(sql, binding));
  }

  void execute(String sql) {
    result(transaction.update(sql, none -> {}));
  }

  /** What it came to, or the failure itself. */
  static <T> T result(CompletionStage<T> stage) {
    try {
      return stage.toCompletableFuture().join();
    } catch (CompletionException e) {
      throw unwrapped(e);
    }
  }

  static RuntimeException unwrapped(Exception wrapped) {
    return wrapped.getCause() instanceof RuntimeException cause
        ? cause
        : new IllegalStateException(wrapped);
  }
}

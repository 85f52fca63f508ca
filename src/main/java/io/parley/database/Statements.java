package io.parley.database;

import io.r2dbc.spi.Readable;
import io.r2dbc.spi.Statement;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * What can be asked of PostgreSQL, on its own ({@link Database}) or inside a {@link Transaction}.
 *
 * <p>Stages complete on a thread of the driver, which serves other connections too: go on with
 * {@code thenApplyAsync} or {@code pipeToSelf}, and never block there. They fail with a {@link
 * DatabaseException}, wrapped in no {@code CompletionException} of ours.
 */
public interface Statements {

  /** All rows, in the order of the answer. {@code mapper} runs per row and returns no null. */
  <T> CompletionStage<List<T>> query(
      String sql, Consumer<Statement> binding, Function<? super Readable, T> mapper);

  /** How many rows were inserted, updated or deleted. */
  CompletionStage<Long> update(String sql, Consumer<Statement> binding);
}

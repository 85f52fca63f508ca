package io.parley.search;

import io.parley.database.Statements;
import io.r2dbc.spi.Readable;
import io.r2dbc.spi.Statement;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;

/** A database where some statements take so long that PostgreSQL ends them. */
final class SlowStatements implements Statements {
  final AtomicInteger ended = new AtomicInteger();
  private final Statements database;
  private final String slow;

  /**
   * Ends some.
   *
   * @param slow what their SQL has in it
   */
  SlowStatements(Statements database, String slow) {
    this.database = database;
    this.slow = slow;
  }

  @Override
  public <T> CompletionStage<List<T>> query(
      String sql, Consumer<Statement> binding, Function<? super Readable, T> mapper) {
    if (!sql.contains(slow)) {
      return database.query(sql, binding, mapper);
    }
    ended.incrementAndGet();
    return database.query("DO $$ BEGIN RAISE SQLSTATE '57014'; END $$", statement -> {}, mapper);
  }

  @Override
  public CompletionStage<Long> update(String sql, Consumer<Statement> binding) {
    return database.update(sql, binding);
  }
}

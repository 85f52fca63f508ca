package io.parley.search;

import io.parley.database.Statements;
import io.r2dbc.spi.Readable;
import io.r2dbc.spi.Statement;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;

/** A database whose index takes so long that PostgreSQL ends the statement. */
final class SlowLookUps implements Statements {
  final AtomicInteger lookUps = new AtomicInteger();
  private final Statements database;

  SlowLookUps(Statements database) {
    this.database = database;
  }

  @Override
  public <T> CompletionStage<List<T>> query(
      String sql, Consumer<Statement> binding, Function<? super Readable, T> mapper) {
    if (!sql.contains("grams @>")) {
      return database.query(sql, binding, mapper);
    }
    lookUps.incrementAndGet();
    return database.query("DO $$ BEGIN RAISE SQLSTATE '57014'; END $$", statement -> {}, mapper);
  }

  @Override
  public CompletionStage<Long> update(String sql, Consumer<Statement> binding) {
    return database.update(sql, binding);
  }
}

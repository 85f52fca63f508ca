package io.parley.feed;

import io.parley.database.Database;
import io.parley.database.DatabaseException.ConstraintViolation;
import io.parley.database.DatabaseException.StatementRefused;
import io.parley.database.DatabaseException.Unavailable;
import io.parley.feed.PageApplication.Applied;
import io.parley.model.Limits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/** One round of a worker: reads the next page and applies it, up to the first row that it can't. */
final class FeedRound {
  private final Database database;
  private final FeedReader reader;
  private final PageApplication application;
  private final Executor folding;
  private final long pageBytes;
  private final Duration lookEvery;
  private final TwinWatch twins = new TwinWatch();
  private volatile OptionalLong lookedNanos = OptionalLong.empty();

  FeedRound(Database database, Executor folding, FeedSettings settings) {
    this.database = database;
    this.reader = new FeedReader(database);
    this.application = new PageApplication(database, folding, Limits.PREVIEW_CODE_POINTS);
    this.folding = folding;
    this.pageBytes = settings.pageBytes();
    this.lookEvery = settings.watchInterval();
  }

  /**
   * How a round ended.
   *
   * @param rows applied
   * @param isFull whether its page was as large as may be, so that more may wait
   * @param overtaken whether another worker has moved a range since the round before
   * @param ranges that rows were applied of
   * @param poison the row that stopped a range, and why, by ranges
   */
  record Ended(
      int rows,
      boolean isFull,
      boolean overtaken,
      Set<Integer> ranges,
      Applied applied,
      Map<Integer, String> poison) {

    Ended {
      ranges = Set.copyOf(ranges);
      poison = Map.copyOf(poison);
    }

    private static Ended of(
        int rows, Set<Integer> ranges, Applied applied, Map<Integer, String> poison) {
      return new Ended(rows, false, false, ranges, applied, poison);
    }

    private Ended with(boolean isFull, boolean overtaken) {
      return new Ended(rows, isFull, overtaken, ranges, applied, poison);
    }
  }

  /** A page that PostgreSQL didn't take as a whole; a smaller one tells which row it is. */
  static final class PageRefusedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    PageRefusedException(Throwable cause) {
      super(cause);
    }
  }

  CompletionStage<Ended> run(Set<Integer> ranges, int maxRows) {
    return lookForTwins(ranges)
        .thenCompose(looked -> reader.page(ranges, maxRows, pageBytes))
        .thenComposeAsync(
            page -> {
              page.rows().forEach(row -> twins.look(row.range(), row.from()));
              return apply(page.rows(), Map.of())
                  .thenApply(ended -> ended.with(page.isFull(), twins.takeMoved()));
            },
            folding)
        .whenComplete(
            (ended, failure) -> {
              if (failure != null) {
                lookedNanos = OptionalLong.empty();
              }
            });
  }

  /**
   * A page shows where its own ranges stand. The quiet ones are looked at now and then, and after a
   * round that failed, whose page may be applied all the same: by another worker, or by this one.
   */
  private CompletionStage<Boolean> lookForTwins(Set<Integer> ranges) {
    long now = System.nanoTime();
    if (lookedNanos.isPresent() && now - lookedNanos.getAsLong() < lookEvery.toNanos()) {
      return CompletableFuture.completedFuture(false);
    }
    return Offsets.of(database, ranges)
        .thenApply(
            offsets -> {
              offsets.forEach(twins::look);
              lookedNanos = OptionalLong.of(now);
              return true;
            });
  }

  private CompletionStage<Ended> apply(List<FeedRow> rows, Map<Integer, String> poison) {
    if (rows.isEmpty()) {
      return CompletableFuture.completedFuture(Ended.of(0, Set.of(), Applied.NOTHING, poison));
    }
    return stageOf(rows)
        .handle(
            (applied, failure) ->
                failure == null
                    ? CompletableFuture.completedFuture(ended(rows, applied, poison))
                    : failed(rows, unwrapped(failure), poison))
        .thenCompose(stage -> stage);
  }

  private CompletionStage<Applied> stageOf(List<FeedRow> rows) {
    try {
      return application.apply(rows);
    } catch (PoisonException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private Ended ended(List<FeedRow> rows, Applied applied, Map<Integer, String> poison) {
    rows.forEach(row -> twins.leave(row.range(), row.key()));
    Set<Integer> ranges = Set.copyOf(rows.stream().map(FeedRow::range).distinct().toList());
    return Ended.of(rows.size(), ranges, applied, poison);
  }

  private CompletionStage<Ended> failed(
      List<FeedRow> rows, Throwable failure, Map<Integer, String> before) {
    if (failure instanceof PoisonException poison) {
      Optional<FeedRow> at = rows.stream().filter(row -> poison.isAbout(row.key())).findFirst();
      if (at.isPresent()) {
        return stopBefore(
            rows, at.get(), with(before, at.get(), String.valueOf(poison.getMessage())));
      }
    }
    if (failure instanceof StatementRefused || failure instanceof ConstraintViolation) {
      return rows.size() == 1
          ? stopBefore(
              rows,
              rows.get(0),
              with(before, rows.get(0), rows.get(0).key() + ": " + failure.getMessage()))
          : CompletableFuture.failedFuture(new PageRefusedException(failure));
    }
    // A page that takes too long may be too much at once.
    return failure instanceof Unavailable && rows.size() > 1
        ? CompletableFuture.failedFuture(new PageRefusedException(failure))
        : CompletableFuture.failedFuture(failure);
  }

  /** Applies what comes before the row that can't be applied, and all of the other ranges. */
  private CompletionStage<Ended> stopBefore(
      List<FeedRow> rows, FeedRow at, Map<Integer, String> poison) {
    int place = rows.indexOf(at);
    List<FeedRow> applicable = new ArrayList<>();
    for (int i = 0; i < rows.size(); i++) {
      if (i < place || rows.get(i).range() != at.range()) {
        applicable.add(rows.get(i));
      }
    }
    return apply(applicable, poison);
  }

  private static Map<Integer, String> with(Map<Integer, String> poison, FeedRow at, String reason) {
    Map<Integer, String> all = new HashMap<>(poison);
    all.put(at.range(), reason);
    return all;
  }

  static Throwable unwrapped(Throwable failure) {
    return failure instanceof CompletionException && failure.getCause() != null
        ? failure.getCause()
        : failure;
  }
}

package io.parley.search;

import io.parley.database.BinaryArray;
import io.parley.database.DatabaseException;
import io.parley.database.Statements;
import io.r2dbc.spi.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Finds a text in one person's messages, newest first.
 *
 * <p>First it walks from message to message, which finds at once what is common. What it has not
 * found by then is rare, and the index knows where it is: an answer costs as much as there are hits
 * of one's own. Where the index is no help (single letters; a word that is common, but long ago),
 * the walk goes on, so many messages a page, and the cursor says how far it came.
 *
 * <p>Stages fail with a {@link DatabaseException}.
 */
public final class Search {
  /**
   * What is in more than a hundredth of the messages fills a page within these: 5 ms when they are
   * in memory. What is in fewer is a handful for the index.
   */
  private static final int WALK = 2_000;

  /** Without the index: 60 ms when they are in memory. */
  private static final int LONG_WALK = 20_000;

  private final Statements database;
  private final SearchSettings settings;
  private final int walk;
  private final int longWalk;

  /**
   * Searches a database.
   *
   * @param database a pool of its own, whose statements end at the time limit
   */
  public Search(Statements database, SearchSettings settings) {
    this(database, settings, WALK, LONG_WALK);
  }

  Search(Statements database, SearchSettings settings, int walk, int longWalk) {
    this.database = database;
    this.settings = settings;
    this.walk = walk;
    this.longWalk = longWalk;
  }

  public SearchSettings settings() {
    return settings;
  }

  /**
   * Whether a text is a cursor that this search could have given.
   *
   * @param wanted with the conversation that it was given for, if it was for one
   */
  public static boolean isCursor(String cursor, Wanted wanted) {
    return SearchPlace.of(cursor)
        .filter(
            place ->
                wanted.in().isEmpty() || wanted.in().get().value().equals(place.conversation()))
        .isPresent();
  }

  /** The newest hits, or those after a cursor; what is no cursor begins at the newest. */
  public CompletionStage<HitPage> page(Wanted wanted, Optional<String> cursor) {
    SearchPlace from = cursor.flatMap(SearchPlace::of).orElse(SearchPlace.TOP);
    int[] grams = wanted.text().requiredGrams();
    boolean index = grams.length > 0 && !from.walking();
    int rows = index ? walk : longWalk;
    return walk(wanted, from, rows)
        .handle(
            (walked, failure) -> {
              if (failure != null) {
                return again(wanted, from, rows / 2, failure);
              }
              return walked.isEnough(wanted.limit()) || walked.reached.isEmpty() || !index
                  ? CompletableFuture.completedFuture(walked.page(wanted.limit()))
                  : lookUp(wanted, walked, walked.reached.get(), grams);
            })
        .thenCompose(page -> page);
  }

  /**
   * After a walk that took too long one half as far, as another attempt would meet the same. No
   * look-up follows, so that no page costs more than two statements.
   */
  private CompletionStage<HitPage> again(
      Wanted wanted, SearchPlace from, int rows, Throwable failure) {
    return tookTooLong(failure) && rows > 0
        ? walk(wanted, from, rows).thenApply(walked -> walked.page(wanted.limit()))
        : CompletableFuture.failedFuture(failure);
  }

  /**
   * What was found so far.
   *
   * @param reached where the walk came to; empty when nothing older is left
   * @param walking whether the next page walks on without asking the index
   */
  private record Walked(List<Found> hits, Optional<SearchPlace> reached, boolean walking) {

    boolean isEnough(int limit) {
      return hits.size() > limit;
    }

    HitPage page(int limit) {
      List<Found> shown = isEnough(limit) ? hits.subList(0, limit) : hits;
      Optional<SearchPlace> next =
          isEnough(limit) ? Optional.of(shown.get(limit - 1).place()) : reached;
      return new HitPage(
          shown.stream().map(Found::hit).toList(),
          next.map(place -> (walking ? place.walkingOn() : place).cursor()));
    }
  }

  private CompletionStage<Walked> walk(Wanted wanted, SearchPlace from, int rows) {
    String sql =
        wanted.in().isPresent() ? SearchStatements.walkOfOne(rows) : SearchStatements.walk(rows);
    return database
        .query(
            sql,
            statement -> bind(statement, wanted, from, wanted.limit() + 1),
            row -> Found.of(row, wanted.by(), rows))
        .thenApply(
            found -> {
              List<Found> hits = found.stream().filter(Found::isHit).toList();
              return new Walked(
                  hits,
                  found.stream().filter(Found::last).map(Found::place).findFirst(),
                  from.walking());
            });
  }

  /** Takes too long when a text is common, but not among the newest: then the walk goes on. */
  private CompletionStage<HitPage> lookUp(
      Wanted wanted, Walked walked, SearchPlace from, int[] grams) {
    int missing = wanted.limit() + 1 - walked.hits.size();
    String sql =
        wanted.in().isPresent() ? SearchStatements.lookUpOfOne() : SearchStatements.lookUp();
    return database
        .query(
            sql,
            statement ->
                statement.bind(bind(statement, wanted, from, missing), BinaryArray.ofInts(grams)),
            row -> Found.of(row, wanted.by(), Integer.MAX_VALUE))
        .handle(
            (found, failure) -> {
              List<Found> hits = new ArrayList<>(walked.hits);
              if (failure == null) {
                hits.addAll(found);
                return new Walked(hits, Optional.empty(), false).page(wanted.limit());
              }
              if (tookTooLong(failure)) {
                return new Walked(hits, Optional.of(from), true).page(wanted.limit());
              }
              throw new CompletionException(failure);
            });
  }

  /** Binds what all statements have; the place of the next parameter. */
  private static int bind(Statement statement, Wanted wanted, SearchPlace from, int rows) {
    statement.bind(0, wanted.by().value()).bind(1, wanted.text().folded()).bind(2, rows);
    if (wanted.in().isPresent()) {
      statement.bind(3, wanted.in().get().value()).bind(4, from.seq());
      return 5;
    }
    statement.bind(3, from.position()).bind(4, from.conversation()).bind(5, from.seq());
    return 6;
  }

  private static boolean tookTooLong(@Nullable Throwable failure) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    return cause instanceof DatabaseException.Unavailable
        || cause instanceof DatabaseException.OutcomeUnknown;
  }
}

package io.parley.history;

import io.parley.database.Statements;
import io.parley.model.ConversationEvent;
import io.parley.model.ConversationId;
import io.parley.model.OutboxNumber;
import io.parley.model.SequencedEvent;
import io.parley.model.UserId;
import io.parley.serialization.ConversationLog;
import io.parley.serialization.EventForm;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;

/**
 * Looks the log through for an operation by its number, when the conversation no longer remembers
 * it: newest first, page by page. The numbers of an outbox rise along the log, so a lower one of
 * the same outbox ends the search early.
 *
 * <p>A log may be long, and its pages are read by the connections that everybody's resume waits
 * for: at a node each person has one search at a time, and all together have a few.
 */
public final class NumberSearch {
  private static final int PAGE_ROWS = 200;
  private static final long PAGE_BYTES = 1 << 20;

  /** A third of the connections that a node reads with, as it is shipped. */
  static final int UNDER_WAY = 4;

  // The kinds stand in the statement: they are ours, and the planner sees that nearly all rows fit.
  private static final String PAGE =
      "SELECT "
          + LogRows.COLUMNS
          + " FROM (SELECT *, row_number() OVER walk AS place,"
          + " sum(octet_length(event_payload)) OVER walk AS bytes FROM (SELECT "
          + LogRows.COLUMNS
          + " FROM event_journal WHERE persistence_id = $1 AND seq_nr < $2 AND NOT deleted"
          + " AND event_ser_manifest IN ("
          + EventForm.numbered().stream()
              .map(form -> "'" + form.manifest() + "'")
              .collect(Collectors.joining(", "))
          + ") ORDER BY seq_nr DESC LIMIT $3) page"
          + " WINDOW walk AS (ORDER BY seq_nr DESC)) weighed"
          + " WHERE place = 1 OR bytes <= $4 ORDER BY seq_nr DESC";

  private final Statements database;
  private final PageLimit limit;

  /** Those for whom a log is being looked through. */
  private final Set<UserId> underWay = new HashSet<>();

  public NumberSearch(Statements database) {
    this(database, new PageLimit(PAGE_ROWS, PAGE_BYTES));
  }

  NumberSearch(Statements database, PageLimit limit) {
    this.database = database;
    this.limit = limit;
  }

  /**
   * The event that {@code author} made under this number, or empty when the log has none. Fails at
   * once with a {@link SearchBusyException} while there are searches enough: it may be tried again.
   *
   * @param wanted asked before each page; once it says no, the stage fails with a {@link
   *     CancellationException}
   */
  public CompletionStage<Optional<SequencedEvent>> find(
      ConversationId conversation, UserId author, OutboxNumber number, BooleanSupplier wanted) {
    if (!begin(author)) {
      return CompletableFuture.failedFuture(new SearchBusyException());
    }
    CompletionStage<Optional<SequencedEvent>> found;
    try {
      found = findBefore(new Search(conversation, author, number, wanted), Long.MAX_VALUE);
    } catch (RuntimeException failure) {
      end(author);
      throw failure;
    }
    return found.whenComplete((event, failure) -> end(author));
  }

  private boolean begin(UserId author) {
    synchronized (underWay) {
      return underWay.size() < UNDER_WAY && underWay.add(author);
    }
  }

  private void end(UserId author) {
    synchronized (underWay) {
      underWay.remove(author);
    }
  }

  private CompletionStage<Optional<SequencedEvent>> findBefore(Search search, long seq) {
    if (!search.wanted.getAsBoolean()) {
      return CompletableFuture.failedFuture(
          new CancellationException("Nobody waits for the number any more"));
    }
    return database
        .query(
            PAGE,
            statement ->
                statement
                    .bind(0, ConversationLog.persistenceId(search.conversation))
                    .bind(1, seq)
                    .bind(2, limit.events())
                    .bind(3, limit.bytes()),
            LogRows::event)
        .thenCompose(page -> goOn(search, page));
  }

  private CompletionStage<Optional<SequencedEvent>> goOn(
      Search search, List<SequencedEvent> newestFirst) {
    for (SequencedEvent event : newestFirst) {
      Optional<OutboxNumber> number = search.numberIn(event.event());
      if (number.isPresent() && number.get().n() <= search.number.n()) {
        boolean found = number.get().n() == search.number.n();
        return CompletableFuture.completedFuture(found ? Optional.of(event) : Optional.empty());
      }
    }
    return newestFirst.isEmpty()
        ? CompletableFuture.completedFuture(Optional.empty())
        : findBefore(search, newestFirst.get(newestFirst.size() - 1).seq());
  }

  private record Search(
      ConversationId conversation, UserId author, OutboxNumber number, BooleanSupplier wanted) {

    /** The number of an event of the same author and outbox. */
    Optional<OutboxNumber> numberIn(ConversationEvent event) {
      return event
          .usedNumber()
          .filter(candidate -> candidate.outbox() == number.outbox() && event.by().equals(author));
    }
  }
}

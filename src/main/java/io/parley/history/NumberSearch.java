package io.parley.history;

import io.parley.database.Statements;
import io.parley.model.ConversationEvent;
import io.parley.model.ConversationId;
import io.parley.model.OutboxNumber;
import io.parley.model.SequencedEvent;
import io.parley.model.UserId;
import io.parley.serialization.ConversationLog;
import io.parley.serialization.EventForm;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;

/**
 * Looks the log through for an operation by its number, when the conversation no longer remembers
 * it: newest first, page by page. The numbers of an outbox rise along the log, so a lower one of
 * the same outbox ends the search early.
 */
public final class NumberSearch {
  private static final int PAGE_ROWS = 200;
  private static final long PAGE_BYTES = 1 << 20;

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

  public NumberSearch(Statements database) {
    this(database, new PageLimit(PAGE_ROWS, PAGE_BYTES));
  }

  NumberSearch(Statements database, PageLimit limit) {
    this.database = database;
    this.limit = limit;
  }

  /**
   * The event that {@code author} made under this number, or empty when the log has none.
   *
   * @param wanted asked before each page; once it says no, the stage fails with a {@link
   *     CancellationException}
   */
  public CompletionStage<Optional<SequencedEvent>> find(
      ConversationId conversation, UserId author, OutboxNumber number, BooleanSupplier wanted) {
    return findBefore(new Search(conversation, author, number, wanted), Long.MAX_VALUE);
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

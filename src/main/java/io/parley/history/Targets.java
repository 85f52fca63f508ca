package io.parley.history;

import static java.util.Objects.requireNonNull;

import io.parley.database.Statements;
import io.parley.model.ConversationEvent;
import io.parley.model.ConversationEvent.Erased;
import io.parley.model.ConversationEvent.Operated;
import io.parley.model.ConversationId;
import io.parley.model.Operation;
import io.parley.model.SequencedEvent;
import io.parley.model.UserId;
import io.parley.serialization.ConversationLog;
import io.parley.serialization.EventCbor;
import io.r2dbc.spi.Readable;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Messages that an edit, a deletion or a reaction is about: the read side as far as it has come,
 * and the rows of the journal past that, in one statement and so of one moment. While the read side
 * is rebuilt, the answer takes longer and is the same.
 */
public final class Targets {
  private static final int TAIL_ROWS = 500;

  /** A deletion or a reaction past what the read side has counted in. */
  private static final String TAIL =
      " FROM event_journal WHERE persistence_id = $1 AND seq_nr > %s AND NOT deleted"
          + " AND event_ser_manifest IN ('react-1', 'delete-1') ORDER BY seq_nr LIMIT "
          + TAIL_ROWS;

  private static final String FIRST =
      "WITH summary AS (SELECT coalesce(max(as_of), 0) AS as_of FROM conversation_summary"
          + " WHERE conversation_id = $2)"
          + " SELECT 'message' AS source, seq_nr, event_ser_manifest, event_payload,"
          + " '' AS emoji, '' AS user_id, coalesce((SELECT erased FROM message"
          + " WHERE conversation_id = $2 AND seq = $3), false) AS erased"
          + " FROM event_journal WHERE persistence_id = $1 AND seq_nr = $3 AND NOT deleted"
          + " UNION ALL SELECT 'reaction', 0, '', ''::bytea, emoji, user_id, false"
          + " FROM reaction WHERE conversation_id = $2 AND of_seq = $3"
          + " UNION ALL SELECT * FROM (SELECT 'tail', seq_nr, event_ser_manifest, event_payload,"
          + " '', '', false"
          + TAIL.formatted("(SELECT as_of FROM summary)")
          + ") tail ORDER BY 2";

  private static final String NEXT = "SELECT " + LogRows.COLUMNS + TAIL.formatted("$2");

  private final Statements database;

  public Targets(Statements database) {
    this.database = database;
  }

  /** The event at {@code seq}; empty when the log has none there. */
  public CompletionStage<Optional<Target>> at(ConversationId conversation, long seq) {
    return database
        .query(
            FIRST,
            statement ->
                statement
                    .bind(0, ConversationLog.persistenceId(conversation))
                    .bind(1, conversation.value())
                    .bind(2, seq),
            Row::of)
        .thenCompose(
            rows -> {
              Optional<Row> found =
                  rows.stream().filter(row -> row.source.equals("message")).findFirst();
              if (found.isEmpty()) {
                return CompletableFuture.completedFuture(Optional.empty());
              }
              Now now = new Now(found.get().event(), found.get().erased);
              rows.stream().filter(row -> row.source.equals("reaction")).forEach(now::addReaction);
              List<SequencedEvent> tail =
                  rows.stream().filter(row -> row.source.equals("tail")).map(Row::event).toList();
              return follow(conversation, now, tail);
            });
  }

  /** The emoji that are on a message now. */
  public CompletionStage<Set<String>> emoji(ConversationId conversation, long of) {
    return at(conversation, of).thenApply(target -> target.map(Target::emoji).orElse(Set.of()));
  }

  private CompletionStage<Optional<Target>> follow(
      ConversationId conversation, Now now, List<SequencedEvent> tail) {
    tail.forEach(now::apply);
    if (tail.size() < TAIL_ROWS) {
      return CompletableFuture.completedFuture(Optional.of(now.target()));
    }
    return database
        .query(
            NEXT,
            statement ->
                statement
                    .bind(0, ConversationLog.persistenceId(conversation))
                    .bind(1, tail.get(tail.size() - 1).seq()),
            LogRows::event)
        .thenCompose(next -> follow(conversation, now, next));
  }

  /** The message while the rows are walked; confined to one call. */
  private static final class Now {
    private final SequencedEvent message;
    private final Map<String, Set<UserId>> reactions = new HashMap<>();
    private boolean deleted;

    Now(SequencedEvent message, boolean erased) {
      this.message = message;
      this.deleted = erased || message.event() instanceof Erased;
    }

    void addReaction(Row row) {
      reactions.computeIfAbsent(row.emoji, emoji -> new HashSet<>()).add(new UserId(row.userId));
    }

    void apply(SequencedEvent event) {
      if (!(event.event() instanceof Operated operated)) {
        return;
      }
      if (operated.operation() instanceof Operation.Delete delete && delete.of() == message.seq()) {
        deleted |= operated.by().equals(message.event().by());
      } else if (operated.operation() instanceof Operation.React react
          && react.of() == message.seq()) {
        Set<UserId> people = reactions.computeIfAbsent(react.emoji(), emoji -> new HashSet<>());
        if (react.on()) {
          people.add(operated.by());
        } else {
          people.remove(operated.by());
        }
      }
    }

    Target target() {
      reactions.values().removeIf(Set::isEmpty);
      return new Target(message, deleted, deleted ? Set.of() : reactions.keySet());
    }
  }

  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  private record Row(
      String source,
      long seq,
      String manifest,
      byte[] payload,
      String emoji,
      String userId,
      boolean erased) {
    static Row of(Readable row) {
      return new Row(
          requireNonNull(row.get(0, String.class)),
          requireNonNull(row.get(1, Long.class)),
          requireNonNull(row.get(2, String.class)),
          requireNonNull(row.get(3, byte[].class)),
          requireNonNull(row.get(4, String.class)),
          requireNonNull(row.get(5, String.class)),
          requireNonNull(row.get(6, Boolean.class)));
    }

    SequencedEvent event() {
      ConversationEvent event = EventCbor.CODEC.fromBytes(manifest, payload);
      return new SequencedEvent(seq, event);
    }
  }
}

package io.parley.history;

import static java.util.Objects.requireNonNull;

import io.parley.database.BinaryArray;
import io.parley.database.Statements;
import io.parley.model.ConversationId;
import io.parley.model.SequencedEvent;
import io.parley.serialization.ConversationLog;
import io.r2dbc.spi.Readable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * The log of a conversation, read from the journal by its primary key: what is committed is seen,
 * on any node. Each call is one statement, bounded in rows and bytes by PostgreSQL itself.
 *
 * <p>Stages fail with a {@code DatabaseException}, or with a {@code PersistedFormatException} for
 * an event that a newer node wrote.
 */
public final class History {

  // The window sums the bytes up to each row; the length of a payload is known without reading it.
  private static final String PAGE =
      "SELECT "
          + LogRows.COLUMNS
          + " FROM (SELECT *, row_number() OVER walk AS place,"
          + " sum(octet_length(event_payload)) OVER walk AS bytes"
          + " FROM (SELECT "
          + LogRows.COLUMNS
          + " FROM event_journal WHERE persistence_id = $1 AND seq_nr %1$s $2 AND NOT deleted"
          + " ORDER BY seq_nr %2$s LIMIT $3) page WINDOW walk AS (ORDER BY seq_nr %2$s)) weighed"
          + " WHERE place = 1 OR bytes <= $4 ORDER BY seq_nr %2$s";
  private static final String AFTER = PAGE.formatted(">", "ASC");
  private static final String BEFORE = PAGE.formatted("<", "DESC");

  // Rows in the order of the places: the windows add up over all of them.
  static final String AFTER_EACH =
      "SELECT place, "
          + LogRows.COLUMNS
          + " FROM (SELECT *, row_number() OVER walk AS nth,"
          + " sum(octet_length(event_payload)) OVER walk AS bytes"
          + " FROM (SELECT i.place, e.* FROM"
          + " unnest($1, $2) WITH ORDINALITY AS i(persistence_id, after, place)"
          + " CROSS JOIN LATERAL (SELECT "
          + LogRows.COLUMNS
          + " FROM event_journal WHERE persistence_id = i.persistence_id AND seq_nr > i.after"
          + " AND NOT deleted ORDER BY seq_nr LIMIT $3) e) pages"
          + " WINDOW walk AS (ORDER BY place, seq_nr)) weighed"
          + " WHERE nth = 1 OR bytes <= $4 ORDER BY place, seq_nr";

  private static final String EVENT =
      "SELECT "
          + LogRows.COLUMNS
          + " FROM event_journal WHERE persistence_id = $1 AND seq_nr = $2 AND NOT deleted";

  private static final String HEADS =
      "SELECT i.place, e.seq_nr FROM unnest($1) WITH ORDINALITY AS i(persistence_id, place)"
          + " CROSS JOIN LATERAL (SELECT seq_nr FROM event_journal"
          + " WHERE persistence_id = i.persistence_id ORDER BY seq_nr DESC LIMIT 1) e";

  private final Statements database;

  public History(Statements database) {
    this.database = database;
  }

  /** The events after {@code seq}, in order. Empty when {@code seq} is the head, or past it. */
  public CompletionStage<List<SequencedEvent>> after(
      ConversationId conversation, long seq, PageLimit limit) {
    return page(AFTER, conversation, seq, limit);
  }

  /**
   * The events after each of these places, in order; conversations without any are left out. The
   * limit is for all of them: each may have its share of the events, at least one, and bytes are
   * taken up in the order of the map, so that those behind the last one that has something may have
   * been cut.
   */
  public CompletionStage<Map<ConversationId, List<SequencedEvent>>> after(
      Map<ConversationId, Long> places, PageLimit limit) {
    List<ConversationId> conversations = List.copyOf(places.keySet());
    String[] ids =
        conversations.stream().map(ConversationLog::persistenceId).toArray(String[]::new);
    long[] after = places.values().stream().mapToLong(Long::longValue).toArray();
    int share = Math.max(1, limit.events() / Math.max(1, ids.length));
    return database
        .query(
            AFTER_EACH,
            statement ->
                statement
                    .bind(0, BinaryArray.ofTexts(ids))
                    .bind(1, BinaryArray.ofLongs(after))
                    .bind(2, share)
                    .bind(3, limit.bytes()),
            Placed::of)
        .thenApply(
            rows -> {
              Map<ConversationId, List<SequencedEvent>> pages = new HashMap<>();
              for (Placed row : rows) {
                pages
                    .computeIfAbsent(
                        conversations.get((int) row.place - 1), first -> new ArrayList<>())
                    .add(row.event);
              }
              return pages;
            });
  }

  /**
   * The newest events before {@code seq}, in order. Empty when {@code seq} is 1; {@code
   * Long.MAX_VALUE} gives the newest of all.
   */
  public CompletionStage<List<SequencedEvent>> before(
      ConversationId conversation, long seq, PageLimit limit) {
    return page(BEFORE, conversation, seq, limit)
        .thenApply(
            newestFirst -> {
              List<SequencedEvent> events = new ArrayList<>(newestFirst);
              Collections.reverse(events);
              return events;
            });
  }

  private CompletionStage<List<SequencedEvent>> page(
      String sql, ConversationId conversation, long seq, PageLimit limit) {
    return database.query(
        sql,
        statement ->
            statement
                .bind(0, ConversationLog.persistenceId(conversation))
                .bind(1, seq)
                .bind(2, limit.events())
                .bind(3, limit.bytes()),
        LogRows::event);
  }

  public CompletionStage<Optional<SequencedEvent>> event(ConversationId conversation, long seq) {
    return database
        .query(
            EVENT,
            statement ->
                statement.bind(0, ConversationLog.persistenceId(conversation)).bind(1, seq),
            LogRows::event)
        .thenApply(found -> found.stream().findFirst());
  }

  /** The highest sequence number; 0 when nothing was ever stored. */
  public CompletionStage<Long> head(ConversationId conversation) {
    return heads(List.of(conversation)).thenApply(heads -> heads.getOrDefault(conversation, 0L));
  }

  /** The heads of those among these conversations that have one. */
  public CompletionStage<Map<ConversationId, Long>> heads(Collection<ConversationId> of) {
    List<ConversationId> conversations = List.copyOf(of);
    String[] ids =
        conversations.stream().map(ConversationLog::persistenceId).toArray(String[]::new);
    return database
        .query(HEADS, statement -> statement.bind(0, BinaryArray.ofTexts(ids)), Head::of)
        .thenApply(
            heads -> {
              Map<ConversationId, Long> byConversation = new HashMap<>();
              for (Head head : heads) {
                byConversation.put(conversations.get((int) head.place - 1), head.seq);
              }
              return byConversation;
            });
  }

  private record Placed(long place, SequencedEvent event) {
    static Placed of(Readable row) {
      return new Placed(requireNonNull(row.get("place", Long.class)), LogRows.event(row));
    }
  }

  private record Head(long place, long seq) {
    static Head of(Readable row) {
      return new Head(
          requireNonNull(row.get(0, Long.class)), requireNonNull(row.get(1, Long.class)));
    }
  }
}

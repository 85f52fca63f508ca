package io.parley.history;

import static java.util.Objects.requireNonNull;

import io.parley.database.Statements;
import io.parley.model.ConversationId;
import io.parley.model.ConversationSummary;
import io.parley.model.ConversationSummary.LastMessage;
import io.parley.model.Marks;
import io.parley.model.Person;
import io.parley.model.UserId;
import io.parley.serialization.ConversationLog;
import io.r2dbc.spi.Readable;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * People's conversations as the read side lists them, within a second of what happened. Heads come
 * from the journal, in the same statement: what is committed is in them, and no {@code asOf} is
 * past its head.
 */
public final class Inbox {
  private static final String SUMMARY =
      " s.conversation_id, s.peer_id, s.as_of, s.unread, s.my_delivered, s.my_read,"
          + " s.peer_delivered, s.peer_read, s.last_seq, s.last_by, s.last_at, s.last_preview,"
          + " s.last_erased, s.activity";

  private static final String PERSON_AND_HEAD =
      " p.id AS person_id, p.username, p.display_name, coalesce(h.seq_nr, 0) AS head";

  private static final String HEAD =
      " LEFT JOIN LATERAL (SELECT j.seq_nr FROM event_journal j"
          + " WHERE j.persistence_id = %s ORDER BY j.seq_nr DESC LIMIT 1) h"
          + " ON true";

  // One statement, one moment: a summary with a version up to the one told was committed before.
  private static final String PAGE =
      "SELECT me.version AS inbox_version,"
          + SUMMARY
          + ","
          + PERSON_AND_HEAD
          + " FROM (SELECT coalesce((SELECT version FROM user_feed WHERE user_id = $1), 0)"
          + " AS version) me LEFT JOIN LATERAL (SELECT * FROM conversation_summary c"
          + " WHERE c.user_id = $1 AND (c.activity, c.conversation_id) < ($2, $3)%s"
          + " ORDER BY c.activity DESC, c.conversation_id DESC LIMIT $4) s ON true"
          + " LEFT JOIN users p ON p.id = s.peer_id"
          + HEAD.formatted(ConversationLog.persistenceIdOf("s.conversation_id"))
          + " ORDER BY s.activity DESC, s.conversation_id DESC";

  static final String NEWEST = PAGE.formatted("");

  // A version past the inbox's own is of another database: everything counts as changed.
  static final String CHANGED =
      PAGE.formatted(
          " AND c.version > CASE WHEN $5 > me.version THEN 0::bigint ELSE $5::bigint END");

  static final String ONE =
      "SELECT "
          + SUMMARY
          + ","
          + PERSON_AND_HEAD
          + " FROM conversations c JOIN users p"
          + " ON p.id = CASE c.user_a WHEN $1 THEN c.user_b ELSE c.user_a END"
          + " LEFT JOIN conversation_summary s ON s.conversation_id = c.id AND s.user_id = $1"
          + HEAD.formatted(ConversationLog.persistenceIdOf("c.id"))
          + " WHERE c.id = $2 AND $1 IN (c.user_a, c.user_b)";

  private final Statements database;

  public Inbox(Statements database) {
    this.database = database;
  }

  /** The newest, or what follows a cursor. */
  public CompletionStage<InboxPage> newest(UserId user, int limit, Optional<String> cursor) {
    InboxPlace from = InboxPlace.of(cursor);
    return database
        .query(
            NEWEST,
            statement ->
                statement
                    .bind(0, user.value())
                    .bind(1, from.activity())
                    .bind(2, from.conversation())
                    .bind(3, limit + 1),
            Listed::of)
        .thenApply(rows -> page(rows, from, limit));
  }

  /**
   * What changed since a place in this inbox, or what follows a cursor of the same question. A
   * place that can't be read, or is of another database, is the beginning.
   */
  public CompletionStage<InboxPage> changedSince(
      UserId user, String since, int limit, Optional<String> cursor) {
    InboxPlace from = InboxPlace.of(cursor);
    return database
        .query(
            CHANGED,
            statement ->
                statement
                    .bind(0, user.value())
                    .bind(1, from.activity())
                    .bind(2, from.conversation())
                    .bind(3, limit + 1)
                    .bind(4, InboxPlace.version(since)),
            Listed::of)
        .thenApply(rows -> page(rows, from, limit));
  }

  /** A place in an inbox as {@link #changedSince} takes it. */
  public static String sinceOf(long version) {
    return InboxPlace.since(version);
  }

  /**
   * One conversation as this participant's inbox lists it, or would: before its first operation it
   * holds nothing. Empty when this person isn't in it.
   */
  public CompletionStage<Optional<ConversationSummary>> summary(
      UserId user, ConversationId conversation) {
    return database
        .query(
            ONE,
            statement -> statement.bind(0, user.value()).bind(1, conversation.value()),
            row ->
                row.get("conversation_id", String.class) == null
                    ? ConversationSummary.empty(conversation, person(row))
                        .withHead(number(row, "head"))
                    : summary(row))
        .thenApply(found -> found.stream().findFirst());
  }

  /** How often this inbox has changed; 0 when it never did. */
  public CompletionStage<Long> version(UserId user) {
    return newest(user, 1, Optional.empty()).thenApply(InboxPage::version);
  }

  private static InboxPage page(List<Listed> rows, InboxPlace from, int limit) {
    List<Listed> listed = rows.stream().filter(row -> row.summary.isPresent()).toList();
    boolean more = listed.size() > limit;
    List<Listed> part = more ? listed.subList(0, limit) : listed;
    long version = from.version() >= 0 ? from.version() : rows.get(0).version;
    Optional<String> cursor =
        more ? Optional.of(part.get(part.size() - 1).place(version).cursor()) : Optional.empty();
    return new InboxPage(
        part.stream().flatMap(row -> row.summary.stream()).toList(),
        InboxPlace.since(version),
        version,
        more,
        cursor);
  }

  private record Listed(long version, long activity, Optional<ConversationSummary> summary) {
    static Listed of(Readable row) {
      return row.get("conversation_id", String.class) == null
          ? new Listed(number(row, "inbox_version"), 0, Optional.empty())
          : new Listed(
              number(row, "inbox_version"),
              number(row, "activity"),
              Optional.of(Inbox.summary(row)));
    }

    InboxPlace place(long firstVersion) {
      return new InboxPlace(firstVersion, activity, summary.map(s -> s.id().value()).orElseThrow());
    }
  }

  private static ConversationSummary summary(Readable row) {
    return new ConversationSummary(
        new ConversationId(text(row, "conversation_id")),
        person(row),
        number(row, "head"),
        number(row, "as_of"),
        number(row, "unread"),
        new Marks(number(row, "my_delivered"), number(row, "my_read")),
        new Marks(number(row, "peer_delivered"), number(row, "peer_read")),
        Optional.ofNullable(row.get("last_seq", Long.class)).map(last(row)));
  }

  private static Function<Long, LastMessage> last(Readable row) {
    return seq ->
        new LastMessage(
            seq,
            new UserId(text(row, "last_by")),
            number(row, "last_at"),
            text(row, "last_preview"),
            requireNonNull(row.get("last_erased", Boolean.class)));
  }

  /** Somebody whose account is gone keeps an id, and no name. */
  private static Person person(Readable row) {
    String id = row.get("person_id", String.class);
    return id == null
        ? new Person(new UserId(text(row, "peer_id")), "", "")
        : new Person(new UserId(id), text(row, "username"), text(row, "display_name"));
  }

  private static String text(Readable row, String column) {
    return requireNonNull(row.get(column, String.class));
  }

  private static long number(Readable row, String column) {
    return requireNonNull(row.get(column, Long.class));
  }
}

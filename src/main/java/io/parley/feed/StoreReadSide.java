package io.parley.feed;

import static java.util.Objects.requireNonNull;

import io.parley.database.Statements;
import io.parley.feed.ConversationView.Side;
import io.parley.feed.Folded.Edit;
import io.parley.feed.Folded.Reaction;
import io.parley.model.ConversationId;
import io.parley.model.ConversationSummary.LastMessage;
import io.parley.model.SearchText;
import io.parley.model.UserId;
import io.r2dbc.spi.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Writes what folds made of a page: one statement per table, whatever the number of rows. */
final class StoreReadSide {
  private static final String MESSAGES =
      "INSERT INTO message (conversation_id, seq, author, recipient, at, position, body,"
          + " reply_to, edited, erased, folded, grams)"
          + " SELECT conversation_id, seq, author, recipient, at, position, body,"
          + " nullif(reply_to, 0), edited, erased, folded, grams::int[]"
          + " FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) AS"
          + " i(conversation_id, seq, author, recipient, at, position, body, reply_to, edited,"
          + " erased, folded, grams)"
          + " ON CONFLICT (conversation_id, seq) DO UPDATE SET body = excluded.body,"
          + " reply_to = excluded.reply_to, edited = excluded.edited, erased = excluded.erased,"
          + " folded = excluded.folded, grams = excluded.grams";

  private static final String EDITS =
      "INSERT INTO message_edit (conversation_id, of_seq, seq) SELECT * FROM unnest($1, $2, $3)"
          + " ON CONFLICT DO NOTHING";

  private static final String REACTIONS =
      "WITH change AS (SELECT * FROM unnest($1, $2, $3, $4, $5)"
          + " AS i(conversation_id, of_seq, emoji, user_id, is_on)),"
          + " off AS (DELETE FROM reaction r USING change c"
          + " WHERE NOT c.is_on AND r.conversation_id = c.conversation_id"
          + " AND r.of_seq = c.of_seq AND r.emoji = c.emoji AND r.user_id = c.user_id)"
          + " INSERT INTO reaction (conversation_id, of_seq, emoji, user_id)"
          + " SELECT conversation_id, of_seq, emoji, user_id FROM change WHERE is_on"
          + " ON CONFLICT DO NOTHING";

  // Everything that ever held a text of these messages, to be overwritten in the journal.
  private static final String DELETIONS =
      "WITH deleted AS (SELECT * FROM unnest($1, $2, $3) AS i(range, conversation_id, seq)),"
          + " reactions AS (DELETE FROM reaction r USING deleted d"
          + " WHERE r.conversation_id = d.conversation_id AND r.of_seq = d.seq),"
          + " edits AS (DELETE FROM message_edit e USING deleted d"
          + " WHERE e.conversation_id = d.conversation_id AND e.of_seq = d.seq"
          + " RETURNING d.range, e.conversation_id, e.seq)"
          + " INSERT INTO erasure (range, conversation_id, seq)"
          + " SELECT * FROM deleted UNION SELECT * FROM edits ON CONFLICT DO NOTHING";

  private static final String LATE_EDITS =
      "INSERT INTO erasure (range, conversation_id, seq) SELECT * FROM unnest($1, $2, $3)"
          + " ON CONFLICT DO NOTHING";

  // In the order of the ids, so that two transactions with two people in common don't wait for
  // each other. Last but one: what reads inboxes waits for no lock, but other workers do.
  private static final String VERSIONS =
      "INSERT INTO user_feed AS f (user_id, version) SELECT user_id, 1 FROM unnest($1)"
          + " AS i(user_id) ORDER BY user_id COLLATE \"C\""
          + " ON CONFLICT (user_id) DO UPDATE SET version = f.version + 1"
          + " RETURNING user_id, version";

  private static final String SUMMARIES =
      "INSERT INTO conversation_summary (conversation_id, user_id, peer_id, as_of, unread,"
          + " my_delivered, my_read, peer_delivered, peer_read, last_seq, last_by, last_at,"
          + " last_preview, last_erased, activity, version)"
          + " SELECT i.conversation_id, i.user_id, i.peer_id, i.as_of, i.unread, i.my_delivered,"
          + " i.my_read, i.peer_delivered, i.peer_read, l.seq, l.by, l.at, l.preview, l.erased,"
          + " i.activity, i.version"
          + " FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)"
          + " AS i(conversation_id, user_id, peer_id, as_of, unread, my_delivered, my_read,"
          + " peer_delivered, peer_read, last_seq, last_by, last_at, last_preview, last_erased,"
          + " activity, version)"
          + " LEFT JOIN LATERAL (SELECT i.last_seq, i.last_by, i.last_at, i.last_preview,"
          + " i.last_erased WHERE i.last_seq > 0) AS l(seq, by, at, preview, erased) ON true"
          + " ON CONFLICT (conversation_id, user_id) DO UPDATE SET as_of = excluded.as_of,"
          + " unread = excluded.unread, my_delivered = excluded.my_delivered,"
          + " my_read = excluded.my_read, peer_delivered = excluded.peer_delivered,"
          + " peer_read = excluded.peer_read, last_seq = excluded.last_seq,"
          + " last_by = excluded.last_by, last_at = excluded.last_at,"
          + " last_preview = excluded.last_preview, last_erased = excluded.last_erased,"
          + " activity = excluded.activity, version = excluded.version";

  /** The place of a conversation's slice decides which worker erases. */
  record Changed(int range, ConversationId conversation, Folded folded) {}

  private record Message(
      ConversationId conversation, UserId recipient, StoredMessage message, SearchText search) {
    static Message of(Changed one, StoredMessage message) {
      return new Message(
          one.conversation,
          one.folded.view().participants().peerOf(message.by()),
          message,
          SearchText.of(message.text()));
    }

    /** As PostgreSQL writes an array: rows of arrays of different lengths are no array. */
    String grams() {
      return Arrays.stream(search.grams())
          .mapToObj(Integer::toString)
          .collect(Collectors.joining(",", "{", "}"));
    }
  }

  private record Place(int range, ConversationId conversation, long seq) {}

  private record Of<T>(ConversationId conversation, T value) {}

  private record Summary(
      ConversationId conversation, UserId user, UserId peer, ConversationView view, long version) {
    Side mine() {
      return view.side(user);
    }

    Side peers() {
      return view.side(peer);
    }

    <T> T last(Function<LastMessage, T> column, T none) {
      return view.last().map(column).orElse(none);
    }
  }

  private final Statements transaction;
  private final List<Changed> changed;

  StoreReadSide(Statements transaction, List<Changed> changed) {
    this.transaction = transaction;
    this.changed = changed;
  }

  /** Returns the new versions of the inboxes that this changes. */
  CompletionStage<Map<UserId, Long>> store() {
    return messages()
        .thenCompose(done -> edits())
        .thenCompose(done -> reactions())
        .thenCompose(done -> deletions())
        .thenCompose(done -> lateEdits())
        .thenCompose(done -> versions())
        .thenCompose(versions -> summaries(versions).thenApply(done -> versions));
  }

  private CompletionStage<Long> messages() {
    List<Message> messages = new ArrayList<>();
    for (Changed one : changed) {
      one.folded.messages().forEach(message -> messages.add(Message.of(one, message)));
    }
    Columns<Message> rows = new Columns<>(messages);
    return update(
        MESSAGES,
        messages,
        statement ->
            statement
                .bind(0, rows.texts(row -> row.conversation.value()))
                .bind(1, rows.longs(row -> row.message.seq()))
                .bind(2, rows.texts(row -> row.message.by().value()))
                .bind(3, rows.texts(row -> row.recipient.value()))
                .bind(4, rows.longs(row -> row.message.at()))
                .bind(5, rows.longs(row -> row.message.position()))
                .bind(6, rows.texts(row -> row.message.text()))
                .bind(7, rows.longs(row -> row.message.replyTo().orElse(0)))
                .bind(8, rows.flags(row -> row.message.edited()))
                .bind(9, rows.flags(row -> row.message.erased()))
                .bind(10, rows.texts(row -> row.search.folded()))
                .bind(11, rows.texts(Message::grams)));
  }

  private CompletionStage<Long> edits() {
    Columns<Of<Edit>> rows = rows(Folded::edits);
    return update(
        EDITS,
        rows.rows(),
        statement ->
            statement
                .bind(0, rows.texts(row -> row.conversation.value()))
                .bind(1, rows.longs(row -> row.value.of()))
                .bind(2, rows.longs(row -> row.value.seq())));
  }

  private CompletionStage<Long> reactions() {
    Columns<Of<Map.Entry<Reaction, Boolean>>> rows = rows(folded -> folded.reactions().entrySet());
    return update(
        REACTIONS,
        rows.rows(),
        statement ->
            statement
                .bind(0, rows.texts(row -> row.conversation.value()))
                .bind(1, rows.longs(row -> row.value.getKey().of()))
                .bind(2, rows.texts(row -> row.value.getKey().emoji()))
                .bind(3, rows.texts(row -> row.value.getKey().by().value()))
                .bind(4, rows.flags(row -> row.value.getValue())));
  }

  private CompletionStage<Long> deletions() {
    return places(DELETIONS, Folded::deleted);
  }

  private CompletionStage<Long> lateEdits() {
    return places(LATE_EDITS, Folded::lateEdits);
  }

  private CompletionStage<Long> places(String sql, Function<Folded, Collection<Long>> seqs) {
    List<Place> places = new ArrayList<>();
    for (Changed one : changed) {
      seqs.apply(one.folded)
          .forEach(seq -> places.add(new Place(one.range, one.conversation, seq)));
    }
    Columns<Place> rows = new Columns<>(places);
    return update(
        sql,
        places,
        statement ->
            statement
                .bind(0, rows.ints(Place::range))
                .bind(1, rows.texts(place -> place.conversation.value()))
                .bind(2, rows.longs(Place::seq)));
  }

  private CompletionStage<Map<UserId, Long>> versions() {
    TreeSet<UserId> users = new TreeSet<>();
    for (Changed one : changed) {
      users.add(one.folded.view().participants().first());
      users.add(one.folded.view().participants().second());
    }
    Columns<UserId> rows = new Columns<>(List.copyOf(users));
    return transaction
        .query(
            VERSIONS,
            statement -> statement.bind(0, rows.texts(UserId::value)),
            row ->
                Map.entry(
                    new UserId(requireNonNull(row.get(0, String.class))),
                    requireNonNull(row.get(1, Long.class))))
        .thenApply(
            versions -> {
              Map<UserId, Long> byUser = new TreeMap<>();
              versions.forEach(version -> byUser.put(version.getKey(), version.getValue()));
              return byUser;
            });
  }

  private CompletionStage<Long> summaries(Map<UserId, Long> versions) {
    Columns<Summary> rows =
        new Columns<>(changed.stream().flatMap(one -> summaries(one, versions)).toList());
    return update(
        SUMMARIES,
        rows.rows(),
        statement ->
            statement
                .bind(0, rows.texts(row -> row.conversation.value()))
                .bind(1, rows.texts(row -> row.user.value()))
                .bind(2, rows.texts(row -> row.peer.value()))
                .bind(3, rows.longs(row -> row.view.asOf()))
                .bind(4, rows.longs(row -> row.mine().unread()))
                .bind(5, rows.longs(row -> row.mine().marks().delivered()))
                .bind(6, rows.longs(row -> row.mine().marks().read()))
                .bind(7, rows.longs(row -> row.peers().marks().delivered()))
                .bind(8, rows.longs(row -> row.peers().marks().read()))
                .bind(9, rows.longs(row -> row.last(LastMessage::seq, 0L)))
                .bind(10, rows.texts(row -> row.last(last -> last.by().value(), "")))
                .bind(11, rows.longs(row -> row.last(LastMessage::at, 0L)))
                .bind(12, rows.texts(row -> row.last(LastMessage::preview, "")))
                .bind(13, rows.flags(row -> row.last(LastMessage::erased, false)))
                .bind(14, rows.longs(row -> row.view.activity()))
                .bind(15, rows.longs(Summary::version)));
  }

  private static Stream<Summary> summaries(Changed one, Map<UserId, Long> versions) {
    ConversationView view = one.folded.view();
    UserId first = view.participants().first();
    UserId second = view.participants().second();
    return Stream.of(
        new Summary(one.conversation, first, second, view, version(versions, first)),
        new Summary(one.conversation, second, first, view, version(versions, second)));
  }

  private static long version(Map<UserId, Long> versions, UserId user) {
    return Optional.ofNullable(versions.get(user))
        .orElseThrow(() -> new IllegalStateException("PostgreSQL told no version of " + user));
  }

  private <T> Columns<Of<T>> rows(Function<Folded, Collection<T>> part) {
    List<Of<T>> rows = new ArrayList<>();
    for (Changed one : changed) {
      part.apply(one.folded).forEach(value -> rows.add(new Of<>(one.conversation, value)));
    }
    return new Columns<>(rows);
  }

  private CompletionStage<Long> update(String sql, List<?> rows, Consumer<Statement> binding) {
    return rows.isEmpty()
        ? CompletableFuture.completedFuture(0L)
        : transaction.update(sql, binding);
  }
}

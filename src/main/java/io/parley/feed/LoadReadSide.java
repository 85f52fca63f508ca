package io.parley.feed;

import static java.util.Objects.requireNonNull;

import io.parley.database.Statements;
import io.parley.feed.ConversationView.Side;
import io.parley.model.ConversationId;
import io.parley.model.ConversationSummary.LastMessage;
import io.parley.model.Marks;
import io.parley.model.Participants;
import io.parley.model.UserId;
import io.r2dbc.spi.Readable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Reads what folds go on from: for all conversations of a page at once, by their keys. */
final class LoadReadSide {

  // Each row holds both participants' marks; only the count of unread ones is the other row's.
  private static final String VIEWS =
      "SELECT a.conversation_id, a.user_id, a.peer_id, a.as_of, a.unread, b.unread AS peer_unread,"
          + " a.my_delivered, a.my_read, a.peer_delivered, a.peer_read, a.last_seq, a.last_by,"
          + " a.last_at, a.last_preview, a.last_erased, a.activity"
          + " FROM conversation_summary a JOIN conversation_summary b"
          + " ON b.conversation_id = a.conversation_id AND b.user_id = a.peer_id"
          + " WHERE a.conversation_id = ANY($1) AND a.user_id < a.peer_id";

  private static final String MESSAGES =
      "SELECT m.conversation_id, m.seq, m.author, m.at, m.position, m.reply_to, m.edited, m.erased"
          + " FROM unnest($1, $2) AS i(conversation_id, seq) JOIN message m"
          + " ON m.conversation_id = i.conversation_id AND m.seq = i.seq";

  private static final String UNREAD =
      "SELECT i.conversation_id, i.reader, (SELECT count(*) FROM message m"
          + " WHERE m.conversation_id = i.conversation_id AND m.author = i.author"
          + " AND m.seq > i.read AND NOT m.erased) AS unread"
          + " FROM unnest($1, $2, $3, $4) AS i(conversation_id, reader, author, read)";

  private final Statements transaction;

  LoadReadSide(Statements transaction) {
    this.transaction = transaction;
  }

  /** For each conversation of the page what its events go on from. */
  CompletionStage<Map<ConversationId, Stored>> load(
      Map<ConversationId, List<CommittedEvent>> events, Map<ConversationId, List<Long>> named) {
    return views(events.keySet())
        .thenCompose(
            views ->
                messages(named)
                    .thenCompose(
                        messages ->
                            unread(risen(events, views))
                                .thenApply(
                                    unread -> stored(events.keySet(), views, messages, unread))));
  }

  private static Map<ConversationId, Stored> stored(
      Collection<ConversationId> conversations,
      Map<ConversationId, ConversationView> views,
      Map<ConversationId, Map<Long, StoredMessage>> messages,
      Map<ConversationId, Map<UserId, Long>> unread) {
    Map<ConversationId, Stored> stored = new HashMap<>();
    for (ConversationId conversation : conversations) {
      stored.put(
          conversation,
          new Stored(
              Optional.ofNullable(views.get(conversation)),
              messages.getOrDefault(conversation, Map.of()),
              unread.getOrDefault(conversation, Map.of())));
    }
    return stored;
  }

  private CompletionStage<Map<ConversationId, ConversationView>> views(
      Collection<ConversationId> conversations) {
    Columns<ConversationId> ids = new Columns<>(List.copyOf(conversations));
    return transaction
        .query(
            VIEWS,
            statement -> statement.bind(0, ids.texts(ConversationId::value)),
            row -> Map.entry(new ConversationId(text(row, "conversation_id")), view(row)))
        .thenApply(
            rows -> {
              Map<ConversationId, ConversationView> views = new HashMap<>();
              rows.forEach(row -> views.put(row.getKey(), row.getValue()));
              return views;
            });
  }

  private static ConversationView view(Readable row) {
    UserId first = new UserId(text(row, "user_id"));
    UserId second = new UserId(text(row, "peer_id"));
    return new ConversationView(
        new Participants(first, second),
        number(row, "as_of"),
        new Side(
            new Marks(number(row, "my_delivered"), number(row, "my_read")), number(row, "unread")),
        new Side(
            new Marks(number(row, "peer_delivered"), number(row, "peer_read")),
            number(row, "peer_unread")),
        Optional.ofNullable(row.get("last_seq", Long.class))
            .map(
                seq ->
                    new LastMessage(
                        seq,
                        new UserId(text(row, "last_by")),
                        number(row, "last_at"),
                        text(row, "last_preview"),
                        flag(row, "last_erased"))),
        number(row, "activity"));
  }

  private record Named(ConversationId conversation, long seq) {}

  private CompletionStage<Map<ConversationId, Map<Long, StoredMessage>>> messages(
      Map<ConversationId, List<Long>> named) {
    List<Named> keys = new ArrayList<>();
    named.forEach((of, seqs) -> seqs.forEach(seq -> keys.add(new Named(of, seq))));
    if (keys.isEmpty()) {
      return CompletableFuture.completedFuture(Map.of());
    }
    Columns<Named> columns = new Columns<>(keys);
    return transaction
        .query(
            MESSAGES,
            statement ->
                statement
                    .bind(0, columns.texts(key -> key.conversation.value()))
                    .bind(1, columns.longs(Named::seq)),
            row -> Map.entry(new ConversationId(text(row, "conversation_id")), message(row)))
        .thenApply(
            rows -> {
              Map<ConversationId, Map<Long, StoredMessage>> messages = new HashMap<>();
              rows.forEach(
                  row ->
                      messages
                          .computeIfAbsent(row.getKey(), of -> new HashMap<>())
                          .put(row.getValue().seq(), row.getValue()));
              return messages;
            });
  }

  private static StoredMessage message(Readable row) {
    Long replyTo = row.get("reply_to", Long.class);
    return new StoredMessage(
        number(row, "seq"),
        new UserId(text(row, "author")),
        number(row, "at"),
        number(row, "position"),
        "",
        replyTo == null ? OptionalLong.empty() : OptionalLong.of(replyTo),
        flag(row, "edited"),
        flag(row, "erased"));
  }

  private record Risen(ConversationId conversation, UserId reader, UserId author, long read) {}

  private static List<Risen> risen(
      Map<ConversationId, List<CommittedEvent>> events,
      Map<ConversationId, ConversationView> views) {
    List<Risen> risen = new ArrayList<>();
    views.forEach(
        (conversation, view) ->
            SummaryFold.risenReads(Optional.of(view), events.getOrDefault(conversation, List.of()))
                .forEach(
                    (reader, read) ->
                        risen.add(
                            new Risen(
                                conversation, reader, view.participants().peerOf(reader), read))));
    return risen;
  }

  private CompletionStage<Map<ConversationId, Map<UserId, Long>>> unread(List<Risen> risen) {
    if (risen.isEmpty()) {
      return CompletableFuture.completedFuture(Map.of());
    }
    Columns<Risen> columns = new Columns<>(risen);
    return transaction
        .query(
            UNREAD,
            statement ->
                statement
                    .bind(0, columns.texts(mark -> mark.conversation.value()))
                    .bind(1, columns.texts(mark -> mark.reader.value()))
                    .bind(2, columns.texts(mark -> mark.author.value()))
                    .bind(3, columns.longs(Risen::read)),
            row ->
                new Counted(
                    new ConversationId(text(row, "conversation_id")),
                    new UserId(text(row, "reader")),
                    number(row, "unread")))
        .thenApply(
            rows -> {
              Map<ConversationId, Map<UserId, Long>> unread = new HashMap<>();
              rows.forEach(
                  row ->
                      unread
                          .computeIfAbsent(row.conversation, of -> new HashMap<>())
                          .put(row.reader, row.unread));
              return unread;
            });
  }

  private record Counted(ConversationId conversation, UserId reader, long unread) {}

  private static String text(Readable row, String column) {
    return requireNonNull(row.get(column, String.class));
  }

  private static long number(Readable row, String column) {
    return requireNonNull(row.get(column, Long.class));
  }

  private static boolean flag(Readable row, String column) {
    return requireNonNull(row.get(column, Boolean.class));
  }
}

package io.parley.feed;

import static java.util.Objects.requireNonNull;

import io.parley.database.BinaryArray;
import io.parley.database.Database;
import io.parley.database.Statements;
import io.parley.serialization.ConversationLog;
import io.parley.serialization.EventCbor;
import io.r2dbc.spi.Readable;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Overwrites in the journal what deleted messages and their edits said. What is to be overwritten
 * was named in the transaction that applied the deletion, so a crash in between loses none of it;
 * the overwriting itself goes in short transactions, because one message may have any number of
 * edits. Doing it twice changes nothing.
 */
final class Erasures {
  private static final int STEP_ROWS = 64;

  // One look at the journal's key for each: without statistics the planner would join all of it.
  static final String NEXT =
      "SELECT e.range, e.conversation_id, e.seq, j.persistence_id, j.event_ser_manifest,"
          + " j.event_payload FROM erasure e CROSS JOIN LATERAL (SELECT * FROM event_journal"
          + " WHERE persistence_id = "
          + ConversationLog.persistenceIdOf("e.conversation_id")
          + " AND seq_nr = e.seq LIMIT 1) j"
          + " WHERE e.range = ANY($1) ORDER BY e.range, e.conversation_id, e.seq LIMIT "
          + STEP_ROWS
          + " FOR UPDATE OF e SKIP LOCKED";

  private static final String OVERWRITE =
      "UPDATE event_journal j SET event_ser_manifest = i.manifest, event_payload = i.payload"
          + " FROM unnest($1, $2, $3, $4) AS i(persistence_id, seq, manifest, payload)"
          + " WHERE j.persistence_id = i.persistence_id AND j.seq_nr = i.seq";

  private static final String DONE =
      "DELETE FROM erasure e USING unnest($1, $2, $3) AS i(range, conversation_id, seq)"
          + " WHERE e.range = i.range AND e.conversation_id = i.conversation_id"
          + " AND e.seq = i.seq";

  private final Database database;

  Erasures(Database database) {
    this.database = database;
  }

  /** Erases some of what is due in these ranges: fewer than asked for means that it was all. */
  CompletionStage<Integer> step(Set<Integer> ranges) {
    int[] array = ranges.stream().mapToInt(Integer::intValue).sorted().toArray();
    return database.inTransaction(
        transaction ->
            transaction
                .query(NEXT, statement -> statement.bind(0, BinaryArray.ofInts(array)), Text::of)
                .thenCompose(
                    texts ->
                        texts.isEmpty()
                            ? CompletableFuture.completedFuture(0)
                            : erase(transaction, texts)));
  }

  static boolean isAll(int erased) {
    return erased < STEP_ROWS;
  }

  private static CompletionStage<Integer> erase(Statements transaction, List<Text> texts) {
    Columns<Text> rows = new Columns<>(texts);
    byte[][] payloads = texts.stream().map(text -> text.erased.bytes()).toArray(byte[][]::new);
    return transaction
        .update(
            OVERWRITE,
            statement ->
                statement
                    .bind(0, rows.texts(Text::persistenceId))
                    .bind(1, rows.longs(Text::seq))
                    .bind(2, rows.texts(text -> text.erased.manifest()))
                    .bind(3, BinaryArray.ofBytes(payloads)))
        .thenCompose(
            overwritten ->
                transaction.update(
                    DONE,
                    statement ->
                        statement
                            .bind(0, rows.ints(Text::range))
                            .bind(1, rows.texts(Text::conversation))
                            .bind(2, rows.longs(Text::seq))))
        .thenApply(done -> texts.size());
  }

  private record Text(
      int range, String conversation, long seq, String persistenceId, EventCbor.Erasure erased) {
    static Text of(Readable row) {
      return new Text(
          requireNonNull(row.get("range", Integer.class)),
          requireNonNull(row.get("conversation_id", String.class)),
          requireNonNull(row.get("seq", Long.class)),
          requireNonNull(row.get("persistence_id", String.class)),
          EventCbor.CODEC.erase(
              requireNonNull(row.get("event_ser_manifest", String.class)),
              requireNonNull(row.get("event_payload", byte[].class))));
    }
  }
}

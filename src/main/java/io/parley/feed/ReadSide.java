package io.parley.feed;

import io.parley.database.Database;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** The tables that the feed fills, as a whole. */
public final class ReadSide {

  /**
   * Empties the read side and puts the feed back to the beginning, in one transaction. The offsets
   * come first: their lock waits for the pages under way and keeps the next ones out. Versions of
   * inboxes stay and go on rising, so that clients are told everything again.
   */
  public static final List<String> REBUILD =
      List.of(
          "LOCK TABLE feed_offset IN ACCESS EXCLUSIVE MODE",
          "UPDATE feed_offset SET feed_position = 0, persistence_id = '', seq_nr = 0",
          "TRUNCATE conversation_summary, message, message_edit, reaction, erasure");

  private ReadSide() {}

  /**
   * Lets the feed fold the whole journal anew, while the cluster runs: a worker that was about to
   * apply a page finds its offset moved and changes nothing. Until the fold has come through,
   * inboxes show less than there is; the log itself is not touched.
   */
  public static CompletionStage<@Nullable Void> rebuild(Database database) {
    return database.inTransaction(
        transaction -> {
          CompletionStage<Long> done = CompletableFuture.completedFuture(0L);
          for (String statement : REBUILD) {
            done = done.thenCompose(before -> transaction.update(statement, none -> {}));
          }
          return done.thenApply(last -> null);
        });
  }
}

package io.parley.session;

import io.parley.model.ConversationId;
import io.parley.model.Participants;
import io.parley.model.UserId;
import io.parley.protocol.ClientFrame;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Where a client's cursors stand in their logs. */
final class Cursors {
  private Cursors() {}

  /**
   * A cursor and the head of its conversation.
   *
   * @param seq the last that the client holds; empty for "from the head on"
   * @param head empty when the conversation isn't this person's, or isn't at all
   */
  record Resolved(ConversationId conversation, OptionalLong seq, OptionalLong head) {}

  /** Reads membership and heads; in the order of the cursors. */
  static CompletionStage<List<Resolved>> resolve(
      SessionPorts ports, UserId me, List<ClientFrame.Cursor> cursors) {
    return mine(ports.directory(), me, cursors)
        .thenCompose(
            mine ->
                mine.isEmpty()
                    ? CompletableFuture.completedFuture(resolved(cursors, Map.of(), mine))
                    : ports.log().heads(mine).thenApply(heads -> resolved(cursors, heads, mine)));
  }

  private static CompletionStage<Set<ConversationId>> mine(
      Directory directory, UserId me, List<ClientFrame.Cursor> cursors) {
    CompletionStage<Set<ConversationId>> mine = CompletableFuture.completedFuture(new HashSet<>());
    for (ClientFrame.Cursor cursor : cursors) {
      CompletionStage<Optional<Participants>> pair = directory.participants(cursor.conversation());
      mine =
          mine.thenCombine(
              pair,
              (found, both) -> {
                if (both.filter(participants -> participants.include(me)).isPresent()) {
                  found.add(cursor.conversation());
                }
                return found;
              });
    }
    return mine;
  }

  private static List<Resolved> resolved(
      List<ClientFrame.Cursor> cursors, Map<ConversationId, Long> heads, Set<ConversationId> mine) {
    List<Resolved> resolved = new ArrayList<>(cursors.size());
    for (ClientFrame.Cursor cursor : cursors) {
      ConversationId conversation = cursor.conversation();
      OptionalLong head =
          mine.contains(conversation)
              ? OptionalLong.of(heads.getOrDefault(conversation, 0L))
              : OptionalLong.empty();
      resolved.add(new Resolved(conversation, cursor.seq(), head));
    }
    return resolved;
  }
}

package io.parley.session;

import io.parley.model.ConversationId;
import io.parley.model.UserId;
import io.parley.protocol.ClientFrame;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;

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
    Set<ConversationId> named =
        cursors.stream().map(ClientFrame.Cursor::conversation).collect(Collectors.toSet());
    return ports
        .directory()
        .conversationsAmong(me, named)
        .thenCompose(
            mine ->
                mine.isEmpty()
                    ? CompletableFuture.completedFuture(resolved(cursors, Map.of(), mine))
                    : ports.log().heads(mine).thenApply(heads -> resolved(cursors, heads, mine)));
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

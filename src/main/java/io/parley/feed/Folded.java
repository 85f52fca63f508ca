package io.parley.feed;

import io.parley.model.UserId;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What events make of a conversation: the new view, and what changes beside it. To be stored in
 * this order.
 *
 * @param messages new or changed
 * @param edits of messages that aren't deleted
 * @param reactions put on (true) or taken off, none of deleted messages
 * @param deleted messages deleted now: they and all their edits are to be erased in the journal,
 *     their reactions go
 * @param lateEdits edits of messages that had been deleted before: to be erased in the journal
 */
record Folded(
    ConversationView view,
    List<StoredMessage> messages,
    List<Edit> edits,
    Map<Reaction, Boolean> reactions,
    Set<Long> deleted,
    Set<Long> lateEdits) {

  /** Which event holds another text of a message. */
  record Edit(long of, long seq) {}

  /** An emoji that somebody puts on a message. */
  record Reaction(long of, String emoji, UserId by) {}

  Folded {
    messages = List.copyOf(messages);
    edits = List.copyOf(edits);
    reactions = Map.copyOf(reactions);
    deleted = Set.copyOf(deleted);
    lateEdits = Set.copyOf(lateEdits);
  }
}

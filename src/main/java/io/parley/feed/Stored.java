package io.parley.feed;

import io.parley.model.UserId;
import java.util.Map;
import java.util.Optional;

/**
 * What the fold of a conversation goes on from.
 *
 * @param view empty before the first event
 * @param messages at least those that the coming events name, by their sequence numbers
 * @param unread for each participant whose read mark the coming events raise: the peer's messages
 *     stored past the new mark that aren't erased
 */
record Stored(
    Optional<ConversationView> view, Map<Long, StoredMessage> messages, Map<UserId, Long> unread) {
  static final Stored NOTHING = new Stored(Optional.empty(), Map.of(), Map.of());

  Stored {
    messages = Map.copyOf(messages);
    unread = Map.copyOf(unread);
  }
}

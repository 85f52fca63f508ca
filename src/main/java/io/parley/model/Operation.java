package io.parley.model;

import java.util.OptionalLong;

/**
 * What a participant asks of a conversation; each accepted one becomes one event. Two operations
 * are the same when all their fields are: that is what tells a retry from a reused number.
 */
public sealed interface Operation {

  /** A chat message, perhaps in reply to the message with that sequence number. */
  record Message(String text, OptionalLong replyTo) implements Operation {}

  /** A new text for one's own message. */
  record Edit(long of, String text) implements Operation {}

  /** Takes one's own message away, for both. */
  record Delete(long of) implements Operation {}

  /** Puts an emoji (one grapheme cluster) on a message, or takes it off. */
  record React(long of, String emoji, boolean on) implements Operation {}
}

package io.parley.conversation;

import io.parley.model.ConversationEvent;
import java.util.List;

/** What a conversation decides about a number, before anything has happened. */
sealed interface Decision {

  /** Store these events, the last of which uses the number; once they are committed, answer. */
  record Persist(List<ConversationEvent> events, Reply answer) implements Decision {
    public Persist {
      events = List.copyOf(events);
    }
  }

  /** The number is free and is used for nothing; memory will do, for no copy can be stored. */
  record Spend() implements Decision {}

  /** The number was used for the event at {@code seq}. */
  record Stored(long seq) implements Decision {}

  /** The number was used for nothing. */
  record NotStored() implements Decision {}

  /**
   * The number is older than what is remembered; the log knows.
   *
   * @param outbox whether the whole outbox was forgotten, or only the number
   */
  record Forgotten(boolean outbox) implements Decision {}

  record OutOfOrder(long expected) implements Decision {}
}

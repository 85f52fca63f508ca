package io.parley.conversation;

import io.parley.serialization.NodeMessage;

/** What a conversation answers to an operation or a skip. */
public sealed interface Reply extends NodeMessage {

  /** Stored and committed at {@code seq}. */
  record Accepted(long seq, long at) implements Reply {}

  /** The number was used before, for the event at {@code seq}: compare it. */
  record Stored(long seq) implements Reply {}

  /** The number was used for nothing, earlier. */
  record NotStored() implements Reply {}

  /**
   * The number has now been used for nothing. To a {@link Conversation.Skip} it is said after that
   * was committed, to a {@link Conversation.Spend} from memory.
   */
  record Spent() implements Reply {}

  /**
   * Too old to be remembered here: the log knows.
   *
   * @param outbox whether the whole outbox was forgotten, or only the number
   */
  record Forgotten(boolean outbox) implements Reply {}

  record OutOfOrder(long expected) implements Reply {}

  /** Refused for good, since the message was deleted; that the number is spent was committed. */
  record Gone() implements Reply {}

  /** Too much is waiting here; nothing was done. */
  record Overloaded() implements Reply {}

  /** The write failed or its outcome is unknown; the same number may be sent again. */
  record Failed() implements Reply {}
}

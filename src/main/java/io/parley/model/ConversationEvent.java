package io.parley.model;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * What happened in a conversation. Events are what is persisted, in the order of their sequence
 * numbers; nothing else changes a conversation. Every form ever stored stays readable.
 */
public sealed interface ConversationEvent {
  /** Who caused it. */
  UserId by();

  /**
   * When, in milliseconds since the epoch by the clock of the node: a label that orders nothing.
   */
  long at();

  /** The marks of {@link #by()} as this event leaves them, where it says any. */
  Optional<Marks> marks();

  /** The number that this event has used up, where it has one; only its author is shown it. */
  default Optional<OutboxNumber> usedNumber() {
    return Optional.empty();
  }

  /** The first event of every log, stored together with the first operation. */
  record Opened(UserId by, long at, Participants participants) implements ConversationEvent {
    @Override
    public Optional<Marks> marks() {
      return Optional.empty();
    }
  }

  /** An accepted operation, with the number under which its author may send it again. */
  record Operated(
      UserId by, long at, OutboxNumber number, Operation operation, Optional<Marks> marks)
      implements ConversationEvent {
    @Override
    public Optional<OutboxNumber> usedNumber() {
      return Optional.of(number);
    }
  }

  /**
   * What is left of a message, or of an edit of one, after its author deleted the message. It
   * replaces the original in the journal itself.
   *
   * @param of the message that the erased edit changed; empty when this was the message
   */
  record Erased(UserId by, long at, OutboxNumber number, OptionalLong of, Optional<Marks> marks)
      implements ConversationEvent {
    @Override
    public Optional<OutboxNumber> usedNumber() {
      return Optional.of(number);
    }
  }

  /**
   * A number was used for nothing, since its author gave it up or its operation was refused. The
   * row is what keeps a late copy out: whoever is told that nothing is stored is told after this.
   */
  record Skipped(UserId by, long at, OutboxNumber number, Optional<Marks> marks)
      implements ConversationEvent {
    @Override
    public Optional<OutboxNumber> usedNumber() {
      return Optional.of(number);
    }
  }

  /** A participant's marks rose. */
  record Marked(UserId by, long at, Marks to) implements ConversationEvent {
    @Override
    public Optional<Marks> marks() {
      return Optional.of(to);
    }
  }
}

package io.parley.protocol;

import io.parley.model.ConversationId;
import io.parley.model.ConversationSummary;
import io.parley.model.ErrorCode;
import io.parley.model.Limits;
import io.parley.model.Person;
import io.parley.model.UserId;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** What the server may say. A reply repeats the id of its request as {@code re}. */
public sealed interface ServerFrame {

  /** The answer to hello; sessions end with {@link Bye} instead when it is refused. */
  record Welcome(
      long re, String epoch, String session, Person user, long now, long pingMillis, Limits limits)
      implements ServerFrame {}

  /**
   * Conversations of the viewer's inbox, newest activity first.
   *
   * @param since the place that the inbox has been told up to; empty while more frames follow,
   *     because a client that kept it then would lose what they bring
   */
  record Inbox(
      UserId viewer, List<ConversationSummary> conversations, Optional<String> since, boolean more)
      implements ServerFrame {}

  /** One conversation, as the reply to start or before the first event of one not told yet. */
  record Conversation(OptionalLong re, UserId viewer, ConversationSummary conversation)
      implements ServerFrame {}

  /** Consecutive events, never none. */
  record Events(ConversationId conversation, List<EncodedEvent> events) implements ServerFrame {
    public Events {
      if (events.isEmpty()) {
        throw new IllegalArgumentException("a frame of no events says nothing");
      }
    }
  }

  /** The replay of this conversation is done; what follows is live. */
  record CaughtUp(ConversationId conversation, long seq) implements ServerFrame {}

  /** Too much was missed to be replayed: live from the head on, the client pages back. */
  record Behind(ConversationId conversation, long cursor, long head) implements ServerFrame {}

  record Accepted(
      long re,
      ConversationId conversation,
      long outbox,
      long n,
      long seq,
      long at,
      boolean duplicate)
      implements ServerFrame {}

  record Skipped(long re, ConversationId conversation, long outbox, long n)
      implements ServerFrame {}

  /**
   * What was not done and why.
   *
   * @param expected the number that the conversation takes next from that outbox
   * @param detail a sentence for the developer of a client, without anything secret in it
   */
  @SuppressWarnings("JavaLangClash") // The wire's own word; always written ServerFrame.Error.
  record Error(
      OptionalLong re,
      Optional<ConversationId> conversation,
      ErrorCode code,
      OptionalLong expected,
      OptionalLong retryAfterMillis,
      Optional<String> detail)
      implements ServerFrame {

    public static Error reply(long re, ErrorCode code) {
      return new Error(
          OptionalLong.of(re),
          Optional.empty(),
          code,
          OptionalLong.empty(),
          OptionalLong.empty(),
          Optional.empty());
    }

    public static Error reply(long re, ConversationId conversation, ErrorCode code) {
      return reply(re, code).in(conversation);
    }

    public Error in(ConversationId conversation) {
      return new Error(re, Optional.of(conversation), code, expected, retryAfterMillis, detail);
    }

    public Error expecting(long n) {
      return new Error(re, conversation, code, OptionalLong.of(n), retryAfterMillis, detail);
    }

    public Error retryAfter(long millis) {
      return new Error(re, conversation, code, expected, OptionalLong.of(millis), detail);
    }

    public Error because(String detail) {
      return new Error(re, conversation, code, expected, retryAfterMillis, Optional.of(detail));
    }
  }

  record Typing(ConversationId conversation, UserId by, long ttlMillis) implements ServerFrame {}

  /**
   * Whether somebody watched is there.
   *
   * @param lastSeen to the minute, in milliseconds since the epoch; empty while online or unknown
   */
  record Presence(UserId user, boolean online, OptionalLong lastSeen) implements ServerFrame {}

  /**
   * A page of the log.
   *
   * @param start whether it begins with the first event of the log, or the log is empty
   */
  record Page(
      long re, ConversationId conversation, List<EncodedEvent> events, boolean start, long head)
      implements ServerFrame {}

  record Ok(long re) implements ServerFrame {}

  record Pong(long re, long now) implements ServerFrame {}

  record Ping() implements ServerFrame {}

  /** The last frame before the close. */
  record Bye(ByeCode code, OptionalLong retryAfterMillis) implements ServerFrame {}
}

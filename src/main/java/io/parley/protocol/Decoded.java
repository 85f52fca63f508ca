package io.parley.protocol;

import io.parley.model.ConversationId;
import io.parley.model.ErrorCode;
import java.util.OptionalLong;

/** What became of a frame that a client sent. */
public sealed interface Decoded {

  /** It can be handled. */
  record Frame(ClientFrame frame) implements Decoded {}

  /** Not JSON, or not the shape of its type: {@code bad_frame}. */
  record Malformed(OptionalLong id, String why) implements Decoded {}

  /** A type that this version doesn't know: {@code unsupported}. */
  record Unknown(OptionalLong id, String t) implements Decoded {}

  /** The right shape with a value out of range: {@code invalid}. */
  record Invalid(OptionalLong id, String field, String why) implements Decoded {}

  /**
   * A send whose number can be read and whose operation can't be used. Its refusal is final, and so
   * it spends the number, as any other final refusal does.
   *
   * @param code {@code BAD_FRAME}, {@code UNSUPPORTED} or {@code INVALID}
   */
  record UnusableSend(
      long id, ConversationId conversation, long outbox, long n, ErrorCode code, String why)
      implements Decoded {}
}

package io.parley.session;

import io.parley.model.ConversationId;
import io.parley.model.ErrorCode;
import io.parley.model.Marks;
import io.parley.model.Operation;
import io.parley.model.OutboxNumber;
import io.parley.model.UserId;
import java.util.Optional;

/**
 * An operation that somebody sent, by either door.
 *
 * @param operation empty for a skip
 * @param unusable why what stood in its place can't be an operation, if so
 */
public record Request(
    UserId by,
    ConversationId conversation,
    OutboxNumber number,
    Optional<Operation> operation,
    Optional<Marks> claimed,
    Optional<Answer.Refused> unusable) {

  public static Request of(
      UserId by,
      ConversationId conversation,
      OutboxNumber number,
      Optional<Operation> operation,
      Optional<Marks> claimed) {
    return new Request(by, conversation, number, operation, claimed, Optional.empty());
  }

  /** A number with something under it that is no operation. */
  public static Request unusable(
      UserId by, ConversationId conversation, OutboxNumber number, ErrorCode code, String why) {
    return new Request(
        by,
        conversation,
        number,
        Optional.empty(),
        Optional.empty(),
        Optional.of(Answer.refused(code, why)));
  }
}

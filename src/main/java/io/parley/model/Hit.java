package io.parley.model;

import java.util.OptionalLong;

/**
 * A message that holds what was looked for, as it reads now.
 *
 * @param peer the other one in its conversation
 */
public record Hit(ConversationId conversation, Person peer, Message message) {

  /**
   * The message itself.
   *
   * @param edited whether its author changed it since
   */
  public record Message(
      long seq, UserId by, long at, String text, OptionalLong replyTo, boolean edited) {}
}

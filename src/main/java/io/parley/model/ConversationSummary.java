package io.parley.model;

import java.util.Optional;

/**
 * A conversation as one participant's inbox lists it.
 *
 * @param head the highest sequence number; 0 when nothing was ever stored
 * @param asOf the sequence number up to which unread, marks and last are counted: what came after
 *     is the reader's to add. It may pass the head told with a conversation that is announced by
 *     its next event, since that one and those after it are still to be pushed
 * @param unread the peer's messages past my read mark that aren't deleted
 */
public record ConversationSummary(
    ConversationId id,
    Person peer,
    long head,
    long asOf,
    long unread,
    Marks mine,
    Marks peers,
    Optional<LastMessage> last) {

  /**
   * The newest message.
   *
   * @param preview its first code points; empty when it was deleted
   */
  public record LastMessage(long seq, UserId by, long at, String preview, boolean erased) {}

  /** A conversation that exists for both and holds nothing yet. */
  public static ConversationSummary empty(ConversationId id, Person peer) {
    return new ConversationSummary(id, peer, 0, 0, 0, Marks.NONE, Marks.NONE, Optional.empty());
  }

  public ConversationSummary withHead(long head) {
    return new ConversationSummary(id, peer, head, asOf, unread, mine, peers, last);
  }
}

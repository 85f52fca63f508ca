package io.parley.feed;

import io.parley.model.ConversationSummary.LastMessage;
import io.parley.model.Marks;
import io.parley.model.Participants;
import io.parley.model.UserId;
import java.util.Optional;

/**
 * Both participants' summaries of one conversation, as of one event.
 *
 * @param activity the feed position of the newest message: orders inboxes without a clock
 */
record ConversationView(
    Participants participants,
    long asOf,
    Side first,
    Side second,
    Optional<LastMessage> last,
    long activity) {

  /**
   * What differs between the two.
   *
   * @param unread the peer's messages past the read mark that aren't deleted
   */
  record Side(Marks marks, long unread) {
    static final Side NONE = new Side(Marks.NONE, 0);
  }

  Side side(UserId user) {
    return participants.first().equals(user) ? first : second;
  }
}

package io.parley.feed;

import io.parley.model.UserId;
import java.util.OptionalLong;

/**
 * A message as it reads now.
 *
 * @param position of its event in the feed: orders what a search finds
 * @param text empty when it is erased, and when it was not loaded because nothing needs it
 */
record StoredMessage(
    long seq,
    UserId by,
    long at,
    long position,
    String text,
    OptionalLong replyTo,
    boolean edited,
    boolean erased) {

  StoredMessage withText(String newText) {
    return new StoredMessage(seq, by, at, position, newText, replyTo, true, false);
  }

  StoredMessage withoutText() {
    return new StoredMessage(seq, by, at, position, "", OptionalLong.empty(), false, true);
  }
}

package io.parley.feed;

import io.parley.model.UserId;
import java.util.OptionalLong;

/**
 * A message as it reads now.
 *
 * @param text empty when it is erased, and when it was not loaded because nothing needs it
 */
record StoredMessage(
    long seq,
    UserId by,
    long at,
    String text,
    OptionalLong replyTo,
    boolean edited,
    boolean erased) {

  StoredMessage withText(String newText) {
    return new StoredMessage(seq, by, at, newText, replyTo, true, false);
  }

  StoredMessage withoutText() {
    return new StoredMessage(seq, by, at, "", OptionalLong.empty(), false, true);
  }
}

package io.parley.protocol;

import io.parley.model.MessageText;

/**
 * An event as JSON, made once for everyone it goes to: frames and pages are put together from these
 * strings and never read or escape them again.
 */
public record EncodedEvent(long seq, String json) {

  public int utf8Bytes() {
    return MessageText.utf8Length(json);
  }
}

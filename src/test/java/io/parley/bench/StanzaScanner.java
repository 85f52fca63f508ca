package io.parley.bench;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

/**
 * Finds out where an element of an XMPP stream ends, and little more: a document would cost the
 * generator what the server should have. It knows the XML that RFC 6120 allows in a stream (no
 * comments, no sections of raw text, no processing instructions), and believes it well-formed.
 */
final class StanzaScanner {
  private StanzaScanner() {}

  /**
   * The place after what begins at {@code from}: an element, with all that is in it; or the opening
   * of the stream, its end, or the declaration before it, each by itself. Text between is part of
   * what follows. -1 when it isn't there whole.
   */
  static int end(byte[] bytes, int from, int to) {
    int depth = 0;
    int open = find(bytes, '<', from, to);
    while (open >= 0) {
      int close = tagEnd(bytes, open, to);
      if (close < 0) {
        return -1;
      }
      if (bytes[open + 1] == '/') {
        depth--;
      } else if (bytes[close - 1] != '/' && !isAlone(bytes, open)) {
        depth++;
      }
      if (depth <= 0) {
        return close + 1;
      }
      open = find(bytes, '<', close + 1, to);
    }
    return -1;
  }

  /** What stays open, or is never closed. */
  private static boolean isAlone(byte[] bytes, int open) {
    return bytes[open + 1] == '?' || isNamed(bytes, open, "stream:stream");
  }

  /** Where a tag is closed; values of attributes may hold the same sign. -1 when it isn't. */
  private static int tagEnd(byte[] bytes, int open, int to) {
    byte quote = 0;
    for (int i = open + 1; i < to; i++) {
      byte one = bytes[i];
      if (quote != 0) {
        quote = one == quote ? 0 : quote;
      } else if (one == '\'' || one == '"') {
        quote = one;
      } else if (one == '>') {
        return i;
      }
    }
    return -1;
  }

  /** Where the first tag begins; text stands before it, such as the space that keeps a line up. */
  static int start(byte[] bytes, int from, int to) {
    return find(bytes, '<', from, to);
  }

  /** Whether the tag that begins there has this name. */
  static boolean isNamed(byte[] bytes, int open, String name) {
    int after = open + 1 + name.length();
    if (after >= bytes.length) {
      return false;
    }
    for (int i = 0; i < name.length(); i++) {
      if (bytes[open + 1 + i] != name.charAt(i)) {
        return false;
      }
    }
    byte next = bytes[after];
    return next == ' ' || next == '>' || next == '/' || next == '\n' || next == '\t';
  }

  /** An attribute of the tag that begins there; empty when it has none of that name. */
  static String attribute(byte[] bytes, int open, int to, String name) {
    int close = tagEnd(bytes, open, to);
    String tag = new String(bytes, open, close - open, ISO_8859_1);
    for (String sign : new String[] {"'", "\""}) {
      String before = " " + name + "=" + sign;
      int at = tag.indexOf(before);
      if (at >= 0) {
        int value = at + before.length();
        return tag.substring(value, tag.indexOf(sign, value));
      }
    }
    return "";
  }

  /**
   * The text of the first child of that name, which must have no attributes and nothing escaped;
   * empty when there is none.
   */
  static String text(byte[] bytes, int from, int to, String name) {
    String stanza = new String(bytes, from, to - from, ISO_8859_1);
    String before = "<" + name + ">";
    int at = stanza.indexOf(before);
    int end = stanza.indexOf("</" + name + ">", Math.max(0, at));
    return at < 0 || end < 0 ? "" : stanza.substring(at + before.length(), end);
  }

  private static int find(byte[] bytes, char sign, int from, int to) {
    for (int i = from; i < to; i++) {
      if (bytes[i] == sign) {
        return i;
      }
    }
    return -1;
  }
}

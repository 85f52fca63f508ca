package io.parley.model;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The rules for the text of messages. A text is kept as it came, byte for byte: never trimmed,
 * never normalised. What PostgreSQL or a screen can't carry is refused before it is stored.
 */
public final class MessageText {
  private static final Pattern GRAPHEME_CLUSTER = Pattern.compile("\\X");

  private MessageText() {}

  /**
   * Why this text is refused: {@code TOO_LONG}, which wins, or {@code INVALID_TEXT}; empty when it
   * is fine.
   */
  public static Optional<ErrorCode> refusal(String text, int maxCodePoints, int maxUtf8Bytes) {
    if (text.codePointCount(0, text.length()) > maxCodePoints || utf8Length(text) > maxUtf8Bytes) {
      return Optional.of(ErrorCode.TOO_LONG);
    }
    boolean visible = false;
    for (int i = 0; i < text.length(); ) {
      int codePoint = text.codePointAt(i);
      if (!isAllowed(codePoint)) {
        return Optional.of(ErrorCode.INVALID_TEXT);
      }
      visible |= isVisible(codePoint);
      i += Character.charCount(codePoint);
    }
    return visible ? Optional.empty() : Optional.of(ErrorCode.INVALID_TEXT);
  }

  /** Whether this is one grapheme cluster (UAX #29, extended) with something to see in it. */
  public static boolean isEmoji(String text) {
    return text.length() <= 64
        && GRAPHEME_CLUSTER.matcher(text).matches()
        && refusal(text, 32, 128).isEmpty()
        && text.indexOf('\n') < 0;
  }

  /** The first code points of a text, cut so that no surrogate pair is split. */
  public static String preview(String text, int maxCodePoints) {
    if (text.length() <= maxCodePoints) {
      return text;
    }
    int codePoints = text.codePointCount(0, text.length());
    return codePoints <= maxCodePoints
        ? text
        : text.substring(0, text.offsetByCodePoints(0, maxCodePoints));
  }

  /** Lone surrogates count three, as they would in the replacement that an encoder makes. */
  public static int utf8Length(String text) {
    int bytes = 0;
    for (int i = 0; i < text.length(); ) {
      int codePoint = text.codePointAt(i);
      bytes += codePoint < 0x80 ? 1 : codePoint < 0x800 ? 2 : codePoint < 0x10000 ? 3 : 4;
      i += Character.charCount(codePoint);
    }
    return bytes;
  }

  private static boolean isAllowed(int codePoint) {
    if (codePoint == '\t' || codePoint == '\n') {
      return true;
    }
    boolean control = codePoint < 0x20 || (codePoint >= 0x7f && codePoint <= 0x9f);
    boolean surrogate = codePoint >= 0xd800 && codePoint <= 0xdfff;
    boolean noncharacter =
        (codePoint >= 0xfdd0 && codePoint <= 0xfdef) || (codePoint & 0xfffe) == 0xfffe;
    return !control && !surrogate && !noncharacter;
  }

  /** Whether a reader would see something: not space, not a format or default-ignorable one. */
  private static boolean isVisible(int codePoint) {
    int type = Character.getType(codePoint);
    return !Character.isWhitespace(codePoint)
        && !Character.isSpaceChar(codePoint)
        && type != Character.CONTROL
        && !isIgnorable(codePoint);
  }

  /** Format and default-ignorable characters: joiners, selectors, directions. Not white space. */
  static boolean isIgnorable(int codePoint) {
    return (Character.getType(codePoint) == Character.FORMAT && !isPrependedMark(codePoint))
        || isDefaultIgnorable(codePoint);
  }

  /** Prepended_Concatenation_Mark: signs of numbers and verses, of the category Format but seen. */
  private static boolean isPrependedMark(int codePoint) {
    return (codePoint >= 0x0600 && codePoint <= 0x0605)
        || codePoint == 0x06dd
        || codePoint == 0x070f
        || codePoint == 0x0890
        || codePoint == 0x0891
        || codePoint == 0x08e2
        || codePoint == 0x110bd
        || codePoint == 0x110cd;
  }

  /** Default_Ignorable_Code_Point of Unicode that is not of the category Format. */
  private static boolean isDefaultIgnorable(int codePoint) {
    return codePoint == 0x034f
        || codePoint == 0x115f
        || codePoint == 0x1160
        || codePoint == 0x17b4
        || codePoint == 0x17b5
        || (codePoint >= 0x180b && codePoint <= 0x180f)
        || codePoint == 0x2065
        || codePoint == 0x3164
        || (codePoint >= 0xfe00 && codePoint <= 0xfe0f)
        || codePoint == 0xffa0
        || codePoint == 0x2800
        || (codePoint >= 0xfff0 && codePoint <= 0xfff8)
        || (codePoint >= 0xe0000 && codePoint <= 0xe0fff);
  }
}

package io.parley.account;

import static java.lang.Character.UnicodeScript.BOPOMOFO;
import static java.lang.Character.UnicodeScript.COMMON;
import static java.lang.Character.UnicodeScript.HAN;
import static java.lang.Character.UnicodeScript.HANGUL;
import static java.lang.Character.UnicodeScript.HIRAGANA;
import static java.lang.Character.UnicodeScript.INHERITED;
import static java.lang.Character.UnicodeScript.KATAKANA;
import static java.lang.Character.UnicodeScript.LATIN;

import io.parley.model.CaseFolding;
import io.parley.model.ErrorCode;
import io.parley.model.MessageText;
import java.lang.Character.UnicodeScript;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** The rules for usernames and displayed names, and the key under which a name is found. */
final class Names {
  static final int MIN_USERNAME = 2;
  static final int MAX_USERNAME = 32;
  static final int MAX_LINE = 64;

  /** NFKC makes up to 18 letters of one character, so a name may be short and its key long. */
  private static final int MAX_KEY = 64;

  private static final int MAX_TYPED = 2 * MAX_KEY;
  private static final String NOBODYS_KEY = "";

  /** What an id begins with: a name that looks like one could be taken for another person. */
  private static final String ID_PREFIX = "u_";

  /**
   * Scripts that are written together. Any other mix in one name is refused: "pаypal" with one
   * Cyrillic letter looks like somebody else.
   */
  private static final List<Set<UnicodeScript>> WRITTEN_TOGETHER =
      List.of(
          EnumSet.of(LATIN, HAN, HIRAGANA, KATAKANA),
          EnumSet.of(LATIN, HAN, HANGUL),
          EnumSet.of(LATIN, HAN, BOPOMOFO));

  private Names() {}

  /** Two names with one key are one name. */
  static String key(String name) {
    return CaseFolding.fold(name);
  }

  /** Fails with {@link Refused} when nobody may be called so. */
  static void checkUsername(String username) {
    int length = length(username);
    if (length < MIN_USERNAME || length > MAX_USERNAME) {
      throw invalidUsername("is of " + MIN_USERNAME + " to " + MAX_USERNAME + " characters");
    }
    String key = key(username);
    if (length(key) < MIN_USERNAME || length(key) > MAX_KEY) {
      throw invalidUsername("is too long or too short once it is normalised");
    }
    if (!username.codePoints().allMatch(Names::isAllowed)
        || !key.codePoints().allMatch(Names::isAllowed)
        || !Character.isLetterOrDigit(key.codePointAt(0))) {
      throw invalidUsername("begins with a letter or digit and has letters, digits, . _ - only");
    }
    if (key.startsWith(ID_PREFIX)) {
      throw invalidUsername("doesn't begin with " + ID_PREFIX);
    }
    if (!isOfOneWriting(key)) {
      throw invalidUsername("doesn't mix alphabets");
    }
  }

  /**
   * A displayed name, or what a device is called, as it is kept: without spaces around it. Fails
   * with {@link Refused} that names the field.
   */
  static String checkedLine(String text, String field) {
    String line = text.strip();
    if (MessageText.refusal(line, MAX_LINE, MAX_LINE * 4).isPresent()
        || line.indexOf('\n') >= 0
        || line.indexOf('\t') >= 0) {
      throw Refused.field(
          ErrorCode.INVALID,
          field,
          "is one line of 1 to " + MAX_LINE + " characters with something to see");
    }
    return line;
  }

  /**
   * The key to look for what somebody typed. What nobody can be called, be it too long or something
   * that PostgreSQL can't even be asked for, becomes a key that is looked for and never found.
   */
  static String keyToFind(String typed) {
    if (typed.length() > MAX_TYPED) {
      return NOBODYS_KEY;
    }
    String key = key(typed);
    boolean possible = key.codePoints().allMatch(Names::isStorable) && length(key) <= MAX_KEY;
    return possible ? key : NOBODYS_KEY;
  }

  static int length(String text) {
    return text.codePointCount(0, text.length());
  }

  private static boolean isAllowed(int codePoint) {
    int type = Character.getType(codePoint);
    return Character.isLetterOrDigit(codePoint)
        || type == Character.NON_SPACING_MARK
        || type == Character.COMBINING_SPACING_MARK
        || codePoint == '.'
        || codePoint == '_'
        || codePoint == '-';
  }

  private static boolean isStorable(int codePoint) {
    return codePoint != 0 && Character.getType(codePoint) != Character.SURROGATE;
  }

  private static boolean isOfOneWriting(String name) {
    Set<UnicodeScript> scripts = EnumSet.noneOf(UnicodeScript.class);
    name.codePoints().mapToObj(UnicodeScript::of).forEach(scripts::add);
    scripts.removeAll(EnumSet.of(COMMON, INHERITED));
    return scripts.size() <= 1
        || WRITTEN_TOGETHER.stream().anyMatch(together -> together.containsAll(scripts));
  }

  private static Refused invalidUsername(String why) {
    return Refused.field(ErrorCode.INVALID, "username", why);
  }
}

package io.parley.account;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Collectors;
import me.gosimple.nbvcxz.Nbvcxz;

/**
 * The passwords that are guessed first: the 100,000 most common ones of the nbvcxz library.
 *
 * <p>Few of them are as long as a password has to be here, and people make them long in ways that
 * guessers know. So these are common as well: a common one followed by digits and signs
 * ("password2024!!"), one piece again and again ("abcabcabcabc"), and one's own name likewise.
 */
final class CommonPasswords {
  private static final String RESOURCE = "/dictionaries/passwords.txt";

  /** However often it is repeated, a piece of so many characters is soon found. */
  private static final int SHORT_PIECE = 5;

  private final Set<String> keys;

  CommonPasswords(Set<String> passwords) {
    this.keys = passwords.stream().map(Names::key).collect(Collectors.toUnmodifiableSet());
  }

  /** The list is read once, when it is first asked for. */
  static CommonPasswords bundled() {
    return Bundled.LIST;
  }

  boolean include(String password, String username) {
    String key = Names.key(password);
    String piece = piece(key);
    return (!piece.equals(key) && Names.length(piece) <= SHORT_PIECE)
        || isKnown(piece, username)
        || isKnown(withoutTail(piece), username)
        || isRun(key);
  }

  private boolean isKnown(String word, String username) {
    return keys.contains(word) || word.equals(Names.key(username));
  }

  /** The shortest beginning of which the whole is a repetition, perhaps cut short at the end. */
  private static String piece(String text) {
    for (int length = 1; length < text.length(); length++) {
      if (text.startsWith(text.substring(length))) {
        return text.substring(0, length);
      }
    }
    return text;
  }

  private static String withoutTail(String text) {
    int end = text.length();
    while (end > 0 && isDigitOrSign(text.charAt(end - 1))) {
      end--;
    }
    return text.substring(0, end);
  }

  private static boolean isDigitOrSign(char c) {
    return c < 0x80 && !Character.isLetter(c);
  }

  /**
   * Whether each character is the next one of the alphabet, or each the one before; 0 follows 9.
   */
  private static boolean isRun(String text) {
    return isRising(text) || isRising(new StringBuilder(text).reverse());
  }

  private static boolean isRising(CharSequence text) {
    for (int i = 1; i < text.length(); i++) {
      char before = text.charAt(i - 1);
      char next = before == '9' ? '0' : (char) (before + 1);
      if (text.charAt(i) != next) {
        return false;
      }
    }
    return true;
  }

  private static final class Bundled {
    static final CommonPasswords LIST = new CommonPasswords(read());

    private static Set<String> read() {
      try (InputStream stream = Nbvcxz.class.getResourceAsStream(RESOURCE)) {
        if (stream == null) {
          throw new IllegalStateException("The list of common passwords is not in its library");
        }
        BufferedReader lines = new BufferedReader(new InputStreamReader(stream, UTF_8));
        return lines.lines().map(String::strip).collect(Collectors.toCollection(HashSet::new));
      } catch (IOException error) {
        throw new UncheckedIOException(error);
      }
    }
  }
}

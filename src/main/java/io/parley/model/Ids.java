package io.parley.model;

import java.security.SecureRandom;

/**
 * How ids are made: a prefix that tells the kind and 16 characters of Crockford's base 32 in lower
 * case, 80 random bits. Two of a billion ids are the same with a chance below one in a million.
 */
final class Ids {
  private static final char[] ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz".toCharArray();
  private static final int LENGTH = 16;
  private static final SecureRandom RANDOM = new SecureRandom();

  private Ids() {}

  static String random(String prefix) {
    byte[] bits = new byte[LENGTH];
    RANDOM.nextBytes(bits);
    StringBuilder id = new StringBuilder(prefix);
    for (byte b : bits) {
      id.append(ALPHABET[b & 31]);
    }
    return id.toString();
  }

  /** Lower-case letters and digits only, so that an id is safe in a URL, a log line and SQL. */
  static boolean isValid(String prefix, String value) {
    if (!value.startsWith(prefix) || value.length() > 32 || value.length() == prefix.length()) {
      return false;
    }
    for (int i = prefix.length(); i < value.length(); i++) {
      char c = value.charAt(i);
      if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9')) {
        return false;
      }
    }
    return true;
  }

  static void check(String prefix, String value) {
    if (!isValid(prefix, value)) {
      throw new IllegalArgumentException("not an id of the form " + prefix + "…");
    }
  }
}

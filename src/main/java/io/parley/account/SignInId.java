package io.parley.account;

import java.security.SecureRandom;
import java.util.regex.Pattern;

/** The life of one token: {@code i_} and 20 characters of base 32; opaque, never reused. */
public record SignInId(String value) {
  /** An id that is never minted. */
  static final SignInId NONE = new SignInId("i_none");

  private static final String PREFIX = "i_";
  private static final int LENGTH = 20;
  private static final Pattern FORM = Pattern.compile("i_[a-z0-9]{1,30}");
  private static final char[] ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz".toCharArray();
  private static final SecureRandom RANDOM = new SecureRandom();

  static SignInId random() {
    StringBuilder id = new StringBuilder(PREFIX);
    RANDOM.ints(LENGTH, 0, ALPHABET.length).forEach(i -> id.append(ALPHABET[i]));
    return new SignInId(id.toString());
  }

  /** What can't be an id becomes one that is looked for and not found like any other. */
  public static SignInId parse(String value) {
    return FORM.matcher(value).matches() ? new SignInId(value) : NONE;
  }

  @Override
  public String toString() {
    return value;
  }
}

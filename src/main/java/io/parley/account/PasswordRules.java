package io.parley.account;

import io.parley.model.ErrorCode;
import java.text.Normalizer;

/**
 * Which passwords may be chosen: by length, and not a common one. There are no rules about kinds of
 * characters.
 */
final class PasswordRules {
  static final int MIN_LENGTH = 12;
  static final int MAX_LENGTH = 128;

  private PasswordRules() {}

  /**
   * The form that is hashed: NFC, as the OpaqueString profile of RFC 8265 has it, so that two
   * keyboards that spell é differently type one password. Case, width and spaces stay.
   */
  static String normalized(String password) {
    return Normalizer.normalize(password, Normalizer.Form.NFC);
  }

  /** Fails with {@link Refused} when {@code username}'s password may not become this one. */
  static void check(String password, String username, String field) {
    String normalized = normalized(password);
    int length = Names.length(normalized);
    if (length < MIN_LENGTH || length > MAX_LENGTH) {
      throw Refused.field(
          ErrorCode.INVALID, field, "is of " + MIN_LENGTH + " to " + MAX_LENGTH + " characters");
    }
    if (!normalized.codePoints().allMatch(PasswordRules::isAllowed)) {
      throw Refused.field(ErrorCode.INVALID, field, "has characters that can't be typed");
    }
    if (CommonPasswords.bundled().include(normalized, username)) {
      throw Refused.field(ErrorCode.INVALID, field, "is among the first that anyone would guess");
    }
  }

  /** A lone surrogate has no UTF-8 form: two passwords with different ones would hash alike. */
  private static boolean isAllowed(int codePoint) {
    int type = Character.getType(codePoint);
    return type != Character.CONTROL && type != Character.SURROGATE;
  }
}

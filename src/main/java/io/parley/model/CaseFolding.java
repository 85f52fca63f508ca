package io.parley.model;

import java.text.Normalizer;
import java.util.Locale;

/** Text without the differences that people don't mean: of case, width and composition. */
public final class CaseFolding {
  private static final Normalizer.Form NFKC = Normalizer.Form.NFKC;
  private static final int ASCII = 0x80;

  private CaseFolding() {}

  /**
   * NFKC, then full case folding, then NFKC again. Stricter than Unicode's folding in one thing:
   * the dotted and dotless i of Turkish are one letter. Accents stay. What was folded stays as it
   * is when it is folded again.
   */
  public static String fold(String text) {
    if (text.chars().allMatch(c -> c < ASCII)) {
      return text.toLowerCase(Locale.ROOT);
    }
    String folded = text;
    // Folding may undo the normal form and the normal form may bring a capital: the second round
    // makes the fold of a fold the fold itself.
    for (int round = 0; round < 2; round++) {
      folded = Normalizer.normalize(cases(Normalizer.normalize(folded, NFKC)), NFKC);
    }
    return folded;
  }

  /** Upper case first, which makes SS of ß; then letter by letter, so that Σ has one small form. */
  private static String cases(String text) {
    return text.toUpperCase(Locale.ROOT)
        .codePoints()
        .map(Character::toLowerCase)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }
}

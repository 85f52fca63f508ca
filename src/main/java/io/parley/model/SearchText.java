package io.parley.model;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * A text as the search sees it: the same function makes it of messages, when they are stored, and
 * of what somebody looks for. One holds the other when its folded text does, character by
 * character.
 *
 * <p>What it makes is stored. A change of the rules takes a migration that has the read side folded
 * anew.
 *
 * @param folded without differences of case, width and composition, without what nobody sees, any
 *     white space as one space, none around
 */
public record SearchText(String folded) {

  /**
   * From here on come symbols, the scripts of East Asia and emoji: one of them may be a word, and
   * rare. Below are alphabets, whose letters are in every other message.
   */
  private static final int FIRST_GRAM_OF_ITS_OWN = 0x2190;

  private static final int SPREAD = 65_599;

  /**
   * One character may fold to 18, and a text of those to a hundred thousand: it is found by its
   * beginning. Any other is shorter.
   */
  private static final int MAX_CHARS = 24_000;

  /** More would only say the same again. */
  private static final int MAX_REQUIRED = 64;

  public static SearchText of(String text) {
    String cases = CaseFolding.fold(text);
    StringBuilder folded = new StringBuilder(cases.length());
    boolean space = false;
    for (int i = 0; i < cases.length() && folded.length() < MAX_CHARS; ) {
      int codePoint = cases.codePointAt(i);
      i += Character.charCount(codePoint);
      if (Character.isWhitespace(codePoint) || Character.isSpaceChar(codePoint)) {
        space = true;
      } else if (!MessageText.isIgnorable(codePoint)) {
        if (space && folded.length() > 0) {
          folded.append(' ');
        }
        folded.appendCodePoint(codePoint);
        space = false;
      }
    }
    return new SearchText(folded.toString());
  }

  /**
   * What the index knows of this text as one of a message: its pairs of characters within a word,
   * and its single ones from {@link #FIRST_GRAM_OF_ITS_OWN} on. Numbers without repetition; two
   * grams may have one number.
   */
  public int[] grams() {
    return IntStream.concat(pairs(), singles()).sorted().distinct().toArray();
  }

  /**
   * Those that every message with this text in it has; none when the index knows nothing of it,
   * such as of a single letter. Pairs say more than their characters do.
   */
  public int[] requiredGrams() {
    return IntStream.concat(pairs(), loners()).distinct().limit(MAX_REQUIRED).toArray();
  }

  private IntStream pairs() {
    int[] characters = folded.codePoints().toArray();
    return IntStream.range(1, characters.length)
        .filter(i -> characters[i - 1] != ' ' && characters[i] != ' ')
        .map(i -> gram(characters[i - 1], characters[i]));
  }

  private IntStream singles() {
    return folded.codePoints().filter(SearchText::standsAlone).map(c -> gram(0, c));
  }

  /** Singles that are in no pair: whole words. */
  private IntStream loners() {
    return Arrays.stream(folded.split(" "))
        .filter(word -> word.codePointCount(0, word.length()) == 1)
        .mapToInt(word -> word.codePointAt(0))
        .filter(SearchText::standsAlone)
        .map(c -> gram(0, c));
  }

  private static boolean standsAlone(int codePoint) {
    return codePoint >= FIRST_GRAM_OF_ITS_OWN;
  }

  private static int gram(int first, int second) {
    return first * SPREAD + second;
  }
}

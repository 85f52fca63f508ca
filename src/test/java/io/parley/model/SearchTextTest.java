package io.parley.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SearchTextTest {
  private static final List<String> PIECES =
      List.of(
          "a",
          "B",
          "é",
          "e\u0301",
          "ß",
          "ﬁ",
          " ",
          "\n",
          "\u00a0",
          "猫",
          "犬",
          "ｶﾞ",
          "한",
          "İ",
          "ς",
          "Σ",
          "\uD83D\uDC4D",
          "\uD83C\uDFFD",
          "\u200d",
          "\ufe0f",
          "❤",
          "%",
          "_",
          "\\",
          "7");

  @ParameterizedTest
  @CsvSource({
    "Straße, STRASSE",
    "ΟΔΟΣ, οδος",
    "ＡＢＣ１２, abc12",
    "ｶﾞｷﾞ, ガギ",
    "ﬁne, FINE",
    "cafe\u0301, CAFÉ",
    "İstanbul, istanbul",
    "❤\ufe0f, ❤",
    "co\u00adop, coop",
    "'a \u00a0\t b', 'a b'",
    "'  a\n\nb ', 'a b'",
    "한국, \u1112\u1161\u11ab국",
  })
  void whatPeopleTakeForTheSameIsTheSame(String one, String other) {
    assertThat(SearchText.of(one)).isEqualTo(SearchText.of(other));
  }

  @ParameterizedTest
  @CsvSource({"cafe, café", "resume, résumé", "猫, 犬", "ひ, ヒ", "10%, 10", "a_b, axb"})
  void whatPeopleTellApartStaysApart(String one, String other) {
    assertThat(SearchText.of(one)).isNotEqualTo(SearchText.of(other));
  }

  @Test
  void theLocaleOfTheMachineChangesNothing() {
    java.util.Locale before = java.util.Locale.getDefault();
    try {
      java.util.Locale.setDefault(java.util.Locale.forLanguageTag("tr"));
      assertThat(SearchText.of("TITLE").folded()).isEqualTo("title");
    } finally {
      java.util.Locale.setDefault(before);
    }
  }

  @Test
  void theFoldOfAFoldIsItself() {
    for (long seed = 0; seed < 2_000; seed++) {
      String text = text(new Random(seed), 12);
      String folded = SearchText.of(text).folded();
      assertThat(SearchText.of(folded).folded()).as("seed %d", seed).isEqualTo(folded);
    }
  }

  @Test
  void aTextHasEveryGramThatAnyPartOfItRequires() {
    for (long seed = 0; seed < 5_000; seed++) {
      Random random = new Random(seed);
      SearchText message = SearchText.of(text(random, 30));
      int[] characters = message.folded().codePoints().toArray();
      int from = random.nextInt(characters.length + 1);
      int to = from + random.nextInt(characters.length - from + 1);
      SearchText part = SearchText.of(new String(characters, from, to - from));

      assertThat(message.folded()).contains(part.folded());
      assertThat(boxed(message.grams()))
          .as("seed %d", seed)
          .containsAll(boxed(part.requiredGrams()));
    }
  }

  @Test
  void aCharacterOfTwoUnitsCountsAsOne() {
    assertThat(SearchText.of("\uD83D\uDC4D").requiredGrams()).hasSize(1);
    assertThat(SearchText.of("\uD83D\uDC4D\uD83D\uDE00").requiredGrams()).hasSize(1);
    assertThat(SearchText.of("\uD83D\uDC4D\uD83D\uDE00").grams()).as("and each alone").hasSize(3);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "7", "é", "a b c", "%"})
  void singleLettersAskNothingOfTheIndex(String letters) {
    assertThat(SearchText.of(letters).requiredGrams()).isEmpty();
  }

  @Test
  void theIndexIsAskedForABoundedNumberOfGrams() {
    String long200 =
        new Random(1)
            .ints(200, 'a', 'z')
            .mapToObj(Character::toString)
            .collect(Collectors.joining());
    assertThat(SearchText.of(long200).requiredGrams().length).isLessThanOrEqualTo(64);
  }

  @Test
  void aTextThatGrowsWhenItIsFoldedIsCut() {
    assertThat(SearchText.of("ﷺ".repeat(5_000)).folded().length()).isLessThan(24_100);
    assertThat(SearchText.of("ß".repeat(8_000)).folded()).hasSize(16_000);
  }

  @Test
  void whatIsStoredHasNeverChanged() {
    assertThat(SearchText.of("Hi 猫❤!").grams())
        .as("a change takes a migration that has the read side folded anew")
        .containsExactly(10084, 29483, 6822401, 661500349, 1934065401);
  }

  private static String text(Random random, int pieces) {
    return random
        .ints(random.nextInt(pieces) + 1L, 0, PIECES.size())
        .mapToObj(PIECES::get)
        .collect(Collectors.joining());
  }

  private static List<Integer> boxed(int[] grams) {
    return Arrays.stream(grams).boxed().toList();
  }
}

package io.parley.account;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PasswordRulesTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "correct horse battery",
        "tr0ub4dor&3 x",
        "пароль для чата",
        "🐴🔋📎🐎🐴🔋📎🐎🐴🔋📎🧲",
        "            a",
        "<script>alert(1)</script>",
        "839201746592"
      })
  void anyKindOfCharactersWillDo(String password) {
    assertThatCode(() -> PasswordRules.check(password, "ada", "password"))
        .doesNotThrowAnyException();
  }

  @Test
  void twelveCodePointsAreEnoughAndAHundredAndTwentyEightAreTheMost() {
    String horse = "🐴ab🔋cd📎ef🐎gh";
    assertThat(Names.length(horse)).isEqualTo(12);
    PasswordRules.check(horse, "ada", "password");
    PasswordRules.check(horse + "-".repeat(116), "ada", "password");

    assertRefused("🐴ab🔋cd📎ef🐎g");
    assertRefused(horse + "-".repeat(117));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "password1234",
        "Password2024!!",
        "123456789012",
        "aaaaaaaaaaaaaa",
        "abcabcabcabc",
        "passwordpassword",
        "iloveyou!!!!!!",
        "abcdefghijklmn",
        "210987654321",
        "nmlkjihgfedcba",
        "adalovelace1815",
        "AdaLovelaceAdaLovelace",
        "ＰａｓｓｗｏｒｄＰａｓｓｗｏｒｄ",
        "qwertyuiop12"
      })
  void whatAnyoneWouldGuessFirstIsRefused(String password) {
    assertThatThrownBy(() -> PasswordRules.check(password, "AdaLovelace", "password"))
        .isInstanceOfSatisfying(
            Refused.class, refused -> assertThat(refused.field()).contains("password"));
  }

  @Test
  void controlCharactersAndLoneSurrogatesAreRefused() {
    assertRefused("correct\u0000horse battery");
    assertRefused("correct\nhorse battery");
    assertRefused("correct\ud800horse battery");
  }

  @Test
  void twoWaysToTypeOneLetterAreOnePassword() {
    assertThat(PasswordRules.normalized("cafe\u0301 au lait"))
        .isEqualTo(PasswordRules.normalized("café au lait"));
    assertThat(PasswordRules.normalized("Cafe")).isNotEqualTo(PasswordRules.normalized("cafe"));
  }

  private static void assertRefused(String password) {
    assertThatThrownBy(() -> PasswordRules.check(password, "ada", "password"))
        .isInstanceOf(Refused.class);
  }
}

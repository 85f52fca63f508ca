package io.parley.account;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Locale;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NamesTest {
  @ParameterizedTest
  @CsvSource({
    "ada, ADA",
    "ada, Ａｄａ",
    "straße, STRASSE",
    "ﬁlip, filip",
    "jose\u0301, JOSÉ",
    "ΟΔΥΣΣΕΥΣ, οδυσσευς",
    "οδυσσευσ, οδυσσευς",
    "ı-dotless, I-DOTLESS",
    "①ada, 1ada",
    "ǅungla, džungla"
  })
  void spellingsOfOneNameHaveOneKey(String one, String other) {
    assertThat(Names.key(one)).isEqualTo(Names.key(other));
  }

  @Property
  void theKeyOfAKeyIsTheKey(@ForAll String name) {
    String key = Names.key(name);

    assertThat(Names.key(key)).isEqualTo(key);
    assertThat(Names.key(name.toUpperCase(Locale.ROOT))).isEqualTo(key);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ad",
        "ada",
        "Ada.Lovelace",
        "a_b-c9",
        "9lives",
        "josé",
        "Łukasz",
        "安倍ひろし",
        "김민수",
        "नमस्ते",
        "محمد",
        "Ünal",
        "abcdefghijklmnopqrstuvwxyz123456"
      })
  void peopleMayBeCalledSo(String name) {
    assertThatCode(() -> Names.checkUsername(name)).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "a",
        "abcdefghijklmnopqrstuvwxyz1234567",
        "a b",
        " ada",
        "ada ",
        ".ada",
        "_ada",
        "ada\u0000",
        "ada\u200b",
        "a\u202eda",
        "ada\ud800",
        "ada@home",
        "u_1",
        "U_abc",
        "ｕ_abc",
        "p\u0430ypal",
        "ada\n",
        "a\ufeffda",
        "😀😀",
        "\u0301ada",
        "ﷺﷺﷺﷺﷺ",
        "a/b",
        "<b>",
        "ａ",
        "ada\u00a0b"
      })
  void nobodyMayBeCalledSo(String name) {
    assertThatThrownBy(() -> Names.checkUsername(name))
        .isInstanceOfSatisfying(
            Refused.class, refused -> assertThat(refused.field()).contains("username"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "   ", "\u200b", "a\nb", "a\tb", "a\u0000", "\ud800", "a\u007f"})
  void whatCantBeShownIsNoDisplayName(String name) {
    assertThatThrownBy(() -> Names.checkedLine(name, "displayName"))
        .isInstanceOfSatisfying(
            Refused.class, refused -> assertThat(refused.field()).contains("displayName"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"ada\u0000", "ada\ud800", "\udc00", "ﷺﷺﷺﷺﷺﷺﷺﷺﷺ"})
  void whatNobodyCanBeCalledIsLookedForAndNotFound(String name) {
    assertThat(Names.keyToFind(name)).isEmpty();
    assertThat(Names.keyToFind("x".repeat(1_000_000))).isEmpty();
  }
}

package io.parley.search;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.model.ConversationId;
import io.parley.model.SearchText;
import io.parley.model.UserId;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SearchPlaceTest {

  @Test
  void aCursorComesBackAsThePlaceThatItWas() {
    for (boolean walking : new boolean[] {false, true}) {
      SearchPlace place = new SearchPlace(9_000_000_000L, "c_0123456789abcdef", 77, walking);
      assertThat(SearchPlace.of(place.cursor())).contains(place);
      assertThat(place.cursor().length()).isLessThan(80);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ".",
        "..",
        "...",
        "1.2",
        "1.2.c_",
        "1.2.c_AB",
        "1.2.u_ab",
        "-1.2.c_ab",
        "1.0.c_ab",
        "1.-2.c_ab",
        "01.2.c_ab",
        "+1.2.c_ab",
        "1.2.c_ab.",
        "1.2.c_ab.x",
        "1.2.c_ab.w.w",
        "zzzzzzzzzzzzzzzzzzzz.2.c_ab",
        "1.2.c_ab\u0000",
        "1.2.c_ab' OR 1=1 --",
        "１.2.c_ab",
      })
  void whatIsNoCursorIsTold(String text) {
    assertThat(SearchPlace.of(text)).isEmpty();
  }

  @Test
  void aCursorOfAnotherConversationIsNoneOfThisSearch() {
    String cursor = new SearchPlace(5, "c_ab", 2, false).cursor();
    assertThat(Search.isCursor(cursor, in(Optional.empty()))).isTrue();
    assertThat(Search.isCursor(cursor, in(Optional.of("c_ab")))).isTrue();
    assertThat(Search.isCursor(cursor, in(Optional.of("c_cd")))).isFalse();
  }

  private static Wanted in(Optional<String> conversation) {
    return new Wanted(
        new UserId("u_1"), conversation.map(ConversationId::new), SearchText.of("x"), 20);
  }
}

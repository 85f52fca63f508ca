package io.parley.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ValuesTest {
  private static final UserId ADA = UserId.parse("u_1");
  private static final UserId BOB = UserId.parse("u_2");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "c_",
        "c",
        "u_1",
        "c_A",
        "c_a b",
        "c_a'",
        "c_\u0000",
        "c_\u00e9",
        "c_../x",
        "c_%2e",
        "c_a\n",
        " c_a",
        "c_0123456789012345678901234567890"
      })
  void whatCannotBeAnIdIsReadAsOneThatIsNeverFound(String value) {
    assertThat(ConversationId.parse(value)).isEqualTo(ConversationId.NONE);
    assertThat(UserId.parse(value.replace("c_", "u_").replace("u_1", "x")))
        .isEqualTo(UserId.NOBODY);
    assertThatThrownBy(() -> new ConversationId(value))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void mintedIdsAreReadBackAndNeverRepeat() {
    Set<ConversationId> seen = new HashSet<>();
    for (int i = 0; i < 10_000; i++) {
      ConversationId id = ConversationId.random();
      assertThat(ConversationId.parse(id.value())).isEqualTo(id);
      assertThat(seen.add(id)).isTrue();
    }
    UserId user = UserId.random();
    assertThat(UserId.parse(user.value())).isEqualTo(user);
  }

  @Test
  void aMessageThatWasReadWasDelivered() {
    assertThat(Marks.claimed(3, 7)).isEqualTo(new Marks(7, 7));
    assertThat(Marks.claimed(7, 3)).isEqualTo(new Marks(7, 3));
    assertThatThrownBy(() -> new Marks(3, 7)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Marks(0, -1)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void marksOnlyRise() {
    assertThat(new Marks(5, 2).max(new Marks(4, 3))).isEqualTo(new Marks(5, 3));
    assertThat(new Marks(5, 2).isBeyond(new Marks(5, 2))).isFalse();
    assertThat(new Marks(5, 3).isBeyond(new Marks(6, 2))).isTrue();
    assertThat(new Marks(5, 2).isBeyond(new Marks(6, 2))).isFalse();
  }

  @Test
  void aPairHasOneFormWhoeverIsNamedFirst() {
    assertThat(Participants.of(BOB, ADA)).isEqualTo(Participants.of(ADA, BOB));
    assertThat(Participants.of(ADA, BOB).peerOf(BOB)).isEqualTo(ADA);
    assertThat(Participants.of(ADA, BOB).include(UserId.NOBODY)).isFalse();
    assertThatThrownBy(() -> Participants.of(ADA, ADA))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Participants.of(ADA, BOB).peerOf(UserId.NOBODY))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void everythingThatIsNumberedCountsFromOne() {
    assertThatThrownBy(() -> new OutboxNumber(0, 1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new OutboxNumber(1, 0)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(
            () ->
                new SequencedEvent(
                    0, new ConversationEvent.Opened(ADA, 0, Participants.of(ADA, BOB))))
        .isInstanceOf(IllegalArgumentException.class);
  }
}

package io.parley.conversation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class PeerMessagesTest {

  @Test
  void lowersAMarkToTheNewestMessageOfThePeer() {
    PeerMessages messages = PeerMessages.NONE.plus(3).plus(4).plus(8);
    assertThat(messages.lower(2)).isZero();
    assertThat(messages.lower(3)).isEqualTo(3);
    assertThat(messages.lower(7)).isEqualTo(4);
    assertThat(messages.lower(8)).isEqualTo(8);
    assertThat(messages.lower(Long.MAX_VALUE)).isEqualTo(8);
  }

  @Test
  void keepsTheMessageThatTheReadMarkNames() {
    PeerMessages messages = PeerMessages.NONE.plus(3).plus(4).plus(5).plus(8).from(4);
    assertThat(messages.lower(3)).isZero();
    assertThat(messages.lower(4)).isEqualTo(4);
    assertThat(messages.from(8).lower(7)).isZero();
    assertThat(messages.from(8).lower(8)).isEqualTo(8);
  }

  @Test
  void spansTheGapBetweenTheOldestOnceThereAreTooManyRuns() {
    PeerMessages messages = PeerMessages.NONE;
    for (long seq = 2; seq <= 2L * (PeerMessages.LIMIT + 1); seq += 2) {
      messages = messages.plus(seq);
    }
    assertThat(messages.runs()).hasSize(PeerMessages.LIMIT);
    assertThat(messages.lower(3)).isEqualTo(3);
    assertThat(messages.lower(5)).isEqualTo(4);
  }
}

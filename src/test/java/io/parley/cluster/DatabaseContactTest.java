package io.parley.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class DatabaseContactTest {
  /** Members ask each other every two seconds. */
  private static final Duration STEP = Duration.ofSeconds(2);

  private long nanos = 1_000_000_000_000L;
  private final DatabaseContact contact = new DatabaseContact(() -> nanos);

  @Test
  void whoAloneGetsNoAnswerIsCutOffAfterFifteenSecondsOfOthersAnswers() {
    pass(Duration.ofSeconds(6), false);
    pass(Duration.ofSeconds(14), true);
    assertThat(contact.isCutOff()).isFalse();
    pass(Duration.ofSeconds(4), true);
    assertThat(contact.isCutOff()).isTrue();
  }

  @Test
  void whereNobodyGetsAnAnswerNobodyIsCutOff() {
    pass(Duration.ofMinutes(10), false);
    assertThat(contact.isCutOff()).isFalse();
  }

  @Test
  void afterAnOutageForAllTheFirstWithAnAnswerDoesNotMakeTheOthersLeave() {
    pass(Duration.ofMinutes(10), false);
    pass(Duration.ofSeconds(10), true);
    assertThat(contact.isCutOff()).isFalse();
    contact.answered();
    pass(Duration.ofSeconds(10), true);
    assertThat(contact.isCutOff()).isFalse();
  }

  @Test
  void anAnswerFromBeforeAnotherSilenceCountsForNothing() {
    pass(Duration.ofSeconds(16), true);
    pass(Duration.ofSeconds(30), false);
    pass(Duration.ofSeconds(4), true);
    assertThat(contact.isCutOff()).isFalse();
  }

  @Test
  void anAnswerOfItsOwnEndsIt() {
    pass(Duration.ofSeconds(30), true);
    assertThat(contact.isCutOff()).isTrue();
    contact.answered();
    assertThat(contact.isCutOff()).isFalse();
    assertThat(contact.isThere()).isTrue();
  }

  private void pass(Duration duration, boolean isAnsweredElsewhere) {
    for (long end = nanos + duration.toNanos(); nanos < end; ) {
      nanos += STEP.toNanos();
      if (isAnsweredElsewhere) {
        contact.answeredAnother();
      }
    }
  }
}

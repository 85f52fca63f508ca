package io.parley.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.model.OutboxNumber;
import org.junit.jupiter.api.Test;

class TurnedAwayTest {
  private static final long NOW = Long.MAX_VALUE - 5; // Clocks of nanoseconds overflow.
  private static final long LATER = NOW + TurnedAway.REMEMBERED_NANOS;

  private final TurnedAway turnedAway = new TurnedAway();

  @Test
  void nothingStandsBehindWhenNothingWasTurnedAway() {
    assertThat(turnedAway.isEmpty(NOW)).isTrue();
    assertThat(isBefore(1, NOW)).isFalse();
  }

  @Test
  void whatIsHigherStandsBehind() {
    turnedAway.add(number(9), NOW);
    assertThat(isBefore(8, NOW)).isFalse();
    assertThat(isBefore(9, NOW)).isFalse();
    assertThat(isBefore(10, NOW)).isTrue();
  }

  @Test
  void eachIsToComeAgainInTurn() {
    turnedAway.add(number(9), NOW);
    turnedAway.add(number(10), NOW);
    turnedAway.add(number(11), NOW);
    turnedAway.remove(number(9), NOW);
    assertThat(isBefore(10, NOW)).isFalse();
    assertThat(isBefore(12, NOW)).isTrue();
    turnedAway.remove(number(10), NOW);
    turnedAway.remove(number(11), NOW);
    assertThat(isBefore(12, NOW)).isFalse();
    assertThat(turnedAway.isEmpty(NOW)).isTrue();
  }

  @Test
  void oneThatWasNotTurnedAwayIsNotWaitedFor() {
    turnedAway.add(number(9), NOW);
    turnedAway.add(number(12), NOW);
    turnedAway.remove(number(9), NOW);
    assertThat(isBefore(12, NOW)).isFalse();
    assertThat(isBefore(13, NOW)).isTrue();
  }

  @Test
  void oneThatComesAgainWithoutHavingBeenTurnedAwayChangesNothing() {
    turnedAway.add(number(9), NOW);
    turnedAway.remove(number(5), LATER - 1);
    assertThat(isBefore(10, LATER - 1)).isTrue();
    assertThat(isBefore(10, LATER)).isFalse();
  }

  @Test
  void theLowestIsWaitedForNoLongerThanThat() {
    turnedAway.add(number(9), NOW);
    turnedAway.add(number(10), LATER - 1);
    assertThat(isBefore(11, LATER - 1)).isTrue();
    assertThat(isBefore(11, LATER)).isFalse();
    assertThat(turnedAway.isEmpty(LATER)).isTrue();
  }

  @Test
  void whichIsTheLowestIsKnownAnewOnceOneHasCome() {
    turnedAway.add(number(9), NOW);
    turnedAway.add(number(10), NOW);
    turnedAway.remove(number(9), LATER - 1);
    assertThat(isBefore(11, LATER)).isTrue();
    assertThat(isBefore(11, LATER - 1 + TurnedAway.REMEMBERED_NANOS)).isFalse();
  }

  @Test
  void theLowestThatIsTurnedAwayOnceMoreIsWaitedForAnew() {
    turnedAway.add(number(9), NOW);
    turnedAway.add(number(9), LATER - 1);
    assertThat(isBefore(10, LATER)).isTrue();
  }

  @Test
  void anotherOutboxIsAnotherOrder() {
    turnedAway.add(number(9), NOW);
    assertThat(turnedAway.isBefore(new OutboxNumber(2, 10), NOW)).isFalse();
    turnedAway.remove(new OutboxNumber(2, 9), NOW);
    assertThat(isBefore(10, NOW)).isTrue();
    turnedAway.add(new OutboxNumber(2, 3), NOW);
    assertThat(turnedAway.isBefore(new OutboxNumber(2, 4), NOW)).isTrue();
    assertThat(isBefore(10, NOW)).isFalse();
  }

  @Test
  void onlyTheLowestAreRemembered() {
    for (int n = 2 * TurnedAway.LIMIT; n > 0; n--) {
      turnedAway.add(number(n), NOW);
    }
    for (int n = 1; n <= TurnedAway.LIMIT; n++) {
      assertThat(turnedAway.isEmpty(NOW)).isFalse();
      turnedAway.remove(number(n), NOW);
    }
    assertThat(turnedAway.isEmpty(NOW)).isTrue();
  }

  private boolean isBefore(long n, long now) {
    return turnedAway.isBefore(number(n), now);
  }

  private static OutboxNumber number(long n) {
    return new OutboxNumber(1, n);
  }
}

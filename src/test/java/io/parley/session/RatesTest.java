package io.parley.session;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The token bucket and the strikes, at their limits and one past. */
final class RatesTest {
  private static final long SECOND = 1_000_000_000L;
  private static final long TENTH = SECOND / 10;

  @Test
  void aBurstIsTakenAtOnceAndTheNextHasToWait() {
    TokenBucket bucket = new TokenBucket(10, 3, 0);
    assertThat(bucket.take(0)).isZero();
    assertThat(bucket.take(0)).isZero();
    assertThat(bucket.take(0)).isZero();
    assertThat(bucket.take(0)).isEqualTo(TENTH);
    assertThat(bucket.take(TENTH - 1)).isEqualTo(1);
    assertThat(bucket.take(TENTH)).isZero();
    assertThat(bucket.take(TENTH)).isEqualTo(TENTH);
  }

  @Test
  void aLongRestSavesNoMoreThanABurst() {
    TokenBucket bucket = new TokenBucket(10, 2, 0);
    long later = 3_600 * SECOND;
    assertThat(bucket.take(later)).isZero();
    assertThat(bucket.take(later)).isZero();
    assertThat(bucket.take(later)).isEqualTo(TENTH);
  }

  @Test
  void aSteadyClockMayBeginBelowZero() {
    TokenBucket bucket = new TokenBucket(10, 1, -5 * SECOND);
    assertThat(bucket.take(-5 * SECOND)).isZero();
    assertThat(bucket.take(-5 * SECOND)).isEqualTo(TENTH);
  }

  @Test
  void theTenthStrikeOfAMinuteIsTooMany() {
    Strikes strikes = new Strikes(10);
    for (int i = 1; i < 10; i++) {
      assertThat(strikes.strike(i)).isFalse();
    }
    assertThat(strikes.strike(60 * SECOND)).isTrue();
  }

  @Test
  void aNewMinuteForgives() {
    Strikes strikes = new Strikes(2);
    assertThat(strikes.strike(0)).isFalse();
    assertThat(strikes.strike(60 * SECOND + 1)).isFalse();
    assertThat(strikes.strike(60 * SECOND + 2)).isTrue();
  }
}

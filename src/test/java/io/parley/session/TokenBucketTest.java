package io.parley.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class TokenBucketTest {
  private static final long MILLI = 1_000_000L;

  @Test
  void aFullOneHasItsBurstAndGetsATokenAtATime() {
    TokenBucket bucket = new TokenBucket(10, 3, 0);
    takeAll(bucket, 3, 0);
    assertThat(bucket.take(0)).isEqualTo(100 * MILLI);
    assertThat(bucket.hasToken(100 * MILLI - 1)).isFalse();
    takeAll(bucket, 1, 100 * MILLI);
    takeAll(bucket, 2, 300 * MILLI);
    // Never more than the burst.
    takeAll(bucket, 3, 3_600_000 * MILLI);
  }

  private static void takeAll(TokenBucket bucket, int tokens, long now) {
    for (int i = 0; i < tokens; i++) {
      assertThat(bucket.hasToken(now)).isTrue();
      assertThat(bucket.take(now)).isZero();
    }
    assertThat(bucket.hasToken(now)).isFalse();
  }

  @Test
  void whatIsThereCanBeTaken() {
    Random random = new Random(7);
    TokenBucket bucket = new TokenBucket(7, 5, 0);
    long now = 0;
    for (int i = 0; i < 10_000; i++) {
      now += random.nextInt(400) * MILLI / 2;
      while (bucket.hasToken(now)) {
        assertThat(bucket.take(now)).isZero();
      }
      assertThat(bucket.take(now)).isPositive();
    }
  }
}

package io.parley.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class TokenBucketTest {
  private static final long MILLI = 1_000_000L;

  @Test
  void aFullOneHasItsBurstAndGetsATokenAtATime() {
    TokenBucket bucket = new TokenBucket(10, 3, 0);
    assertThat(bucket.tokens(0)).isEqualTo(3);
    for (int left = 2; left >= 0; left--) {
      assertThat(bucket.take(0)).isZero();
      assertThat(bucket.tokens(0)).isEqualTo(left);
    }
    assertThat(bucket.take(0)).isEqualTo(100 * MILLI);
    assertThat(bucket.tokens(100 * MILLI - 1)).isZero();
    assertThat(bucket.tokens(100 * MILLI)).isEqualTo(1);
    assertThat(bucket.tokens(299 * MILLI)).isEqualTo(2);
    assertThat(bucket.tokens(3_600_000 * MILLI)).as("never more than the burst").isEqualTo(3);
  }

  @Test
  void soManyAsThereAreCanBeTaken() {
    Random random = new Random(7);
    TokenBucket bucket = new TokenBucket(7, 5, 0);
    long now = 0;
    for (int i = 0; i < 10_000; i++) {
      now += random.nextInt(400) * MILLI / 2;
      for (int tokens = bucket.tokens(now); tokens > 0; tokens--) {
        assertThat(bucket.take(now)).isZero();
      }
      assertThat(bucket.take(now)).isPositive();
    }
  }
}

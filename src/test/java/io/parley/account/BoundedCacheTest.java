package io.parley.account;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.testing.TestClock;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class BoundedCacheTest {
  private final TestClock clock = new TestClock(Instant.EPOCH);
  private final BoundedCache<String, Integer> cache =
      new BoundedCache<>(2, Duration.ofSeconds(5), clock);

  @Test
  void theOneThatWasUsedLongestAgoGoes() {
    cache.put("a", 1);
    cache.put("b", 2);
    cache.get("a");
    cache.put("c", 3);

    assertThat(cache.size()).isEqualTo(2);
    assertThat(cache.get("a")).contains(1);
    assertThat(cache.get("b")).isEmpty();
  }

  @Test
  void nothingIsOlderThanItsTimeEvenWhenTheClockIsSetBack() {
    cache.put("a", 1);
    clock.move(Duration.ofMillis(4_999));
    assertThat(cache.get("a")).contains(1);
    clock.move(Duration.ofMillis(1));
    assertThat(cache.get("a")).isEmpty();

    cache.put("b", 2);
    clock.move(Duration.ofHours(-1));
    assertThat(cache.get("b")).isEmpty();
  }
}

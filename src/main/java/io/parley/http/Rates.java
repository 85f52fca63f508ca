package io.parley.http;

import io.parley.session.TokenBucket;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * One token bucket for each of many, unless rates are off. Those that were used longest ago are
 * forgotten, full as they are by then.
 */
final class Rates<K> {
  private static final int REMEMBERED = 10_000;

  private final boolean enforced;
  private final int perSecond;
  private final int burst;
  private final LongSupplier nanos;
  private final Map<K, TokenBucket> buckets =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<K, TokenBucket> eldest) {
          return size() > REMEMBERED;
        }
      };

  Rates(boolean enforced, int perSecond, int burst, LongSupplier nanos) {
    this.enforced = enforced;
    this.perSecond = perSecond;
    this.burst = burst;
    this.nanos = nanos;
  }

  /** 0 when this one may go on now, else in how many milliseconds it may. */
  synchronized long waitMillis(K key) {
    if (!enforced) {
      return 0;
    }
    long now = nanos.getAsLong();
    long wait =
        buckets.computeIfAbsent(key, first -> new TokenBucket(perSecond, burst, now)).take(now);
    return wait == 0 ? 0 : TimeUnit.NANOSECONDS.toMillis(wait) + 1;
  }
}

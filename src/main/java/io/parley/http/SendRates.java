package io.parley.http;

import io.parley.account.SignInId;
import io.parley.model.Limits;
import io.parley.session.TokenBucket;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * How fast a sign-in may send without a socket: as fast as a session with one. The buckets that
 * were used longest ago are forgotten, full as they are by then.
 */
final class SendRates {
  private static final int REMEMBERED = 10_000;

  private final Limits limits;
  private final LongSupplier nanos;
  private final Map<SignInId, TokenBucket> buckets =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<SignInId, TokenBucket> eldest) {
          return size() > REMEMBERED;
        }
      };

  SendRates(Limits limits, LongSupplier nanos) {
    this.limits = limits;
    this.nanos = nanos;
  }

  /** 0 when it may send now, else in how many milliseconds it may. */
  synchronized long waitMillis(SignInId signIn) {
    if (!limits.rateLimits()) {
      return 0;
    }
    long now = nanos.getAsLong();
    Limits.Rates rates = limits.rates();
    long wait =
        buckets
            .computeIfAbsent(
                signIn, first -> new TokenBucket(rates.messagesPerSecond(), rates.burst(), now))
            .take(now);
    return wait == 0 ? 0 : TimeUnit.NANOSECONDS.toMillis(wait) + 1;
  }
}

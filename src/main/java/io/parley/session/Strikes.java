package io.parley.session;

import java.util.concurrent.TimeUnit;

/** Counts what may happen a few times a minute. Pure; any steady clock. */
final class Strikes {
  private final int perMinute;
  private long minuteBeganNanos;
  private int count;

  Strikes(int perMinute) {
    this.perMinute = perMinute;
  }

  /** Whether this one is too many. */
  boolean strike(long nowNanos) {
    if (count == 0 || nowNanos - minuteBeganNanos > TimeUnit.MINUTES.toNanos(1)) {
      minuteBeganNanos = nowNanos;
      count = 0;
    }
    return ++count >= perMinute;
  }
}

package io.parley.session;

/**
 * A token bucket: so many a second in the long run, so many at once. Pure; times are nanoseconds of
 * any steady clock.
 */
public final class TokenBucket {
  private static final long SECOND = 1_000_000_000L;

  private final long nanosPerToken;
  private final long capacityNanos;
  private long fullAtNanos;

  public TokenBucket(int perSecond, int burst, long nowNanos) {
    this.nanosPerToken = SECOND / perSecond;
    this.capacityNanos = nanosPerToken * burst;
    this.fullAtNanos = nowNanos;
  }

  /** Takes a token; 0 when there was one, else in how many nanoseconds there will be. */
  public long take(long nowNanos) {
    long wait = waitNanos(nowNanos);
    if (wait == 0) {
      fullAtNanos = Math.max(fullAtNanos, nowNanos) + nanosPerToken;
    }
    return wait;
  }

  /** Whether there is one now. */
  public boolean hasToken(long nowNanos) {
    return waitNanos(nowNanos) == 0;
  }

  /** In how many nanoseconds there will be a token; 0 when there is one. */
  private long waitNanos(long nowNanos) {
    long base = Math.max(fullAtNanos, nowNanos);
    return Math.max(0, base + nanosPerToken - capacityNanos - nowNanos);
  }
}

package io.parley.session;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * What is due in a session from time to time: a ping to a quiet client, goodbye to a silent one, a
 * new look at what the session holds elsewhere.
 *
 * <p>Pure; times are nanoseconds of any steady clock.
 */
final class Heartbeat {
  static final Duration TICK = Duration.ofSeconds(10);

  /** How often either side hears from the other at least. */
  static final Duration PING = Duration.ofSeconds(20);

  /** Silence, either way, after which the next tick sends a ping: no later than {@link #PING}. */
  static final Duration QUIET = Duration.ofSeconds(15);

  /** A client that is silent for so long is gone. */
  static final Duration SILENCE = Duration.ofSeconds(60);

  private static final int TICKS_PER_RENEWAL = 2;
  private static final int TICKS_PER_USE = 60;

  private long heardNanos;
  private int ticks;
  private boolean isDoubted;

  Heartbeat(long nowNanos) {
    this.heardNanos = nowNanos;
  }

  /** When the first tick comes: sessions that came together don't tick together. */
  static Duration jitter() {
    return Duration.ofMillis(ThreadLocalRandom.current().nextLong(TICK.toMillis()));
  }

  /** The client has sent something. Returns whether that was in doubt. */
  boolean heard(long nowNanos) {
    heardNanos = nowNanos;
    boolean wasDoubted = isDoubted;
    isDoubted = false;
    return wasDoubted;
  }

  /** Others need to know that the client is there: a socket can be dead without a word. */
  void doubt() {
    isDoubted = true;
  }

  /** Another {@link #TICK} is over. */
  void tick() {
    ticks++;
  }

  boolean isGone(long nowNanos) {
    return nowNanos - heardNanos > SILENCE.toNanos();
  }

  /**
   * Whether to send a ping.
   *
   * @param silentNanos for how long the client was sent nothing
   */
  boolean isPingDue(long nowNanos, long silentNanos) {
    return Math.max(nowNanos - heardNanos, silentNanos) > QUIET.toNanos();
  }

  /** Whether what expires is to be renewed; a client in doubt has to be heard first. */
  boolean isRenewalDue() {
    return !isDoubted && ticks % TICKS_PER_RENEWAL == 0;
  }

  /** Whether to use the sign-in: one that isn't used ends some day, its sessions or no. */
  boolean isUseDue() {
    return ticks % TICKS_PER_USE == 0;
  }
}

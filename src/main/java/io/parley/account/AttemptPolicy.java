package io.parley.account;

import java.time.Duration;

/**
 * How often something may be tried: so many times at once, then after a delay that doubles from one
 * second, up to a longest. Nobody is ever locked out.
 *
 * @param kind what the counters are kept under
 * @param free attempts without any delay
 * @param maxDelay the longest that one has to wait for the next attempt
 * @param forgetAfter without an attempt for so long, counting starts anew
 */
record AttemptPolicy(String kind, int free, Duration maxDelay, Duration forgetAfter) {
  /** By the key of the name that was typed, whether anybody is called so or not. */
  static final AttemptPolicy PASSWORD =
      new AttemptPolicy("password", 5, Duration.ofMinutes(1), Duration.ofDays(1));

  /** By address, whatever the names: one password tried on many people. */
  static final AttemptPolicy PASSWORD_BY_ADDRESS =
      new AttemptPolicy("password-address", 50, Duration.ofMinutes(15), Duration.ofHours(1));

  /** By address; nobody guesses 256 bits, and nobody may make us look 1,000 times a second. */
  static final AttemptPolicy LINK =
      new AttemptPolicy("link-address", 50, Duration.ofMinutes(15), Duration.ofHours(1));

  /** By address; these succeed, and cost as much work as a failure. */
  static final AttemptPolicy SIGN_UP =
      new AttemptPolicy("sign-up", 20, Duration.ofMinutes(15), Duration.ofHours(1));
}

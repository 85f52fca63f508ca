package io.parley.account;

import java.time.Duration;

/**
 * How long sign-ins live, and what is limited.
 *
 * @param signUp whether people may sign themselves up
 * @param rateLimits whether attempts to sign in and up are limited; off only for load tests
 * @param idleExpiry a sign-in that isn't used for so long ends
 * @param absoluteExpiry every sign-in ends after so long
 * @param signInsPerUser sign-ins that one person may have; one more ends the least used
 */
public record AccountSettings(
    boolean signUp,
    boolean rateLimits,
    Duration idleExpiry,
    Duration absoluteExpiry,
    int signInsPerUser) {

  public static final AccountSettings DEFAULT =
      new AccountSettings(true, true, Duration.ofDays(30), Duration.ofDays(180), 50);
}

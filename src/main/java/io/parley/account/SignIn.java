package io.parley.account;

import java.time.Instant;
import java.util.Optional;

/**
 * The life of one token.
 *
 * @param device what the client called itself
 * @param address where it was signed in from
 * @param lastUsedAt to the minute
 * @param expiresAt when it ends, unless it is used before
 */
public record SignIn(
    SignInId id,
    Optional<String> device,
    Optional<String> address,
    Instant createdAt,
    Instant lastUsedAt,
    Instant expiresAt) {}

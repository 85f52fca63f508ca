package io.parley.protocol;

import java.util.Optional;

/**
 * The life of one token, as its owner sees it.
 *
 * @param device what the client called itself
 * @param address where it was last used from
 * @param createdAt in milliseconds since the epoch, as is {@code lastUsedAt}
 * @param current whether the request that asks came with it
 */
public record SignIn(
    String id,
    Optional<String> device,
    Optional<String> address,
    long createdAt,
    long lastUsedAt,
    boolean current) {}

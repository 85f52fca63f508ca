package io.parley.campaign.client;

import java.util.Map;

/**
 * Somebody with an account.
 *
 * @param peers by conversation, whom it is with
 */
public record Person(String id, String token, Map<String, String> peers) {}

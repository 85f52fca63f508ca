package io.parley.session;

import java.util.Optional;

/**
 * Who opens a socket, as far as the request says.
 *
 * @param address where it comes from
 * @param cookieToken the token that a cookie carried
 */
public record Visitor(String address, Optional<String> cookieToken) {}

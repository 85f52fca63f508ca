package io.parley.session;

/** What a session hands to its socket. */
public sealed interface Outbound {
  /** One frame; the next follows only when the socket has taken it. */
  record Frame(String json) implements Outbound {}

  /** Close the socket: everything has been said. */
  record Close() implements Outbound {}
}

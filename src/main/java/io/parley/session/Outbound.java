package io.parley.session;

/** What a session tells its socket. */
public sealed interface Outbound {
  /** Write this frame. Handed over as long as there is {@link Credit}. */
  record Frame(String json) implements Outbound {}

  /** Frames that count so much were handled: the socket may hand over as much again. */
  record Handled(int credit) implements Outbound {}

  /** Close the socket: everything has been said. */
  record Close() implements Outbound {}
}

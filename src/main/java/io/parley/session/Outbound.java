package io.parley.session;

/** What a session tells its socket. */
public sealed interface Outbound {
  /** Write this frame. Handed over as long as there is {@link Credit}. */
  record Frame(String json) implements Outbound {}

  /** Frames that count so much were handled: the socket may hand over as much again. */
  record Handled(int credit) implements Outbound {}

  /**
   * Hand over no more than so many frames, counted from the first one on, whatever credit is left.
   * Before it is told anything, a socket hands over all that come.
   */
  record ReadUpTo(long frames) implements Outbound {}

  /** Close the socket: everything has been said. */
  record Close() implements Outbound {}
}

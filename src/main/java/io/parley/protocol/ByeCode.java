package io.parley.protocol;

import java.util.Locale;

/** Why the server ends a session, and whether the client should come back by itself. */
public enum ByeCode {
  /** The node stops; another one takes over. */
  DRAINING(true),
  /** The client reads more slowly than it is written to; resuming brings what it missed. */
  SLOW_CONSUMER(true),
  /** No valid credentials: somebody must sign in again. */
  UNAUTHENTICATED(false),
  /** The sign-in was ended on purpose. */
  REVOKED(false),
  /** The credentials are another person's than the copies that the client holds. */
  OTHER_USER(false),
  /** The client said what the protocol doesn't know, too often or at the wrong moment. */
  PROTOCOL_ERROR(true),
  /** Nothing came for longer than three pings. */
  IDLE(true),
  /** This person has as many sessions as are allowed; coming back would push out another one. */
  TOO_MANY_SESSIONS(false),
  CLIENT_TOO_OLD(false),
  /** The server can't serve sessions now. */
  UNAVAILABLE(true);

  private final String code = name().toLowerCase(Locale.ROOT);
  private final boolean reconnect;

  ByeCode(boolean reconnect) {
    this.reconnect = reconnect;
  }

  /** As it stands on the wire. */
  public String code() {
    return code;
  }

  public boolean reconnect() {
    return reconnect;
  }
}

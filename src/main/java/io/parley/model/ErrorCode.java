package io.parley.model;

import java.util.Locale;

/**
 * Why something was not done, for sockets and HTTP alike. A code that is not retryable is final:
 * the same request would be refused again.
 */
public enum ErrorCode {
  BAD_FRAME(false),
  UNSUPPORTED(false),
  UNAUTHENTICATED(false),
  /** The client takes itself for somebody else than its credentials are of. */
  OTHER_USER(false),
  NOT_FOUND(false),
  FORBIDDEN(false),
  /** The message was deleted; nothing changes it any more. */
  GONE(false),
  BLOCKED(false),
  AWAITING_ACCEPTANCE(false),
  TOO_LONG(false),
  INVALID_TEXT(false),
  INVALID(false),
  /** The name is somebody's already. */
  TAKEN(false),
  RATE_LIMITED(true),
  OVERLOADED(true),
  /** A lower number is expected first. */
  OUT_OF_ORDER(true),
  /** The number was used up by a refusal or a skip, and nothing is stored under it. */
  NOT_STORED(false),
  /** The number was accepted with another operation. */
  CONFLICT(false),
  /** The outbox is too old to be remembered, and the number is not in the log. */
  OUTBOX_EXPIRED(false),
  /** The cursor is not one of this conversation. */
  RESYNC(false),
  /** The outcome is unknown; the same number may be sent again. */
  UNAVAILABLE(true);

  private final String code = name().toLowerCase(Locale.ROOT);
  private final boolean retryable;

  ErrorCode(boolean retryable) {
    this.retryable = retryable;
  }

  /** As it stands on the wire. */
  public String code() {
    return code;
  }

  public boolean retryable() {
    return retryable;
  }
}

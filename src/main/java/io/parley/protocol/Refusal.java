package io.parley.protocol;

import io.parley.model.ErrorCode;

/**
 * What a client sent can't be used. It carries no stack trace: a client can cause thousands a
 * second. Neither field nor reason ever repeats what the client sent.
 */
public final class Refusal extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final ErrorCode code;
  private final String field;
  private final String why;

  public Refusal(ErrorCode code, String field, String why) {
    super(field + " " + why, null, false, false);
    this.code = code;
    this.field = field;
    this.why = why;
  }

  /** {@code BAD_FRAME} for a wrong shape, {@code INVALID} for a wrong value. */
  public ErrorCode code() {
    return code;
  }

  public String field() {
    return field;
  }

  public String why() {
    return why;
  }
}

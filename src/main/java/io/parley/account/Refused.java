package io.parley.account;

import io.parley.model.ErrorCode;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * What was asked for was not done, for a reason that the one who asked may know. Stages of this
 * package fail with it; anything else that they fail with is a fault.
 */
public final class Refused extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private static final long NO_DELAY = -1;

  private final ErrorCode code;
  private final @Nullable String field;
  private final long retryAfterMillis;

  private Refused(ErrorCode code, @Nullable String field, String detail, long retryAfterMillis) {
    // An expected answer, made often under attack: a stack trace would cost more than the answer.
    super(detail, null, false, false);
    this.code = code;
    this.field = field;
    this.retryAfterMillis = retryAfterMillis;
  }

  static Refused because(ErrorCode code, String detail) {
    return new Refused(code, null, detail, NO_DELAY);
  }

  /** A field of the request is at fault; {@code detail} goes on after the field's name. */
  static Refused field(ErrorCode code, String field, String detail) {
    return new Refused(code, field, field + " " + detail, NO_DELAY);
  }

  static Refused later(ErrorCode code, String detail, long retryAfterMillis) {
    return new Refused(code, null, detail, retryAfterMillis);
  }

  public ErrorCode code() {
    return code;
  }

  /** A sentence for the developer of a client, without anything secret in it. */
  public String detail() {
    return String.valueOf(getMessage());
  }

  public Optional<String> field() {
    return Optional.ofNullable(field);
  }

  public OptionalLong retryAfterMillis() {
    return retryAfterMillis == NO_DELAY ? OptionalLong.empty() : OptionalLong.of(retryAfterMillis);
  }
}

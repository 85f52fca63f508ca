package io.parley.session;

import io.parley.model.ErrorCode;
import java.util.Optional;
import java.util.OptionalLong;

/** What became of an operation, for whoever sent it. */
public sealed interface Answer {

  /** It is in the log; the same for every retry, but for {@code duplicate}. */
  record Accepted(long seq, long at, boolean duplicate) implements Answer {}

  /** Its number was given up; nothing is or will be stored under it. */
  record Skipped() implements Answer {}

  /** It was not done. Where the code is not retryable, its number is spent. */
  record Refused(
      ErrorCode code, OptionalLong expected, OptionalLong retryAfterMillis, Optional<String> detail)
      implements Answer {}

  static Refused refused(ErrorCode code) {
    return new Refused(code, OptionalLong.empty(), OptionalLong.empty(), Optional.empty());
  }

  static Refused refused(ErrorCode code, String detail) {
    return new Refused(code, OptionalLong.empty(), OptionalLong.empty(), Optional.of(detail));
  }

  static Refused outOfOrder(long expected) {
    return new Refused(
        ErrorCode.OUT_OF_ORDER, OptionalLong.of(expected), OptionalLong.empty(), Optional.empty());
  }

  static Refused retryAfter(ErrorCode code, long millis) {
    return new Refused(code, OptionalLong.empty(), OptionalLong.of(millis), Optional.empty());
  }
}

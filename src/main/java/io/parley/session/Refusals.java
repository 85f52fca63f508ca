package io.parley.session;

import io.parley.model.ErrorCode;
import io.parley.protocol.Decoded;
import io.parley.protocol.ServerFrame;
import java.util.Optional;
import java.util.OptionalLong;

/** What is answered to a frame that can't be handled. */
final class Refusals {
  private Refusals() {}

  static ServerFrame.Error of(Decoded decoded) {
    if (decoded instanceof Decoded.Unknown unknown) {
      return error(unknown.id(), ErrorCode.UNSUPPORTED, "this type of frame is not known");
    }
    if (decoded instanceof Decoded.Invalid invalid) {
      return error(invalid.id(), ErrorCode.INVALID, invalid.field() + " " + invalid.why());
    }
    if (decoded instanceof Decoded.Malformed malformed) {
      return error(malformed.id(), ErrorCode.BAD_FRAME, malformed.why());
    }
    return error(OptionalLong.empty(), ErrorCode.BAD_FRAME, "say hello first");
  }

  /** Whether it counts towards the end of the session. */
  static boolean isStrike(Decoded decoded) {
    return decoded instanceof Decoded.Malformed;
  }

  private static ServerFrame.Error error(OptionalLong re, ErrorCode code, String detail) {
    return new ServerFrame.Error(
        re,
        Optional.empty(),
        code,
        OptionalLong.empty(),
        OptionalLong.empty(),
        Optional.of(detail));
  }
}

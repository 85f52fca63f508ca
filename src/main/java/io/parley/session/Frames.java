package io.parley.session;

import io.parley.protocol.ServerFrame;
import java.util.Optional;
import java.util.OptionalLong;

/** Answers to operations as frames. */
final class Frames {
  private Frames() {}

  static ServerFrame of(long re, Request request, Answer answer) {
    if (answer instanceof Answer.Accepted accepted) {
      return new ServerFrame.Accepted(
          re,
          request.conversation(),
          request.number().outbox(),
          request.number().n(),
          accepted.seq(),
          accepted.at(),
          accepted.duplicate());
    }
    if (answer instanceof Answer.Refused refused) {
      return new ServerFrame.Error(
          OptionalLong.of(re),
          Optional.of(request.conversation()),
          refused.code(),
          refused.expected(),
          refused.retryAfterMillis(),
          refused.detail());
    }
    return new ServerFrame.Skipped(
        re, request.conversation(), request.number().outbox(), request.number().n());
  }
}

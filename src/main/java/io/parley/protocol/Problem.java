package io.parley.protocol;

import com.fasterxml.jackson.core.JsonGenerator;
import io.parley.model.ErrorCode;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * An error as HTTP tells it: the problem details of RFC 9457, with the codes of the socket.
 *
 * @param status of HTTP; {@link #of(ErrorCode)} knows the usual one
 * @param detail a sentence for the developer of a client, without anything secret in it
 * @param field the field of the request that is at fault
 * @param expected the number that the conversation takes next from that outbox
 */
public record Problem(
    ErrorCode code,
    int status,
    Optional<String> detail,
    Optional<String> field,
    OptionalLong retryAfterMillis,
    OptionalLong expected) {
  public static final String MEDIA_TYPE = "application/problem+json";

  public static Problem of(ErrorCode code) {
    return new Problem(
        code,
        status(code),
        Optional.empty(),
        Optional.empty(),
        OptionalLong.empty(),
        OptionalLong.empty());
  }

  /** The same answer as the socket gives. */
  public static Problem of(ServerFrame.Error error) {
    return new Problem(
        error.code(),
        status(error.code()),
        error.detail(),
        Optional.empty(),
        error.retryAfterMillis(),
        error.expected());
  }

  public static Problem of(Refusal refusal) {
    return of(refusal.code(), refusal.field(), refusal.field() + " " + refusal.why());
  }

  public static Problem of(ErrorCode code, String field, String detail) {
    return new Problem(
        code,
        status(code),
        Optional.of(detail),
        Optional.of(field),
        OptionalLong.empty(),
        OptionalLong.empty());
  }

  /** For answers that HTTP itself defines, such as a method that is not allowed. */
  public Problem withStatus(int status) {
    return new Problem(code, status, detail, field, retryAfterMillis, expected);
  }

  public Problem because(String detail) {
    return new Problem(code, status, Optional.of(detail), field, retryAfterMillis, expected);
  }

  public Problem retryAfter(long millis) {
    return new Problem(code, status, detail, field, OptionalLong.of(millis), expected);
  }

  public static int status(ErrorCode code) {
    return switch (code) {
      case BAD_FRAME, UNSUPPORTED -> 400;
      case UNAUTHENTICATED -> 401;
      case FORBIDDEN, BLOCKED, AWAITING_ACCEPTANCE -> 403;
      case NOT_FOUND -> 404;
      case CONFLICT, OUT_OF_ORDER, NOT_STORED, GONE, OUTBOX_EXPIRED, RESYNC, TAKEN, OTHER_USER ->
          409;
      case TOO_LONG -> 413;
      case INVALID, INVALID_TEXT -> 422;
      case RATE_LIMITED -> 429;
      case OVERLOADED, UNAVAILABLE -> 503;
    };
  }

  public String json() {
    return Json.object(this::fields);
  }

  private void fields(JsonGenerator json) throws IOException {
    json.writeStringField("type", "urn:parley:error:" + code.code());
    json.writeStringField("title", title(code));
    json.writeNumberField("status", status);
    if (detail.isPresent()) {
      json.writeStringField("detail", detail.get());
    }
    json.writeStringField("code", code.code());
    json.writeBooleanField("retryable", code.retryable());
    if (field.isPresent()) {
      json.writeStringField("field", field.get());
    }
    if (retryAfterMillis.isPresent()) {
      json.writeNumberField("retryAfterMs", retryAfterMillis.getAsLong());
    }
    if (expected.isPresent()) {
      json.writeNumberField("expected", expected.getAsLong());
    }
  }

  private static String title(ErrorCode code) {
    return switch (code) {
      case BAD_FRAME -> "The request can't be read";
      case UNSUPPORTED -> "This server doesn't know that request";
      case UNAUTHENTICATED -> "Sign in first";
      case OTHER_USER -> "These credentials are another person's";
      case NOT_FOUND -> "There is nothing here for you";
      case FORBIDDEN -> "That is not yours to do";
      case GONE -> "The message was deleted";
      case BLOCKED -> "One of you blocked the other";
      case AWAITING_ACCEPTANCE -> "The other person has yet to accept";
      case TOO_LONG -> "That is too long";
      case INVALID_TEXT -> "The text has characters that aren't allowed, or nothing to see";
      case INVALID -> "A value is not allowed";
      case TAKEN -> "The name is taken";
      case RATE_LIMITED -> "Too many at once";
      case OVERLOADED -> "The server is busy";
      case OUT_OF_ORDER -> "A lower number comes first";
      case NOT_STORED -> "The number was given up or refused";
      case CONFLICT -> "The number holds another operation";
      case OUTBOX_EXPIRED -> "The outbox is too old";
      case RESYNC -> "The place is not one of this log";
      case UNAVAILABLE -> "The outcome is unknown";
    };
  }
}

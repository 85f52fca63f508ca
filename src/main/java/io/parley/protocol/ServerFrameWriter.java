package io.parley.protocol;

import com.fasterxml.jackson.core.JsonGenerator;
import io.parley.model.Limits;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Makes JSON of server frames: the table of types, and one method for each. */
final class ServerFrameWriter {
  private interface Fields<F> {
    void write(JsonGenerator json, F frame) throws IOException;
  }

  private record Type<F extends ServerFrame>(Class<F> frame, String t, Fields<F> fields) {
    String write(ServerFrame given) {
      F typed = frame.cast(given);
      return Json.object(
          json -> {
            json.writeStringField("t", t);
            fields.write(json, typed);
          });
    }
  }

  private static final Map<Class<?>, Type<?>> TYPES =
      List.<Type<?>>of(
              new Type<>(ServerFrame.Welcome.class, "welcome", ServerFrameWriter::welcome),
              new Type<>(ServerFrame.Inbox.class, "inbox", ServerFrameWriter::inbox),
              new Type<>(
                  ServerFrame.Conversation.class, "conversation", ServerFrameWriter::conversation),
              new Type<>(ServerFrame.Events.class, "events", ServerFrameWriter::events),
              new Type<>(ServerFrame.CaughtUp.class, "caught_up", ServerFrameWriter::caughtUp),
              new Type<>(ServerFrame.Behind.class, "behind", ServerFrameWriter::behind),
              new Type<>(ServerFrame.Accepted.class, "accepted", ServerFrameWriter::accepted),
              new Type<>(ServerFrame.Skipped.class, "skipped", ServerFrameWriter::skipped),
              new Type<>(ServerFrame.Error.class, "error", ServerFrameWriter::error),
              new Type<>(ServerFrame.Typing.class, "typing", ServerFrameWriter::typing),
              new Type<>(ServerFrame.Presence.class, "presence", ServerFrameWriter::presence),
              new Type<>(ServerFrame.Page.class, "page", ServerFrameWriter::page),
              new Type<>(ServerFrame.Ok.class, "ok", (json, ok) -> re(json, ok.re())),
              new Type<>(ServerFrame.Pong.class, "pong", ServerFrameWriter::pong),
              new Type<>(ServerFrame.Ping.class, "ping", (json, ping) -> {}),
              new Type<>(ServerFrame.Bye.class, "bye", ServerFrameWriter::bye))
          .stream()
          .collect(Collectors.toUnmodifiableMap(Type::frame, Function.identity()));

  private ServerFrameWriter() {}

  static String write(ServerFrame frame) {
    Type<?> type = TYPES.get(frame.getClass());
    if (type == null) {
      throw new IllegalStateException("no writer for " + frame.getClass().getName());
    }
    return type.write(frame);
  }

  private static void welcome(JsonGenerator json, ServerFrame.Welcome welcome) throws IOException {
    re(json, welcome.re());
    json.writeStringField("epoch", welcome.epoch());
    json.writeStringField("session", welcome.session());
    json.writeObjectFieldStart("user");
    SummaryJson.person(json, welcome.user());
    json.writeEndObject();
    json.writeNumberField("now", welcome.now());
    json.writeNumberField("pingMs", welcome.pingMillis());
    Limits limits = welcome.limits();
    json.writeObjectFieldStart("limits");
    json.writeNumberField("text", limits.text().codePoints());
    json.writeNumberField("inFlight", limits.frames().inFlight());
    json.writeNumberField("page", limits.frames().page());
    json.writeEndObject();
  }

  private static void inbox(JsonGenerator json, ServerFrame.Inbox inbox) throws IOException {
    SummaryJson.list(json, inbox.viewer(), inbox.conversations());
    if (inbox.since().isPresent()) {
      json.writeStringField("since", inbox.since().get());
    }
    json.writeBooleanField("more", inbox.more());
  }

  private static void conversation(JsonGenerator json, ServerFrame.Conversation frame)
      throws IOException {
    optional(json, "re", frame.re());
    json.writeObjectFieldStart("conversation");
    SummaryJson.fields(json, frame.viewer(), frame.conversation());
    json.writeEndObject();
  }

  private static void events(JsonGenerator json, ServerFrame.Events frame) throws IOException {
    json.writeStringField("conversation", frame.conversation().value());
    Json.events(json, frame.events());
  }

  private static void caughtUp(JsonGenerator json, ServerFrame.CaughtUp frame) throws IOException {
    json.writeStringField("conversation", frame.conversation().value());
    json.writeNumberField("seq", frame.seq());
  }

  private static void behind(JsonGenerator json, ServerFrame.Behind frame) throws IOException {
    json.writeStringField("conversation", frame.conversation().value());
    json.writeNumberField("cursor", frame.cursor());
    json.writeNumberField("head", frame.head());
  }

  private static void accepted(JsonGenerator json, ServerFrame.Accepted accepted)
      throws IOException {
    re(json, accepted.re());
    OutcomeJson.accepted(json, accepted);
  }

  private static void skipped(JsonGenerator json, ServerFrame.Skipped skipped) throws IOException {
    re(json, skipped.re());
    OutcomeJson.skipped(json, skipped);
  }

  private static void error(JsonGenerator json, ServerFrame.Error error) throws IOException {
    optional(json, "re", error.re());
    if (error.conversation().isPresent()) {
      json.writeStringField("conversation", error.conversation().get().value());
    }
    json.writeStringField("code", error.code().code());
    optional(json, "expected", error.expected());
    json.writeBooleanField("retryable", error.code().retryable());
    optional(json, "retryAfterMs", error.retryAfterMillis());
    if (error.detail().isPresent()) {
      json.writeStringField("detail", error.detail().get());
    }
  }

  private static void typing(JsonGenerator json, ServerFrame.Typing typing) throws IOException {
    json.writeStringField("conversation", typing.conversation().value());
    json.writeStringField("by", typing.by().value());
    json.writeNumberField("ttlMs", typing.ttlMillis());
  }

  private static void presence(JsonGenerator json, ServerFrame.Presence presence)
      throws IOException {
    json.writeStringField("user", presence.user().value());
    json.writeBooleanField("online", presence.online());
    if (presence.lastSeen().isPresent()) {
      json.writeNumberField("lastSeen", presence.lastSeen().getAsLong());
    } else {
      json.writeNullField("lastSeen");
    }
  }

  private static void page(JsonGenerator json, ServerFrame.Page page) throws IOException {
    re(json, page.re());
    json.writeStringField("conversation", page.conversation().value());
    Json.events(json, page.events());
    json.writeBooleanField("start", page.start());
    json.writeNumberField("head", page.head());
  }

  private static void pong(JsonGenerator json, ServerFrame.Pong pong) throws IOException {
    re(json, pong.re());
    json.writeNumberField("now", pong.now());
  }

  private static void bye(JsonGenerator json, ServerFrame.Bye bye) throws IOException {
    json.writeStringField("code", bye.code().code());
    json.writeBooleanField("reconnect", bye.code().reconnect());
    optional(json, "retryAfterMs", bye.retryAfterMillis());
  }

  private static void re(JsonGenerator json, long re) throws IOException {
    json.writeNumberField("re", re);
  }

  private static void optional(JsonGenerator json, String name, OptionalLong value)
      throws IOException {
    if (value.isPresent()) {
      json.writeNumberField(name, value.getAsLong());
    }
  }
}

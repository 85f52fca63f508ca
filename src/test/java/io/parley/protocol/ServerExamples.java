package io.parley.protocol;

import io.parley.model.ConversationEvent;
import io.parley.model.ConversationId;
import io.parley.model.ConversationSummary;
import io.parley.model.ConversationSummary.LastMessage;
import io.parley.model.ErrorCode;
import io.parley.model.Limits;
import io.parley.model.Marks;
import io.parley.model.Operation;
import io.parley.model.OutboxNumber;
import io.parley.model.Participants;
import io.parley.model.Person;
import io.parley.model.SequencedEvent;
import io.parley.model.UserId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/** What the server's examples say, as frames and events. */
final class ServerExamples {
  static final ConversationId AB = ConversationId.parse("c_ab");
  static final Person ADA = new Person(UserId.parse("u_1"), "ada", "Ada");
  static final Person BOB = new Person(UserId.parse("u_2"), "bob", "Bob 🌻");
  static final long AT = 1_767_225_500_000L;
  static final ConversationSummary SUMMARY =
      new ConversationSummary(
          AB,
          BOB,
          131,
          131,
          4,
          new Marks(118, 118),
          new Marks(131, 130),
          Optional.of(new LastMessage(131, BOB.id(), AT, "hi", false)));
  static final ConversationSummary ERASED =
      new ConversationSummary(
          ConversationId.parse("c_cd"),
          new Person(UserId.parse("u_3"), "cy", "Cy"),
          9,
          9,
          0,
          new Marks(7, 7),
          Marks.NONE,
          Optional.of(new LastMessage(8, ADA.id(), AT, "", true)));
  static final ConversationSummary EMPTY = ConversationSummary.empty(AB, BOB);

  private static final OutboxNumber NUMBER = new OutboxNumber(17, 1);
  private static final Optional<Marks> NO_MARKS = Optional.empty();
  private static final OptionalLong NONE = OptionalLong.empty();

  private ServerExamples() {}

  /** An event and whether this is its author's copy. */
  record Copy(SequencedEvent event, boolean authors) {
    EncodedEvent encoded() {
      return EventJson.encode(event, authors);
    }
  }

  static Copy event(String name) {
    return Objects.requireNonNull(events().get(name), name);
  }

  static ServerFrame frame(String name) {
    return Objects.requireNonNull(frames().get(name), name);
  }

  static Map<String, Copy> events() {
    Map<String, Copy> events = new LinkedHashMap<>();
    Participants both = Participants.of(ADA.id(), BOB.id());
    events.put("opened", copy(1, new ConversationEvent.Opened(ADA.id(), AT, both), false));
    Operation hi = new Operation.Message("hi", NONE);
    events.put("message", peers(2, hi, NO_MARKS));
    events.put("message.own", own(2, hi, NO_MARKS));
    events.put(
        "message.reply",
        own(3, new Operation.Message("Yes", OptionalLong.of(2)), Optional.of(new Marks(2, 2))));
    events.put(
        "message.text", peers(4, new Operation.Message(TextSamples.ODD_BUT_FINE, NONE), NO_MARKS));
    events.put("edit", peers(5, new Operation.Edit(2, "hi!"), NO_MARKS));
    events.put("react", own(6, new Operation.React(2, "👩🏽‍🚀", true), NO_MARKS));
    events.put("delete", peers(7, new Operation.Delete(2), NO_MARKS));
    events.put(
        "marked", copy(8, new ConversationEvent.Marked(ADA.id(), AT, new Marks(7, 4)), false));
    events.put("message.erased", erased(2, NONE, NO_MARKS, false));
    events.put("message.erased-own", erased(2, NONE, Optional.of(new Marks(1, 1)), true));
    events.put("edit.erased", erased(5, OptionalLong.of(2), NO_MARKS, false));
    events.put("skipped", skipped(9, BOB.id(), NO_MARKS, false));
    events.put("skipped.own", skipped(9, ADA.id(), NO_MARKS, true));
    events.put("skipped.marks", skipped(9, BOB.id(), Optional.of(new Marks(6, 3)), false));
    return events;
  }

  static Map<String, ServerFrame> frames() {
    Map<String, ServerFrame> frames = new LinkedHashMap<>();
    frames.put(
        "welcome", new ServerFrame.Welcome(1, "e_5", "s_9", ADA, AT + 123, 20_000, Limits.DEFAULT));
    frames.put("inbox", new ServerFrame.Inbox(ADA.id(), List.of(SUMMARY), Optional.empty(), true));
    frames.put(
        "inbox.last", new ServerFrame.Inbox(ADA.id(), List.of(ERASED), Optional.of("4182"), false));
    frames.put(
        "inbox.empty", new ServerFrame.Inbox(ADA.id(), List.of(), Optional.of("4182"), false));
    frames.put("conversation", new ServerFrame.Conversation(OptionalLong.of(2), ADA.id(), EMPTY));
    frames.put("conversation.push", new ServerFrame.Conversation(NONE, ADA.id(), SUMMARY));
    frames.put(
        "events",
        new ServerFrame.Events(AB, events().values().stream().map(Copy::encoded).toList()));
    frames.put("caught_up", new ServerFrame.CaughtUp(AB, 131));
    frames.put("behind", new ServerFrame.Behind(ConversationId.parse("c_ef"), 7, 52_000));
    frames.put("accepted", new ServerFrame.Accepted(3, AB, 17, 1, 132, AT, false));
    frames.put("accepted.duplicate", new ServerFrame.Accepted(3, AB, 17, 1, 132, AT, true));
    frames.put("skipped", new ServerFrame.Skipped(7, AB, 17, 6));
    frames.put("typing", new ServerFrame.Typing(AB, BOB.id(), 6_000));
    frames.put("presence", new ServerFrame.Presence(BOB.id(), true, NONE));
    frames.put(
        "presence.away",
        new ServerFrame.Presence(BOB.id(), false, OptionalLong.of(1_767_225_480_000L)));
    frames.put("page", new ServerFrame.Page(9, AB, List.of(event("opened").encoded()), true, 131));
    frames.put("page.empty", new ServerFrame.Page(9, AB, List.of(), true, 0));
    frames.put("ok", new ServerFrame.Ok(12));
    frames.put("pong", new ServerFrame.Pong(13, AT));
    frames.put("ping", new ServerFrame.Ping());
    for (ErrorCode code : ErrorCode.values()) {
      frames.put("error." + code.code(), error(code));
    }
    for (ByeCode code : ByeCode.values()) {
      boolean later = code == ByeCode.DRAINING || code == ByeCode.UNAVAILABLE;
      frames.put(
          "bye." + code.code(), new ServerFrame.Bye(code, later ? OptionalLong.of(3_200) : NONE));
    }
    return frames;
  }

  static ServerFrame.Error error(ErrorCode code) {
    ServerFrame.Error reply = ServerFrame.Error.reply(3, AB, code);
    return switch (code) {
      case BAD_FRAME ->
          new ServerFrame.Error(
              NONE, Optional.empty(), code, NONE, NONE, Optional.of("n is missing"));
      case RESYNC ->
          new ServerFrame.Error(NONE, Optional.of(AB), code, NONE, NONE, Optional.empty());
      case UNSUPPORTED -> ServerFrame.Error.reply(3, code).because("dance is not known");
      case OUT_OF_ORDER -> reply.expecting(1);
      case RATE_LIMITED, OVERLOADED, UNAVAILABLE -> reply.retryAfter(500);
      case INVALID -> reply.because("op.of must be at least 1");
      default -> reply;
    };
  }

  private static Copy peers(long seq, Operation operation, Optional<Marks> marks) {
    return copy(seq, operated(BOB.id(), operation, marks), false);
  }

  private static Copy own(long seq, Operation operation, Optional<Marks> marks) {
    return copy(seq, operated(ADA.id(), operation, marks), true);
  }

  private static ConversationEvent operated(UserId by, Operation operation, Optional<Marks> marks) {
    return new ConversationEvent.Operated(by, AT, NUMBER, operation, marks);
  }

  private static Copy erased(long seq, OptionalLong of, Optional<Marks> marks, boolean own) {
    UserId by = own ? ADA.id() : BOB.id();
    return copy(seq, new ConversationEvent.Erased(by, AT, NUMBER, of, marks), own);
  }

  private static Copy skipped(long seq, UserId by, Optional<Marks> marks, boolean own) {
    return copy(seq, new ConversationEvent.Skipped(by, AT, NUMBER, marks), own);
  }

  private static Copy copy(long seq, ConversationEvent event, boolean authors) {
    return new Copy(new SequencedEvent(seq, event), authors);
  }
}

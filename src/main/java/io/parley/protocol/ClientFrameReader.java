package io.parley.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import io.parley.model.ConversationId;
import io.parley.model.ErrorCode;
import io.parley.model.Limits;
import io.parley.model.Marks;
import io.parley.model.Operation;
import io.parley.model.UserId;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Pattern;

/** Makes client frames of their fields: the table of what is known, and one method each. */
final class ClientFrameReader {
  /** What may be repeated to the sender of an unknown type. */
  private static final Pattern PRINTABLE_TYPE = Pattern.compile("[a-z_]{1,32}");

  private interface Reader {
    Decoded read(Fields fields);
  }

  private final Limits.Frames limits;
  private final Map<String, Reader> readers =
      Map.ofEntries(
          Map.entry("hello", this::hello),
          Map.entry("start", this::start),
          Map.entry("send", this::send),
          Map.entry("mark", this::mark),
          Map.entry("typing", this::typing),
          Map.entry("watch", this::watch),
          Map.entry("page", this::page),
          Map.entry("resume", this::resume),
          Map.entry("ping", fields -> frame(new ClientFrame.Ping(id(fields)))),
          Map.entry("pong", fields -> frame(new ClientFrame.Pong())));

  ClientFrameReader(Limits.Frames limits) {
    this.limits = limits;
  }

  /** The types that it knows. */
  Set<String> types() {
    return readers.keySet();
  }

  Decoded read(Fields fields) {
    String type = fields.text("t");
    Reader reader = readers.get(type);
    if (reader == null) {
      String shown = PRINTABLE_TYPE.matcher(type).matches() ? type : "?";
      throw new Refusal(ErrorCode.UNSUPPORTED, shown, "is not known");
    }
    return reader.read(fields);
  }

  private Decoded hello(Fields fields) {
    List<ClientFrame.Cursor> cursors =
        fields
            .optionalList("cursors", limits.cursors(), ClientFrameReader::cursor)
            .map(ClientFrameReader::distinct)
            .orElse(List.of());
    Optional<UserId> user = fields.optionalText("user").map(UserId::parse);
    if (user.isEmpty() && !cursors.isEmpty()) {
      throw new Refusal(ErrorCode.INVALID, "user", "must say whose the cursors are");
    }
    return frame(
        new ClientFrame.Hello(
            id(fields),
            fields.optionalWord("token"),
            fields.optionalWord("client"),
            user,
            fields.optionalWord("epoch"),
            fields.optionalWord("since"),
            cursors,
            fields.optionalNumber("backlog", 0)));
  }

  private Decoded start(Fields fields) {
    return frame(new ClientFrame.Start(id(fields), fields.word("peer")));
  }

  private Decoded send(Fields fields) {
    return send(id(fields), conversation(fields), fields);
  }

  /** Once the number is known, whatever else is wrong is refused under that number. */
  Decoded send(long id, ConversationId conversation, Fields fields) {
    long outbox = fields.number("outbox", 1);
    long n = fields.number("n", 1);
    try {
      Optional<Operation> operation = OperationJson.read(fields.object("op"));
      return frame(new ClientFrame.Send(id, conversation, outbox, n, operation, marks(fields)));
    } catch (Refusal refusal) {
      return new Decoded.UnusableSend(
          id, conversation, outbox, n, refusal.code(), refusal.field() + " " + refusal.why());
    }
  }

  private Decoded mark(Fields fields) {
    ConversationId conversation = conversation(fields);
    Marks claimed =
        marks(fields)
            .orElseThrow(() -> new Refusal(ErrorCode.BAD_FRAME, "delivered", "is missing"));
    return frame(new ClientFrame.Mark(conversation, claimed));
  }

  private Decoded typing(Fields fields) {
    return frame(new ClientFrame.Typing(conversation(fields), fields.flag("on")));
  }

  private Decoded watch(Fields fields) {
    return frame(
        new ClientFrame.Watch(
            fields.list(
                "users",
                limits.watched(),
                (element, name) -> UserId.parse(Fields.text(element, name)))));
  }

  private Decoded page(Fields fields) {
    OptionalLong before = fields.optionalNumber("before", 1);
    OptionalLong after = fields.optionalNumber("after", 0);
    if (before.isPresent() && after.isPresent()) {
      throw new Refusal(ErrorCode.INVALID, "after", "can't stand beside before");
    }
    OptionalLong limit = fields.optionalNumber("limit", 1);
    if (limit.isPresent() && limit.getAsLong() > limits.page()) {
      throw new Refusal(ErrorCode.INVALID, "limit", "must be at most " + limits.page());
    }
    return frame(
        new ClientFrame.Page(
            id(fields),
            conversation(fields),
            before,
            after,
            limit.isPresent() ? OptionalInt.of((int) limit.getAsLong()) : OptionalInt.empty()));
  }

  private Decoded resume(Fields fields) {
    List<ClientFrame.Cursor> cursors =
        fields.list("cursors", limits.cursors(), ClientFrameReader::cursor);
    return frame(new ClientFrame.Resume(id(fields), distinct(cursors)));
  }

  private static List<ClientFrame.Cursor> distinct(List<ClientFrame.Cursor> cursors) {
    Set<ConversationId> seen = new HashSet<>();
    for (ClientFrame.Cursor cursor : cursors) {
      if (!seen.add(cursor.conversation()) && !cursor.conversation().equals(ConversationId.NONE)) {
        throw new Refusal(ErrorCode.INVALID, "cursors", "name a conversation twice");
      }
    }
    return cursors;
  }

  private static ClientFrame.Cursor cursor(JsonNode pair, String name) {
    if (!pair.isArray() || pair.size() != 2) {
      throw new Refusal(ErrorCode.BAD_FRAME, name, "must be [conversation, seq or null]");
    }
    ConversationId conversation = ConversationId.parse(Fields.text(pair.get(0), name));
    return new ClientFrame.Cursor(
        conversation,
        pair.get(1).isNull()
            ? OptionalLong.empty()
            : OptionalLong.of(Fields.number(pair.get(1), name, 0)));
  }

  private static Optional<Marks> marks(Fields fields) {
    OptionalLong delivered = fields.optionalNumber("delivered", 0);
    OptionalLong read = fields.optionalNumber("read", 0);
    return delivered.isEmpty() && read.isEmpty()
        ? Optional.empty()
        : Optional.of(Marks.claimed(delivered.orElse(0), read.orElse(0)));
  }

  private static long id(Fields fields) {
    return fields.number("id", 0);
  }

  private static ConversationId conversation(Fields fields) {
    return ConversationId.parse(fields.text("conversation"));
  }

  private static Decoded frame(ClientFrame frame) {
    return new Decoded.Frame(frame);
  }
}

package io.parley.simulation;

import com.fasterxml.jackson.databind.JsonNode;
import io.parley.model.ConversationEvent;
import io.parley.model.ConversationId;
import io.parley.model.OutboxNumber;
import io.parley.model.SequencedEvent;
import io.parley.model.UserId;
import io.parley.protocol.ClientFrame;
import io.parley.protocol.EventJson;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;

/** Looks at every frame that one session sends: no gap, no repetition, nothing of others. */
final class StreamCheck {
  /** A resume, and the heads when it came. */
  private record Asked(List<ClientFrame.Cursor> cursors, List<Long> heads) {}

  private final World world;
  private final UserId user;
  private final String session;

  /** Where the session must go on, per conversation that it has been told of. */
  private final Map<ConversationId, Long> positions = new HashMap<>();

  /** The head that the caught_up still owed has to reach. */
  private final Map<ConversationId, Long> owed = new HashMap<>();

  private final Map<Long, Asked> resumes = new HashMap<>();
  private final Map<Long, Promises.Key> sends = new HashMap<>();
  private final Set<ConversationId> mayResync = new HashSet<>();
  private long backlog = Long.MAX_VALUE;

  StreamCheck(World world, UserId user, String session) {
    this.world = world;
    this.user = user;
    this.session = session;
  }

  /** The session has taken up the client's hello. */
  void began(ClientFrame.Hello hello) {
    backlog = hello.backlog().orElse(Long.MAX_VALUE);
    if (hello.epoch().map(world.epoch()::equals).orElse(true)) {
      hello.cursors().forEach(cursor -> begin(cursor, head(cursor)));
    } else {
      hello.cursors().forEach(cursor -> mayResync.add(cursor.conversation()));
    }
  }

  private long head(ClientFrame.Cursor cursor) {
    return world.journal().head(cursor.conversation());
  }

  private void begin(ClientFrame.Cursor cursor, long head) {
    ConversationId conversation = cursor.conversation();
    positions.remove(conversation);
    cursor.seq().ifPresent(seq -> positions.put(conversation, seq));
    owed.put(conversation, head);
  }

  private void resumed(Asked asked) {
    for (int i = 0; i < asked.cursors().size(); i++) {
      begin(asked.cursors().get(i), asked.heads().get(i));
    }
  }

  /** The session has received this. */
  void asked(ClientFrame frame) {
    if (frame instanceof ClientFrame.Resume resume) {
      List<Long> heads = resume.cursors().stream().map(this::head).toList();
      resumes.put(resume.id(), new Asked(resume.cursors(), heads));
    } else if (frame instanceof ClientFrame.Send send) {
      OutboxNumber number = new OutboxNumber(send.outbox(), send.n());
      sends.put(send.id(), new Promises.Key(send.conversation(), user, number));
    }
  }

  void sent(JsonNode frame, String text) {
    switch (frame.path("t").asText()) {
      case "inbox" -> frame.path("conversations").forEach(this::told);
      case "conversation" -> told(frame.path("conversation"));
      case "events" -> events(frame, text);
      case "caught_up" -> caughtUp(frame);
      case "behind" -> behind(frame);
      case "ok" -> resumed(Objects.requireNonNull(resumes.get(frame.path("re").asLong())));
      case "accepted" ->
          world
              .promises()
              .accepted(key(frame), frame.path("seq").asLong(), frame.path("at").asLong());
      case "skipped" -> world.promises().notStored(key(frame), "skipped");
      case "error" -> error(frame);
      default -> {}
    }
  }

  private Promises.Key key(JsonNode frame) {
    Promises.Key key = sends.get(frame.path("re").asLong());
    OutboxNumber number = new OutboxNumber(frame.path("outbox").asLong(), frame.path("n").asLong());
    check(key != null && key.number().equals(number), "S3", frame, "answers nothing asked");
    return new Promises.Key(conversation(frame), user, number);
  }

  private void error(JsonNode frame) {
    if (!frame.has("re")) {
      boolean expected = mayResync.contains(conversation(frame));
      check(expected, "S7", frame, "refuses a cursor that was right");
    } else if (!frame.path("retryable").asBoolean()) {
      Promises.Key key = sends.get(frame.path("re").asLong());
      if (key != null) {
        world.promises().notStored(key, frame.path("code").asText());
      }
    }
  }

  private void told(JsonNode summary) {
    ConversationId conversation = new ConversationId(summary.path("id").asText());
    check(world.pairOf(conversation).include(user), "S10", summary, "is of others");
    if (!owed.containsKey(conversation)) {
      positions.putIfAbsent(conversation, summary.path("head").asLong());
    }
  }

  private void events(JsonNode frame, String text) {
    ConversationId conversation = conversation(frame);
    check(world.pairOf(conversation).include(user), "S10", frame, "is of others");
    long first = frame.path("events").path(0).path("seq").asLong();
    Long position = positions.get(conversation);
    boolean isBase = position == null && owed.containsKey(conversation);
    check(
        isBase || (position != null && first == position + 1),
        "S6",
        frame,
        "follows on " + position);
    StringBuilder expected =
        new StringBuilder(
            "{\"t\":\"events\",\"conversation\":\"" + conversation + "\",\"events\":[");
    long seq = first;
    for (JsonNode event : frame.path("events")) {
      expected.append(seq > first ? "," : "").append(asStored(conversation, seq++, event));
    }
    check(text.contentEquals(expected.append("]}")), "S4, S2", frame, "is stored as " + expected);
    positions.put(conversation, seq - 1);
  }

  /** As the log has it: now, or before its text was taken away. */
  private String asStored(ConversationId conversation, long seq, JsonNode event) {
    List<SequencedEvent> log = world.journal().events(conversation);
    check(seq <= log.size(), "S2", event, "is not stored");
    ConversationEvent now = log.get((int) seq - 1).event();
    boolean was = now instanceof ConversationEvent.Erased && !event.has("erased");
    ConversationEvent meant = was ? world.promises().original(conversation, seq) : now;
    return EventJson.encode(new SequencedEvent(seq, meant), meant.by().equals(user)).json();
  }

  private void caughtUp(JsonNode frame) {
    ConversationId conversation = conversation(frame);
    long seq = frame.path("seq").asLong();
    Long head = owed.remove(conversation);
    check(head != null, "S7", frame, "was not asked for");
    check(head == null || seq >= head, "S7", frame, "comes before the head " + head);
    check(
        positions.getOrDefault(conversation, seq) == seq,
        "S7",
        frame,
        "comes at " + positions.get(conversation));
    positions.put(conversation, seq);
  }

  private void behind(JsonNode frame) {
    ConversationId conversation = conversation(frame);
    long head = frame.path("head").asLong();
    check(head - frame.path("cursor").asLong() > backlog, "S7", frame, "is within the backlog");
    owed.remove(conversation);
    positions.put(conversation, head);
  }

  private static ConversationId conversation(JsonNode frame) {
    return new ConversationId(frame.path("conversation").asText());
  }

  private void check(boolean holds, String promise, JsonNode frame, String how) {
    Promises.check(holds, promise, () -> session + " of " + user + ": " + frame + " " + how);
  }

  /** Where this session stands; empty when it was not told of the conversation. */
  OptionalLong position(ConversationId conversation) {
    Long position = positions.get(conversation);
    return position == null ? OptionalLong.empty() : OptionalLong.of(position);
  }
}

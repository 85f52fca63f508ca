package io.parley.campaign.check;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.parley.campaign.record.Observation.OpKey;
import io.parley.campaign.record.Observation.Sent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * What the log of one conversation comes to at any place of it. Texts that were erased since are
 * taken from what their authors sent, so that what was shown before can be judged as well.
 */
final class FoldedLog {
  /** As the protocol has it. */
  private static final int PREVIEW_CODE_POINTS = 160;

  /** How a message reads from this place of the log on. */
  record Version(long seq, String text, boolean isEdited) {}

  /** A message with all that became of it. */
  static final class Message {
    private final Journal.Row row;
    private final List<Version> versions = new ArrayList<>();
    private OptionalLong deletedAt = OptionalLong.empty();

    private Message(Journal.Row row) {
      this.row = row;
    }

    long seq() {
      return row.seq();
    }

    long position() {
      return row.position();
    }

    String by() {
      return row.event().path("by").asText();
    }

    JsonNode event() {
      return row.event();
    }

    /** The first is how it was sent. */
    List<Version> versions() {
      return versions;
    }

    boolean isDeletedAt(long place) {
      return deletedAt.isPresent() && deletedAt.getAsLong() <= place;
    }

    boolean isEverDeleted() {
      return deletedAt.isPresent();
    }

    Version versionAt(long place) {
      Version current = versions.get(0);
      for (Version version : versions) {
        if (version.seq() <= place) {
          current = version;
        }
      }
      return current;
    }
  }

  private record Mark(long seq, String by, long delivered, long read) {}

  private final String talk;
  private final List<Journal.Row> rows;
  private final Map<OpKey, List<Sent>> sent;
  private final TreeMap<Long, Message> messages = new TreeMap<>();
  private final List<Mark> marks = new ArrayList<>();

  FoldedLog(String talk, List<Journal.Row> rows, Map<OpKey, List<Sent>> sent) {
    this.talk = talk;
    this.rows = rows;
    this.sent = sent;
    rows.forEach(this::fold);
  }

  private void fold(Journal.Row row) {
    JsonNode event = row.event();
    String by = event.path("by").asText();
    if (event.has("delivered")) {
      marks.add(
          new Mark(row.seq(), by, event.path("delivered").asLong(), event.path("read").asLong()));
    }
    Optional<Message> own =
        Optional.ofNullable(messages.get(event.path("of").asLong()))
            .filter(message -> message.by().equals(by) && message.deletedAt.isEmpty());
    switch (event.path("kind").asText()) {
      case "message" -> {
        Message message = new Message(row);
        message.versions.add(new Version(row.seq(), text(event), false));
        messages.put(row.seq(), message);
      }
      case "edit" ->
          own.ifPresent(message -> message.versions.add(new Version(row.seq(), text(event), true)));
      case "delete" -> own.ifPresent(message -> message.deletedAt = OptionalLong.of(row.seq()));
      default -> {
        // Changes neither texts nor what is unread.
      }
    }
  }

  private String text(JsonNode event) {
    if (!event.path("erased").asBoolean()) {
      return event.path("text").asText();
    }
    OpKey key =
        new OpKey(
            talk,
            event.path("by").asText(),
            event.path("outbox").asLong(),
            event.path("n").asLong());
    return sent.getOrDefault(key, List.of()).stream()
        .filter(one -> one.op().path("kind").equals(event.path("kind")))
        .map(one -> one.op().path("text").asText())
        .findFirst()
        .orElse("");
  }

  long head() {
    return rows.size();
  }

  Iterable<Message> messages() {
    return messages.values();
  }

  Optional<Message> message(long seq) {
    return Optional.ofNullable(messages.get(seq));
  }

  /** Of the newest message at that place, or of the beginning: what an inbox is ordered by. */
  long activityAt(long place) {
    Map.Entry<Long, Message> newest = messages.floorEntry(place);
    return newest == null ? rows.get(0).position() : newest.getValue().position();
  }

  /** The fields of a summary that count events: unread, asOf, marks, last. */
  ObjectNode summary(String reader, String peer, long place) {
    ObjectNode summary = JsonNodeFactory.instance.objectNode();
    summary.put("unread", unread(peer, marksAt(reader, place).read(), place));
    summary.put("asOf", place);
    ObjectNode both = summary.putObject("marks");
    for (String user : List.of(reader, peer)) {
      Mark mark = marksAt(user, place);
      both.putObject(user).put("delivered", mark.delivered()).put("read", mark.read());
    }
    Map.Entry<Long, Message> newest = messages.floorEntry(place);
    if (newest == null) {
      summary.putNull("last");
    } else {
      last(summary.putObject("last"), newest.getValue(), place);
    }
    return summary;
  }

  private static void last(ObjectNode last, Message message, long place) {
    last.put("seq", message.seq());
    last.put("by", message.by());
    last.set("at", message.event().path("at"));
    if (message.isDeletedAt(place)) {
      last.put("erased", true);
      return;
    }
    String text = message.versionAt(place).text();
    int codePoints = Math.min(PREVIEW_CODE_POINTS, text.codePointCount(0, text.length()));
    last.put("preview", text.substring(0, text.offsetByCodePoints(0, codePoints)));
  }

  private long unread(String author, long read, long place) {
    return messages.subMap(read, false, place, true).values().stream()
        .filter(message -> message.by().equals(author) && !message.isDeletedAt(place))
        .count();
  }

  private Mark marksAt(String user, long place) {
    Mark highest = new Mark(0, user, 0, 0);
    for (Mark mark : marks) {
      if (mark.seq() <= place && mark.by().equals(user)) {
        highest = mark; // They only rise, which another check sees to.
      }
    }
    return highest;
  }
}

package io.parley.campaign.check;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.parley.campaign.check.FoldedLog.Message;
import io.parley.campaign.check.FoldedLog.Version;
import io.parley.campaign.check.Violation.Kind;
import io.parley.campaign.record.Observation;
import io.parley.campaign.record.Observation.Found;
import io.parley.campaign.record.Observation.Listed;
import io.parley.model.SearchText;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Compares what inboxes and searches showed with the log: S2, S4, S8 to S10.
 *
 * <p>A summary says up to where it counts, and must be exactly what the log comes to there. How far
 * that has to be at least ({@code due}): all there is, when everything is at rest; in calm times,
 * what was accepted a second before; while something is broken, nothing is promised. A hit must
 * have read so once, and not be changed or deleted within what is due. Which texts hold another is
 * asked of {@link SearchText}, whose rules have tests of their own.
 */
final class ReadSideCheck {
  /** Inbox and search follow within this; {@link #follows} tells how soon they did. */
  static final long FOLLOW_NANOS = 1_000_000_000L;

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Evidence evidence;
  private final Journal journal;
  private final List<Violation> violations;
  private final Accepted accepted;
  private final Map<String, FoldedLog> logs = new HashMap<>();
  private final Map<String, SearchText> texts = new HashMap<>();
  private final List<Long> behind = new ArrayList<>();
  private long looks;

  ReadSideCheck(Evidence evidence, Journal journal, List<Violation> violations) {
    this.evidence = evidence;
    this.journal = journal;
    this.violations = violations;
    this.accepted = Accepted.of(evidence);
  }

  void run() {
    evidence.inboxes.forEach(this::inbox);
    evidence.searches.forEach(this::search);
  }

  long looks() {
    return looks;
  }

  private FoldedLog log(String talk) {
    return logs.computeIfAbsent(talk, id -> new FoldedLog(id, journal.rows(id), evidence.sent));
  }

  /** In calm times, for how long what a summary didn't count yet had been accepted. */
  Spread follows() {
    return Spread.ofNanos(behind);
  }

  /** The place in the log that must have been counted when somebody asked. */
  private long due(String talk, long asked, String purpose) {
    if (purpose.equals(Observation.HISTORY)) {
      return log(talk).head();
    }
    return evidence.isCalm(asked) ? accepted.newestBefore(talk, asked - FOLLOW_NANOS) : 0;
  }

  private void inbox(Listed inbox) {
    String where = "the inbox of " + inbox.user() + " at " + inbox.node();
    Set<String> shown = new HashSet<>();
    Place before = Place.TOP;
    for (JsonNode summary : inbox.conversations()) {
      looks++;
      String talk = summary.path("id").asText();
      if (!evidence.isTheirs(inbox.user(), talk)) {
        add(Promise.ISOLATION, Kind.LEAK, where + " shows " + summary);
        continue;
      }
      if (!shown.add(talk)) {
        add(Promise.ONE_ORDER, Kind.DOUBLED, where + " shows " + talk + " twice");
      }
      if (isStored(summary, talk, where)) {
        summary(inbox, talk, summary, where);
        long activity = log(talk).activityAt(summary.path("asOf").asLong());
        before = inOrder(before, new Place(activity, talk, 0), where);
      }
    }
    for (String talk : evidence.talksOf(inbox.user())) {
      if (!shown.contains(talk) && due(talk, inbox.asked(), inbox.purpose()) > 0) {
        add(Promise.READ_YOUR_WRITE, Kind.LOST, where + " doesn't show " + talk);
      }
    }
  }

  /** Whether it counts no more than there is. */
  private boolean isStored(JsonNode summary, String talk, String where) {
    long head = summary.path("head").asLong();
    long asOf = summary.path("asOf").asLong();
    if (asOf >= 1 && asOf <= head && head <= log(talk).head()) {
      return true;
    }
    add(
        Promise.DURABLE,
        Kind.LOST,
        where + " shows " + summary + ", and the log ends at " + log(talk).head());
    return false;
  }

  private void summary(Listed inbox, String talk, JsonNode summary, String where) {
    String peer = evidence.peerOf(inbox.user(), talk);
    long asOf = summary.path("asOf").asLong();
    long newest =
        inbox.purpose().equals(Observation.HISTORY)
            ? log(talk).head()
            : accepted.newestBefore(talk, inbox.asked());
    late(summary.path("head").asLong(), newest, "the head of " + talk, where);
    late(asOf, due(talk, inbox.asked(), inbox.purpose()), "the summary of " + talk, where);
    if (evidence.isCalm(inbox.asked())) {
      behind.add(Math.max(0, inbox.asked() - accepted.firstPast(talk, asOf)));
    }
    ObjectNode counted = summary.deepCopy();
    counted.remove(List.of("id", "head"));
    JsonNode showsPeer = counted.remove("peer");
    if (showsPeer == null || !showsPeer.path("id").asText().equals(peer)) {
      add(Promise.TRUE, Kind.UNTRUE, where + " shows " + talk + " as with " + showsPeer);
    }
    JsonNode expected = log(talk).summary(inbox.user(), peer, asOf);
    if (!same(counted.path("marks"), expected.path("marks"))) {
      add(
          Promise.MARKS,
          Kind.UNTRUE,
          where + " shows " + summary + ", and marks there are " + expected.path("marks"));
    } else if (!same(counted, expected)) {
      add(Promise.TRUE, Kind.UNTRUE, where + " shows " + summary + ", and there is " + expected);
    }
  }

  private void late(long shown, long due, String what, String where) {
    if (shown < due) {
      add(
          Promise.READ_YOUR_WRITE,
          Kind.LATE,
          where + " has " + what + " at " + shown + ", and " + due + " was due");
    }
  }

  /** Numbers are alike whatever type of node they are in. */
  private static boolean same(JsonNode one, JsonNode other) {
    try {
      return JSON.readTree(one.toString()).equals(JSON.readTree(other.toString()));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Where something stands among what is newest first. */
  private record Place(long position, String talk, long seq) {
    static final Place TOP = new Place(Long.MAX_VALUE, "", 0);

    boolean isBelow(Place other) {
      if (position != other.position) {
        return position < other.position;
      }
      int talks = talk.compareTo(other.talk);
      return talks < 0 || (talks == 0 && seq < other.seq);
    }
  }

  private Place inOrder(Place before, Place next, String where) {
    if (!next.isBelow(before)) {
      add(Promise.ONE_ORDER, Kind.MOVED, where + " shows " + next + " below " + before);
    }
    return next;
  }

  private void search(Found found) {
    String where =
        "the search of "
            + found.user()
            + " for '"
            + found.text()
            + "' at "
            + found.node()
            + (found.conversation().isEmpty() ? "" : " in " + found.conversation());
    Set<String> shown = new HashSet<>();
    Place before = Place.TOP;
    for (JsonNode hit : found.hits()) {
      looks++;
      String talk = hit.path("conversation").asText();
      if (!evidence.isTheirs(found.user(), talk)) {
        add(Promise.ISOLATION, Kind.LEAK, where + " shows " + hit);
        continue;
      }
      long seq = hit.path("message").path("seq").asLong();
      Message message = log(talk).message(seq).orElse(null);
      if (message == null) {
        add(Promise.DURABLE, Kind.LOST, where + " shows " + hit + ", which isn't stored");
        continue;
      }
      if (!shown.add(talk + "/" + seq)) {
        add(Promise.ONE_ORDER, Kind.DOUBLED, where + " shows " + seq + " of " + talk + " twice");
      }
      hit(found, talk, message, hit, where);
      before = inOrder(before, new Place(message.position(), talk, seq), where);
    }
    if (found.isWhole()) {
      List<String> searched =
          found.conversation().isEmpty()
              ? evidence.talksOf(found.user())
              : List.of(found.conversation());
      searched.forEach(talk -> missing(found, talk, shown, where));
    }
  }

  private void hit(Found found, String talk, Message message, JsonNode hit, String where) {
    JsonNode shown = hit.path("message");
    List<Version> alike = new ArrayList<>();
    for (Version version : message.versions()) {
      if (version.text().equals(shown.path("text").asText())
          && version.isEdited() == hit.path("edited").asBoolean()) {
        alike.add(version);
      }
    }
    boolean isIn = found.conversation().isEmpty() || found.conversation().equals(talk);
    boolean isCopy =
        shown.path("kind").asText().equals("message")
            && shown.path("by").asText().equals(message.by())
            && shown.path("at").asLong() == message.event().path("at").asLong()
            // What was erased since says no longer what it answered.
            && (message.isEverDeleted() || replyTo(shown) == replyTo(message.event()));
    String peer = evidence.peerOf(found.user(), talk);
    if (alike.isEmpty()
        || !isIn
        || !isCopy
        || !hit.path("peer").path("id").asText().equals(peer)
        || !holds(shown.path("text").asText(), found.text())) {
      add(
          Promise.TRUE,
          Kind.UNTRUE,
          where + " shows " + hit + ", and stored is " + message.event());
      return;
    }
    long due = due(talk, found.asked(), found.purpose());
    if (message.isDeletedAt(due) || !reads(message, due, alike)) {
      add(
          Promise.READ_YOUR_WRITE,
          Kind.LATE,
          where + " shows " + hit + " as it was before " + due + ", which was due");
    }
  }

  private static long replyTo(JsonNode message) {
    return message.path("replyTo").asLong();
  }

  /** Whether one of these is how it reads at that place, or later. */
  private static boolean reads(Message message, long due, List<Version> shown) {
    long current = message.versionAt(due).seq();
    return shown.stream().anyMatch(version -> version.seq() >= current);
  }

  /** What was due, wasn't deleted, and holds the text however it reads from then on. */
  private void missing(Found found, String talk, Set<String> shown, String where) {
    long due = due(talk, found.asked(), found.purpose());
    for (Message message : log(talk).messages()) {
      if (message.seq() > due || message.isEverDeleted()) {
        continue;
      }
      long current = message.versionAt(due).seq();
      boolean isHit =
          message.versions().stream()
              .filter(version -> version.seq() >= current)
              .allMatch(version -> holds(version.text(), found.text()));
      if (isHit && !shown.contains(talk + "/" + message.seq())) {
        add(
            Promise.READ_YOUR_WRITE,
            Kind.LOST,
            where + " doesn't show " + message.seq() + " of " + talk + ": " + message.event());
      }
    }
  }

  private boolean holds(String text, String part) {
    return texts
        .computeIfAbsent(text, SearchText::of)
        .folded()
        .contains(texts.computeIfAbsent(part, SearchText::of).folded());
  }

  private void add(Promise promise, Kind kind, String what) {
    violations.add(new Violation(promise, kind, what));
  }
}

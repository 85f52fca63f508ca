package io.parley.campaign.check;

import com.fasterxml.jackson.databind.JsonNode;
import io.parley.campaign.check.Violation.Kind;
import io.parley.campaign.record.Observation.Answered;
import io.parley.campaign.record.Observation.Marked;
import io.parley.campaign.record.Observation.OpKey;
import io.parley.campaign.record.Observation.Sent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Compares what PostgreSQL holds with what was sent and answered: S1 to S5, and S9. */
final class StoredCheck {
  private final Evidence evidence;
  private final Journal journal;
  private final List<Violation> violations;
  private final Map<OpKey, JsonNode> stored = new HashMap<>();

  /** The highest number of each outbox that the log tells of, by conversation, person, outbox. */
  private final Map<String, Long> highest = new HashMap<>();

  StoredCheck(Evidence evidence, Journal journal, List<Violation> violations) {
    this.evidence = evidence;
    this.journal = journal;
    this.violations = violations;
  }

  void run() {
    journal.conversations().forEach(this::conversation);
    evidence.answered.forEach(this::answers);
    marks();
  }

  private void conversation(String talk, List<Journal.Row> rows) {
    long expected = 1;
    Map<String, Long> lastNumber = new HashMap<>();
    Set<Long> deleted = new HashSet<>();
    for (Journal.Row row : rows) {
      if (row.event().path("kind").asText().equals("delete")) {
        deleted.add(row.event().path("of").asLong());
      }
    }
    for (Journal.Row row : rows) {
      if (row.seq() != expected) {
        add(
            Promise.ONE_ORDER,
            Kind.GAP,
            talk + " has " + row.seq() + " where " + expected + " belongs");
        expected = row.seq();
      }
      expected++;
      if (row.event().has("n")) {
        number(talk, row, lastNumber, deleted);
      }
    }
  }

  private void number(
      String talk, Journal.Row row, Map<String, Long> lastNumber, Set<Long> deleted) {
    JsonNode event = row.event();
    String by = event.path("by").asText();
    long outbox = event.path("outbox").asLong();
    OpKey key = new OpKey(talk, by, outbox, event.path("n").asLong());
    JsonNode before = stored.putIfAbsent(key, event);
    if (before != null) {
      add(Promise.IDEMPOTENT, Kind.DOUBLED, key + " is stored as " + before + " and " + event);
    }
    String queue = by + "/" + outbox;
    long last = lastNumber.getOrDefault(queue, 0L);
    if (before == null && key.n() < last) {
      add(Promise.SENDER_ORDER, Kind.MOVED, key + " is stored behind number " + last);
    }
    lastNumber.put(queue, Math.max(last, key.n()));
    highest.merge(queue(key), key.n(), Math::max);
    if (!wasSent(key, event, deleted)) {
      add(Promise.TRUE, Kind.UNTRUE, key + " is stored as " + event + ", and nobody sent that");
    }
  }

  private boolean wasSent(OpKey key, JsonNode event, Set<Long> deleted) {
    for (Sent one : evidence.sent.getOrDefault(key, List.of())) {
      if (Sameness.isOf(event, one.op(), deleted)) {
        return true;
      }
    }
    return false;
  }

  private void answers(OpKey key, List<Answered> answers) {
    Answered first = null;
    for (Answered answer : answers) {
      if (answer.outcome().equals("accepted")) {
        if (first == null) {
          first = answer;
          accepted(key, answer);
        } else if (answer.seq() != first.seq() || answer.time() != first.time()) {
          add(
              Promise.IDEMPOTENT,
              Kind.MOVED,
              key + " was accepted as " + first + " and as " + answer);
        }
      }
    }
    if (first != null) {
      refusedLater(key, first, answers);
    }
    boolean isRefused =
        answers.stream()
            .anyMatch(answer -> answer.isFinal() && !answer.outcome().equals("accepted"));
    JsonNode event = stored.get(key);
    boolean isGivenUp = answers.stream().anyMatch(answer -> answer.outcome().equals("skipped"));
    boolean isNothing = (first == null && isRefused) || isGivenUp;
    if (isNothing && event != null && !isSkip(event)) {
      add(
          Promise.TRUE,
          Kind.UNTRUE,
          key + " was refused (" + answers + ") and is stored as " + event);
    }
    boolean isFenced = highest.getOrDefault(queue(key), 0L) >= key.n();
    if (!isFenced && answers.stream().anyMatch(StoredCheck::needsARow)) {
      add(Promise.TRUE, Kind.LOST, key + ": no row keeps a late copy out after " + answers);
    }
  }

  private static String queue(OpKey key) {
    return key.conversation() + "/" + key.user() + "/" + key.outbox();
  }

  /** The same operation under the same number, at any age, gets the answer that it once had. */
  private void refusedLater(OpKey key, Answered accepted, List<Answered> answers) {
    for (Answered answer : answers) {
      if (answer.at() > accepted.at()
          && answer.isFinal()
          && !answer.outcome().equals("accepted")
          && answer.op().equals(accepted.op())) {
        add(
            Promise.IDEMPOTENT,
            Kind.UNTRUE,
            key + " was accepted as " + accepted + ", and then answered " + answer);
      }
    }
  }

  /** A copy of it that is still on its way could be stored. */
  private static boolean needsARow(Answered answer) {
    return answer.outcome().equals("skipped") || answer.outcome().equals("gone");
  }

  private static boolean isSkip(JsonNode event) {
    return event.path("kind").asText().equals("skipped");
  }

  private void accepted(OpKey key, Answered answer) {
    JsonNode event = stored.get(key);
    if (event == null || isSkip(event)) {
      add(
          Promise.DURABLE,
          Kind.LOST,
          key + " was accepted as " + answer.seq() + " and isn't stored");
    } else if (event.path("seq").asLong() != answer.seq()) {
      add(
          Promise.ONE_ORDER,
          Kind.MOVED,
          key + " was accepted as " + answer.seq() + " and is stored as " + event.path("seq"));
    } else if (event.path("at").asLong() != answer.time()) {
      add(
          Promise.ONE_ORDER,
          Kind.MOVED,
          key + " was accepted at " + answer.time() + " and is stored with " + event.path("at"));
    }
  }

  /** Monotone, of messages that there are, and said by a device before. */
  private void marks() {
    Map<String, Long> saidDelivered = new HashMap<>();
    Map<String, Long> saidRead = new HashMap<>();
    for (Marked mark : evidence.marked) {
      String whose = mark.conversation() + mark.user();
      saidDelivered.merge(whose, Math.max(mark.delivered(), mark.read()), Math::max);
      saidRead.merge(whose, mark.read(), Math::max);
    }
    journal
        .conversations()
        .forEach(
            (talk, rows) -> {
              Map<String, Long> delivered = new HashMap<>();
              Map<String, Long> read = new HashMap<>();
              for (Journal.Row row : rows) {
                if (row.event().has("delivered")) {
                  String by = row.event().path("by").asText();
                  mark(
                      talk, row, "delivered", delivered, saidDelivered.getOrDefault(talk + by, 0L));
                  mark(talk, row, "read", read, saidRead.getOrDefault(talk + by, 0L));
                }
              }
            });
  }

  private void mark(
      String talk, Journal.Row row, String name, Map<String, Long> before, long said) {
    String by = row.event().path("by").asText();
    long mark = row.event().path(name).asLong();
    if (mark < before.getOrDefault(by, 0L)) {
      add(
          Promise.MARKS,
          Kind.MOVED,
          name + " of " + by + " falls to " + row.event() + " in " + talk);
    }
    if (mark >= row.seq()) {
      add(Promise.MARKS, Kind.UNTRUE, name + " passes the head: " + row.event() + " in " + talk);
    }
    if (mark > said) {
      add(
          Promise.MARKS,
          Kind.UNTRUE,
          name
              + " of "
              + by
              + " is "
              + mark
              + " in "
              + talk
              + ", and no device said more than "
              + said);
    }
    before.merge(by, mark, Math::max);
  }

  /** Operations that were sent and never answered for good. */
  long unknown() {
    List<OpKey> open = new ArrayList<>();
    evidence.sent.forEach(
        (key, sends) -> {
          if (evidence.answered.getOrDefault(key, List.of()).stream()
              .noneMatch(Answered::isFinal)) {
            open.add(key);
          }
        });
    return open.size();
  }

  private void add(Promise promise, Kind kind, String what) {
    violations.add(new Violation(promise, kind, what));
  }
}

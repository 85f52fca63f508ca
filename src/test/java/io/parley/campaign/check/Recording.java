package io.parley.campaign.check;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.parley.campaign.record.Observation;
import io.parley.campaign.record.Observation.Answered;
import io.parley.campaign.record.Observation.CaughtUp;
import io.parley.campaign.record.Observation.Marked;
import io.parley.campaign.record.Observation.OpKey;
import io.parley.campaign.record.Observation.Opened;
import io.parley.campaign.record.Observation.Paged;
import io.parley.campaign.record.Observation.Received;
import io.parley.campaign.record.Observation.Sent;
import io.parley.campaign.record.Observation.Talk;
import io.parley.campaign.record.Observation.Told;
import io.parley.testing.Op;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A run in which every promise was kept, made by hand: Ada sends Bob eight messages, both are
 * there, Bob marks, pages are read, and an old number is tried again. Mutants change it.
 */
final class Recording {
  static final String TALK = "c_1";
  static final String ADA = "u_ada";
  static final String BOB = "u_bob";
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final long SECOND = 1_000_000_000L;

  final List<Observation> seen = new ArrayList<>();
  final Map<String, List<Journal.Row>> stored = new TreeMap<>();

  /** Long after the campaign began: its first moments are no calm ones. */
  private long now = 60 * SECOND;

  static Recording clean() {
    Recording run = new Recording();
    run.play();
    return run;
  }

  Journal journal() {
    return new Journal(stored);
  }

  List<Journal.Row> rows() {
    return stored.computeIfAbsent(TALK, talk -> new ArrayList<>());
  }

  private void play() {
    add(new Talk(tick(), TALK, ADA, BOB));
    add(new Talk(tick(), "c_2", "u_cyd", BOB));
    open("ada#1", ADA);
    open("bob#1", BOB);
    ObjectNode opened = event(1, "opened", ADA);
    opened.putArray("participants").add(ADA).add(BOB);
    rows().add(new Journal.Row(1, opened, 1));
    for (long n = 1; n <= 8; n++) {
      say(n, n == 1 ? List.of(opened) : List.of());
    }
    add(new Marked(tick(), BOB, TALK, 9, 9));
    ObjectNode mark = event(10, "marked", BOB).put("delivered", 9).put("read", 9);
    rows().add(new Journal.Row(10, mark, 10));
    push(List.of(mark));
    retry(3);
    refused(9);
    for (String user : List.of(ADA, BOB)) {
      long asked = tick();
      add(new Paged(tick(), asked, "probe", user, "node2", TALK, 0, 10, copies(user)));
    }
    pass(60);
    add(new Told(tick(), "ada#1", "closed", "", ""));
    add(new Told(tick(), "bob#1", "closed", "", ""));
  }

  private void open(String session, String user) {
    add(new Opened(tick(), session, user, "node1", Map.of(TALK, 0L)));
    add(new Told(tick(), session, "welcome", "", ""));
    add(new CaughtUp(tick(), session, TALK, 0));
  }

  private void say(long n, List<JsonNode> before) {
    OpKey key = new OpKey(TALK, ADA, 7, n);
    JsonNode op = Op.message("text " + n);
    add(new Sent(tick(), key, op, "node1"));
    ObjectNode message = event(n + 1, "message", ADA).put("text", "text " + n);
    message.putNull("replyTo");
    message.put("outbox", 7).put("n", n);
    rows().add(new Journal.Row(n + 1, message, n + 1));
    add(new Answered(tick(), key, op, "accepted", true, n + 1, 1_000 + n + 1));
    List<JsonNode> events = new ArrayList<>(before);
    events.add(message);
    push(events);
  }

  private void push(List<JsonNode> events) {
    add(new Received(tick(), "ada#1", TALK, copies(events, ADA)));
    add(new Received(tick(), "bob#1", TALK, copies(events, BOB)));
  }

  private void retry(long n) {
    OpKey key = new OpKey(TALK, ADA, 7, n);
    JsonNode op = Op.message("text " + n);
    add(new Sent(tick(), key, op, "node3"));
    add(new Answered(tick(), key, op, "accepted", true, n + 1, 1_000 + n + 1));
  }

  private void refused(long n) {
    OpKey key = new OpKey(TALK, ADA, 7, n);
    JsonNode op = Op.message("refused");
    add(new Sent(tick(), key, op, "node1"));
    add(new Answered(tick(), key, op, "invalid_text", true, 0, 0));
  }

  /** Ada sends something, gives it up, and is told that nothing is stored; row 11 says so. */
  void skip(long n) {
    ObjectNode skipped = event(11, "skipped", ADA).put("outbox", 7).put("n", n);
    giveUp(n);
    rows().add(new Journal.Row(11, skipped, 11));
  }

  void giveUp(long n) {
    OpKey key = new OpKey(TALK, ADA, 7, n);
    add(new Sent(tick(), key, Op.message("text " + n), "node1"));
    add(new Sent(tick(), key, Op.skip(), "node2"));
    add(new Answered(tick(), key, Op.skip(), "skipped", true, 0, 0));
  }

  List<JsonNode> copies(String reader) {
    return copies(rows().stream().map(Journal.Row::event).toList(), reader);
  }

  static List<JsonNode> copies(List<JsonNode> events, String reader) {
    return events.stream()
        .map(
            event -> {
              ObjectNode copy = event.deepCopy();
              if (!copy.path("by").asText().equals(reader)) {
                copy.remove(List.of("outbox", "n"));
              }
              return (JsonNode) copy;
            })
        .toList();
  }

  static ObjectNode event(long seq, String kind, String by) {
    return JSON.createObjectNode()
        .put("seq", seq)
        .put("kind", kind)
        .put("by", by)
        .put("at", 1_000 + seq);
  }

  void add(Observation observation) {
    seen.add(observation);
  }

  void pass(long seconds) {
    now += seconds * SECOND;
  }

  long tick() {
    now += 1_000_000;
    return now;
  }
}

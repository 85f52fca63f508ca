package io.parley.campaign.client;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.parley.campaign.record.Notebook;
import io.parley.campaign.record.Observation.Answered;
import io.parley.campaign.record.Observation.CaughtUp;
import io.parley.campaign.record.Observation.Marked;
import io.parley.campaign.record.Observation.OpKey;
import io.parley.campaign.record.Observation.Opened;
import io.parley.campaign.record.Observation.Received;
import io.parley.campaign.record.Observation.Sent;
import io.parley.campaign.record.Observation.Told;
import io.parley.testing.Op;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;

/**
 * One device of one person: a thread that connects to any node, goes on from where it was, sends,
 * marks and tries again, and notes all of it. It never decides whether anything was right.
 */
final class Device implements Runnable {
  private static final int LOOK_MILLIS = 20;
  private static final long ANSWER_NANOS = 20_000_000_000L;

  private final Person person;
  private final long outbox;
  private final Surroundings around;
  private final Random random;
  private final Habits habits;
  private final Map<String, Lane> lanes = new HashMap<>();
  private final Map<String, Long> positions = new ConcurrentHashMap<>();
  private final Map<Long, Asked> asked = new HashMap<>();
  private final String name;

  private int sessions;
  private String session = "";
  private String epoch = "";
  private long requests;
  private Optional<Wire> wire = Optional.empty();
  private InetSocketAddress node = InetSocketAddress.createUnresolved("nowhere", 1);
  private String wrongCursor = "";
  private final List<Wire> ghosts = new ArrayList<>();
  private volatile boolean cut;
  private volatile boolean vanishes;
  private volatile boolean isLive;
  private volatile int waiting;

  private record Asked(OpKey key, JsonNode op, long atNanos) {}

  /**
   * What all devices share.
   *
   * @param errands runs what may take long: a device goes on reading meanwhile
   */
  record Surroundings(
      Nodes nodes, Notebook notes, Http http, Population.Mood mood, Executor errands) {}

  Device(String name, Person person, long outbox, Surroundings around, long seed) {
    this.name = name;
    this.person = person;
    this.outbox = outbox;
    this.around = around;
    this.random = new Random(seed);
    this.habits = new Habits(person, outbox, around, random);
    person.peers().keySet().forEach(talk -> lanes.put(talk, new Lane(talk, random)));
    person.peers().keySet().forEach(talk -> positions.put(talk, 0L));
  }

  /** Whether nothing of it waits and it has what it was sent up to these heads. */
  boolean isAtRest(Map<String, Long> heads) {
    return isLive
        && waiting == 0
        && positions.entrySet().stream()
            .allMatch(at -> at.getValue() >= heads.getOrDefault(at.getKey(), 0L));
  }

  /** What keeps it from rest, for people. */
  String unrest(Map<String, Long> heads) {
    return name
        + (isLive ? "" : " not live")
        + " waiting "
        + waiting
        + " at "
        + positions
        + " of "
        + heads
        + " on "
        + node;
  }

  void cut() {
    cut = true;
  }

  /** Leaves its socket open behind it, which the node takes for a reader still, and comes anew. */
  void vanish() {
    vanishes = true;
  }

  @Override
  public void run() {
    try {
      while (!around.mood().isOver()) {
        if (wire.isEmpty()) {
          connect();
        } else {
          turn(wire.get());
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      wire.ifPresent(open -> open.cut(false));
      ghosts.forEach(ghost -> ghost.cut(false));
    }
  }

  private void connect() throws InterruptedException {
    node = around.nodes().any(random);
    wire = Wire.open(node, () -> around.mood().isStuck(name));
    if (wire.isEmpty()) {
      Thread.sleep(50 + random.nextInt(250));
      return;
    }
    session = name + "#" + ++sessions;
    wrongCursor = "";
    ObjectNode hello = Http.JSON.createObjectNode();
    hello.put("t", "hello").put("id", ++requests).put("token", person.token());
    hello.put("client", "campaign/1").put("user", person.id());
    if (!epoch.isEmpty()) {
      hello.put("epoch", epoch);
    }
    Map<String, Long> cursors = new HashMap<>(positions);
    if (random.nextInt(50) == 0) {
      wrongCursor = cursors.keySet().iterator().next();
      cursors.merge(wrongCursor, 1_000_000L, Long::sum);
    }
    cursors.forEach(
        (talk, seq) -> hello.withArray("cursors").addArray().add(talk).add(seq.longValue()));
    around
        .notes()
        .note(new Opened(around.notes().now(), session, person.id(), node.toString(), cursors));
    wire.get().send(hello.toString());
  }

  private void turn(Wire open) throws InterruptedException {
    Optional<JsonNode> frame = open.next(LOOK_MILLIS);
    if (cut) {
      cut = false;
      open.cut(random.nextBoolean());
    }
    if (vanishes) {
      vanishes = false;
      open.abandon();
      ghosts.add(open);
      closed();
      return;
    }
    if (frame.isPresent()) {
      take(open, frame.get());
      return;
    }
    if (!isLive) {
      return;
    }
    if (around.mood().isSending() && habits.isDue()) {
      act(open);
    }
    for (Lane lane : lanes.values()) {
      lane.due().forEach(entry -> send(open, lane.conversation, entry));
    }
    waiting = lanes.values().stream().mapToInt(Lane::waiting).sum();
    lookForSilence(open);
  }

  private void act(Wire open) {
    Lane lane = lane(habits.anyTalk());
    Habits.Act act = habits.next();
    switch (act) {
      case SAY, EDIT, DELETE, REACT, SAY_REFUSED ->
          lane.add(habits.operation(act, lane.conversation, lane.next()));
      case BURST -> {
        for (int i = 0; i < 5; i++) {
          lane.add(habits.operation(Habits.Act.SAY, lane.conversation, lane.next()));
        }
      }
      case GIVE_UP -> lane.giveUpLowest(Op.skip());
      case RETRY_OLD -> habits.retryOld();
      case PROBE_FOREIGN -> habits.probeForeign();
      case READ_INBOX -> habits.readInbox();
      case SEARCH -> habits.search();
      case RECONNECT -> open.cut(random.nextBoolean());
    }
  }

  private void send(Wire open, String talk, Lane.Entry entry) {
    OpKey key = new OpKey(talk, person.id(), outbox, entry.n);
    ObjectNode frame = Http.JSON.createObjectNode();
    frame.put("t", "send").put("id", ++requests).put("conversation", talk);
    frame.put("outbox", outbox).put("n", entry.n).set("op", entry.op);
    around.notes().note(new Sent(around.notes().now(), key, entry.op, node.toString()));
    asked.put(requests, new Asked(key, entry.op, System.nanoTime()));
    // What can't be written escaped is written raw by the habits' own hand.
    open.send(Habits.raw(frame.toString()));
  }

  private void take(Wire open, JsonNode frame) {
    String type = frame.path("t").asText();
    switch (type) {
      case "welcome" -> {
        epoch = frame.path("epoch").asText();
        isLive = true;
        told("welcome", "", "");
      }
      case "events" -> events(open, frame);
      case "caught_up" ->
          around
              .notes()
              .note(
                  new CaughtUp(
                      around.notes().now(),
                      session,
                      frame.path("conversation").asText(),
                      frame.path("seq").asLong()));
      case "accepted", "skipped" -> answered(frame, type);
      case "error" -> refused(open, frame);
      case "closed" -> closed();
      case "bye", "behind", "garbage" ->
          told(type, frame.path("code").asText(), frame.path("conversation").asText());
      default -> {}
    }
  }

  private void events(Wire open, JsonNode frame) {
    String talk = frame.path("conversation").asText();
    List<JsonNode> events = new ArrayList<>();
    frame.path("events").forEach(events::add);
    around.notes().note(new Received(around.notes().now(), session, talk, events));
    if (talk.equals(wrongCursor) || !positions.containsKey(talk)) {
      return;
    }
    long position = positions.getOrDefault(talk, 0L);
    for (JsonNode event : events) {
      long seq = event.path("seq").asLong();
      if (seq > position + 1) {
        // The judge sees the hole; the device gets over it.
        open.cut(false);
        break;
      }
      position = Math.max(position, seq);
      habits.saw(talk, event);
    }
    positions.put(talk, position);
    habits
        .mark(talk)
        .ifPresent(
            mark -> {
              around
                  .notes()
                  .note(
                      new Marked(
                          around.notes().now(),
                          person.id(),
                          talk,
                          mark.path("delivered").asLong(),
                          mark.path("read").asLong()));
              open.send(mark.toString());
            });
  }

  private void answered(JsonNode frame, String outcome) {
    Asked question = asked.remove(frame.path("re").asLong());
    if (question == null) {
      return;
    }
    long seq = frame.path("seq").asLong();
    long at = around.notes().now();
    around
        .notes()
        .note(
            new Answered(
                at, question.key(), question.op(), outcome, true, seq, frame.path("at").asLong()));
    Optional<JsonNode> meant = lane(question.key().conversation()).settled(question.key().n());
    if (outcome.equals("accepted")) {
      habits.accepted(question.key(), question.op(), seq);
    } else {
      meant.ifPresent(op -> habits.gaveUp(question.key(), op));
    }
  }

  private void refused(Wire open, JsonNode frame) {
    if (frame.path("code").asText().equals("resync")) {
      told("resync", "resync", frame.path("conversation").asText());
      open.cut(false);
      return;
    }
    Asked question = asked.remove(frame.path("re").asLong());
    if (question == null) {
      told("error", frame.path("code").asText(), frame.path("conversation").asText());
      return;
    }
    String code = frame.path("code").asText();
    boolean isFinal = !frame.path("retryable").asBoolean();
    around
        .notes()
        .note(
            new Answered(around.notes().now(), question.key(), question.op(), code, isFinal, 0, 0));
    Lane lane = lane(question.key().conversation());
    if (isFinal) {
      lane.refused(question.key().n());
      return;
    }
    if (code.equals("out_of_order")) {
      lane.expected(frame.path("expected").asLong(), Op.skip());
    }
    lane.goBack();
  }

  /**
   * An operation is answered within 20 s, whatever has happened to others; the judge hears of it.
   */
  private void lookForSilence(Wire open) {
    long now = System.nanoTime();
    for (Asked question : asked.values()) {
      if (now - question.atNanos() > ANSWER_NANOS) {
        told("silence", question.key().toString(), question.key().conversation());
        open.cut(false);
        return;
      }
    }
  }

  private void closed() {
    isLive = false;
    told("closed", "", "");
    wire = Optional.empty();
    asked.clear();
    lanes.values().forEach(Lane::disconnected);
  }

  private Lane lane(String talk) {
    return requireNonNull(lanes.get(talk));
  }

  private void told(String type, String code, String talk) {
    around.notes().note(new Told(around.notes().now(), session, type, code, talk));
  }
}

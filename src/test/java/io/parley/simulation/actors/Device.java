package io.parley.simulation.actors;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.parley.model.ConversationId;
import io.parley.session.Credit;
import io.parley.session.Outbound;
import io.parley.session.Session;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * A client by the rules of the protocol: it goes back n, resumes from what it holds, and never
 * gives up. It is told everything by the simulation, in one thread.
 */
final class Device {
  private static final int WINDOW = 4;
  private static final ObjectMapper JSON = new ObjectMapper();

  /** One conversation as this device knows it. */
  static final class Copy {
    final List<JsonNode> held = new ArrayList<>();

    /** What was said here, whose number is its place; and where each was accepted. */
    final List<String> said = new ArrayList<>();

    final Map<Integer, Long> accepted = new LinkedHashMap<>();
    int sent;
    boolean stopped;

    int answered() {
      int n = 0;
      while (accepted.containsKey(n + 1)) {
        n++;
      }
      return n;
    }
  }

  private record InFlight(ConversationId conversation, int n) {}

  final String person;
  final int outbox;
  final Map<ConversationId, Copy> copies = new LinkedHashMap<>();
  final List<String> violations = new ArrayList<>();
  private final Function<Device, ActorRef<Session.Command>> connector;
  private final Map<Long, InFlight> inFlight = new LinkedHashMap<>();
  private Optional<ActorRef<Session.Command>> session = Optional.empty();
  private boolean welcome;
  private long id;

  Device(String person, int outbox, Function<Device, ActorRef<Session.Command>> connector) {
    this.person = person;
    this.outbox = outbox;
    this.connector = connector;
  }

  void join(ConversationId conversation) {
    copies.put(conversation, new Copy());
  }

  void say(ConversationId conversation, String text) {
    copy(conversation).said.add(text);
    send(conversation);
  }

  /**
   * The socket is lost at once, or there was none: another one, and everything unanswered again.
   */
  void connect() {
    disconnect();
    ActorRef<Session.Command> opened = connector.apply(this);
    session = Optional.of(opened);
    ObjectNode hello = frame("hello");
    hello.put("token", "token-" + person).put("user", "u_" + person);
    var cursors = hello.putArray("cursors");
    copies.forEach(
        (conversation, copy) -> cursors.addArray().add(conversation.value()).add(copy.held.size()));
    tell(hello);
  }

  void disconnect() {
    session.ifPresent(open -> open.tell(new Session.Disconnected()));
    session = Optional.empty();
    welcome = false;
    inFlight.clear();
  }

  /** A moment has passed: whoever stopped begins again at the lowest unanswered. */
  void goOn() {
    if (session.isEmpty()) {
      connect();
    } else if (welcome) {
      copies.forEach(
          (conversation, copy) -> {
            if (copy.stopped && inFlight.values().stream().noneMatch(isOf(conversation))) {
              copy.stopped = false;
              copy.sent = copy.answered();
            }
            send(conversation);
          });
    }
  }

  void on(ActorRef<Session.Command> from, Outbound outbound) {
    if (!session.equals(Optional.of(from))) {
      return;
    }
    if (outbound instanceof Outbound.Frame frame) {
      from.tell(new Session.Taken(Credit.of(frame.json())));
      on(read(frame.json()));
    } else if (outbound instanceof Outbound.Close) {
      disconnect();
    }
  }

  private void on(JsonNode frame) {
    switch (frame.path("t").asText()) {
      case "welcome" -> {
        welcome = true;
        copies.forEach((conversation, copy) -> copy.stopped = true);
        goOn();
      }
      case "events" -> hold(frame);
      case "accepted" -> accepted(frame);
      case "error" -> refused(frame);
      case "ping" -> tell(JSON.createObjectNode().put("t", "pong"));
      default -> {}
    }
  }

  private void hold(JsonNode frame) {
    Copy copy = copy(new ConversationId(frame.path("conversation").asText()));
    for (JsonNode event : frame.path("events")) {
      if (event.path("seq").asInt() != copy.held.size() + 1) {
        violations.add("S6: after " + copy.held.size() + " came " + event);
      }
      copy.held.add(event);
    }
  }

  private void accepted(JsonNode frame) {
    InFlight answered = inFlight.remove(frame.path("re").asLong());
    if (answered != null) {
      long seq = frame.path("seq").asLong();
      Long before = copy(answered.conversation()).accepted.put(answered.n(), seq);
      if (before != null && before != seq) {
        violations.add("S3: " + answered + " was accepted at " + before + " and at " + seq);
      }
      send(answered.conversation());
    }
  }

  private void refused(JsonNode frame) {
    InFlight refused = inFlight.remove(frame.path("re").asLong());
    if (refused == null || !frame.path("retryable").asBoolean()) {
      violations.add("refused for good: " + frame);
    } else {
      copy(refused.conversation()).stopped = true;
    }
  }

  private void send(ConversationId conversation) {
    Copy copy = copy(conversation);
    long unanswered = inFlight.values().stream().filter(isOf(conversation)).count();
    while (welcome && !copy.stopped && unanswered < WINDOW && copy.sent < copy.said.size()) {
      int n = ++copy.sent;
      ObjectNode send = frame("send");
      inFlight.put(id, new InFlight(conversation, n));
      send.put("conversation", conversation.value()).put("outbox", outbox).put("n", n);
      send.put("read", copy.held.size());
      send.putObject("op").put("kind", "message").put("text", copy.said.get(n - 1));
      tell(send);
      unanswered++;
    }
  }

  private static Predicate<InFlight> isOf(ConversationId conversation) {
    return one -> one.conversation().equals(conversation);
  }

  private Copy copy(ConversationId conversation) {
    return Optional.ofNullable(copies.get(conversation)).orElseThrow();
  }

  private ObjectNode frame(String type) {
    return JSON.createObjectNode().put("t", type).put("id", ++id);
  }

  private void tell(ObjectNode frame) {
    session.ifPresent(open -> open.tell(new Session.Received(frame.toString())));
  }

  static JsonNode read(String json) {
    try {
      return JSON.readTree(json);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}

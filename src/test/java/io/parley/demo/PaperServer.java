package io.parley.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * A server that fits on paper: logs, numbers and pages as the protocol has them, frames under way
 * in both directions, and no time but that which a test lets pass.
 */
final class PaperServer {
  static final String BOT = "u_echo";
  static final long OUTBOX = 1;
  static final ObjectMapper JSON = new ObjectMapper();

  final Map<String, List<ObjectNode>> logs = new HashMap<>();
  final ArrayDeque<Sent> toServer = new ArrayDeque<>();
  final ArrayDeque<JsonNode> toBot = new ArrayDeque<>();
  final List<JsonNode> typing = new ArrayList<>();
  long nanos = 1_000_000_000L;
  int connection;

  /** Numbers used up, in the log or not; lost with the server. */
  private final Map<String, Long> lastNumbers = new HashMap<>();

  record Sent(int connection, JsonNode frame) {}

  /** Another connection of the bot; answers to the one before are lost, its frames are not. */
  EchoSession connect() {
    int mine = ++connection;
    toBot.clear();
    EchoSession session =
        new EchoSession(
            new EchoSession.Setting(
                BOT,
                OUTBOX,
                Duration.ofMillis(900),
                frame -> toServer.add(new Sent(mine, frame.deepCopy())),
                () -> nanos));
    logs.forEach(
        (id, log) ->
            session.told(
                JSON.createObjectNode()
                    .put("id", id)
                    .put("unread", 1)
                    .put("asOf", log.size())
                    .put("head", log.size())));
    return session;
  }

  /** What was under way is gone, and so are numbers that no event was stored under. */
  void crash() {
    toServer.clear();
    lastNumbers.clear();
  }

  ObjectNode say(String conversation, String by, String text) {
    List<ObjectNode> log = logs.computeIfAbsent(conversation, unknown -> new ArrayList<>());
    ObjectNode event =
        JSON.createObjectNode()
            .put("seq", log.size() + 1)
            .put("kind", "message")
            .put("by", by)
            .put("text", text);
    log.add(event);
    toBot.add(push(conversation, event));
    return event;
  }

  static void erase(ObjectNode event) {
    event.remove("text");
    event.put("erased", true);
  }

  /** The oldest frame under way arrives; {@code loses} decides whether its answer is one. */
  void arrive(Predicate<JsonNode> loses) {
    Sent sent = toServer.remove();
    JsonNode frame = sent.frame();
    Optional<ObjectNode> answer =
        switch (frame.path("t").asText()) {
          case "page" -> Optional.of(page(frame));
          case "send" -> Optional.of(send(frame));
          default -> {
            typing.add(frame);
            yield Optional.empty();
          }
        };
    if (answer.isPresent() && sent.connection() == connection) {
      ObjectNode said = loses.test(frame) ? error("unavailable", true) : answer.get();
      toBot.add(said.put("re", frame.path("id").asLong()));
    }
  }

  private ObjectNode page(JsonNode frame) {
    List<ObjectNode> log = logs.getOrDefault(frame.path("conversation").asText(), List.of());
    int limit = Math.min(3, frame.path("limit").asInt());
    int end = (int) frame.path("before").asLong(log.size() + 1L) - 1;
    int from = Math.max(0, end - limit);
    if (frame.has("after")) {
      from = (int) frame.path("after").asLong();
      end = Math.min(log.size(), from + limit);
    }
    ObjectNode page = JSON.createObjectNode().put("t", "page").put("start", from == 0);
    page.put("head", log.size());
    log.subList(from, end).forEach(event -> page.withArray("events").add(event.deepCopy()));
    return page;
  }

  private ObjectNode send(JsonNode frame) {
    String id = frame.path("conversation").asText();
    long n = frame.path("n").asLong();
    boolean skip = frame.at("/op/kind").asText().equals("skip");
    Optional<ObjectNode> stored =
        mine(id).stream().filter(own -> own.get("n").asLong() == n).findFirst();
    long last =
        Math.max(
            lastNumbers.getOrDefault(id, 0L),
            mine(id).stream().mapToLong(own -> own.get("n").asLong()).max().orElse(0));
    if (n > last + 1) {
      return error("out_of_order", true).put("expected", last + 1);
    }
    if (stored.isPresent()) {
      boolean same = skip || stored.get().path("text").equals(frame.at("/op/text"));
      return same ? answer("accepted") : error("conflict", false);
    }
    if (n <= last) {
      return skip ? answer("skipped") : error("not_stored", false);
    }
    lastNumbers.put(id, n);
    if (skip) {
      return answer("skipped");
    }
    say(id, BOT, frame.at("/op/text").asText())
        .put("outbox", OUTBOX)
        .put("n", n)
        .put("read", frame.path("read").asLong());
    return answer("accepted");
  }

  List<ObjectNode> mine(String conversation) {
    return logs.getOrDefault(conversation, List.of()).stream()
        .filter(event -> event.path("by").asText().equals(BOT))
        .toList();
  }

  static ObjectNode error(String code, boolean retryable) {
    return answer("error").put("code", code).put("retryable", retryable);
  }

  private static ObjectNode answer(String type) {
    return JSON.createObjectNode().put("t", type);
  }

  private static ObjectNode push(String conversation, ObjectNode event) {
    ObjectNode events = answer("events").put("conversation", conversation);
    events.withArray("events").add(event.deepCopy());
    return events;
  }
}

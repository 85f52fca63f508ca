package io.parley.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the bot does while one connection lasts. What it is told of only wakes it up; what there is
 * to answer it reads from the log. Conversations take turns, a page or an answer each.
 */
final class EchoSession {
  /** Answers a second, and at once: a little less than a session may send. */
  private static final int ANSWERS_PER_SECOND = 8;

  private static final int BURST = 20;
  private static final long NANOS_PER_ANSWER = Duration.ofSeconds(1).toNanos() / ANSWERS_PER_SECOND;

  private static final Duration PAUSE = Duration.ofSeconds(1);

  /** Conversations in memory; those with nothing to do are forgotten first. */
  private static final int KNOWN = 1_000;

  private static final int PAGE = 50;

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Logger log = LoggerFactory.getLogger(EchoSession.class);

  /** Whom it speaks for, how long it seems to think, and how it is heard. */
  record Setting(
      String me, long outbox, Duration thought, Consumer<JsonNode> out, LongSupplier nanos) {}

  private record Asked(Correspondence whose, Optional<Correspondence.Answer> answer) {}

  private final Setting setting;
  private final Map<String, Correspondence> known = new LinkedHashMap<>();

  /** Those with work, in the order in which it is their turn. */
  private final Map<String, Correspondence> busy = new LinkedHashMap<>();

  private final Map<Long, Asked> asked = new HashMap<>();
  private long lastId;
  private boolean reading;
  private long creditNanos;
  private long heldUntilNanos;

  EchoSession(Setting setting) {
    this.setting = setting;
    this.creditNanos = setting.nanos().getAsLong() - BURST * NANOS_PER_ANSWER;
    this.heldUntilNanos = setting.nanos().getAsLong();
  }

  static ObjectNode frame(String type) {
    return JSON.createObjectNode().put("t", type);
  }

  /** A summary of the inbox: whatever it leaves open is looked up. */
  void told(JsonNode summary) {
    boolean settled =
        summary.path("unread").asLong() == 0
            && summary.path("asOf").asLong() == summary.path("head").asLong();
    if (!settled) {
      wake(summary.path("id").asText(), summary.path("head").asLong());
    }
  }

  void onFrame(JsonNode frame) {
    switch (frame.path("t").asText()) {
      case "ping" -> setting.out().accept(frame("pong"));
      case "conversation" -> {
        JsonNode summary = frame.path("conversation");
        wake(summary.path("id").asText(), summary.path("head").asLong());
      }
      case "events" -> onEvents(frame.path("conversation").asText(), frame.path("events"));
      case "page" -> onPage(frame);
      case "accepted", "skipped" -> onSettled(frame);
      case "error" -> onError(frame);
      default -> {
        // Presence, typing, inbox: nothing to answer.
      }
    }
    onTurn();
  }

  private void onEvents(String conversation, JsonNode events) {
    for (JsonNode event : events) {
      if (!event.path("by").asText().equals(setting.me())) {
        wake(conversation, event.path("seq").asLong());
      }
    }
  }

  private void wake(String id, long seq) {
    Correspondence one =
        known.computeIfAbsent(id, unknown -> unread(id, setting.nanos().getAsLong()));
    one.hear(seq);
    if (one.hasWork()) {
      busy.putIfAbsent(id, one);
    }
    if (known.size() > KNOWN) {
      known.values().removeIf(other -> !busy.containsKey(other.id()));
    }
  }

  private Correspondence unread(String id, long notBeforeNanos) {
    return new Correspondence(id, setting.me(), setting.outbox(), notBeforeNanos);
  }

  /** The number isn't what we took it for: the log knows. */
  private void startOver(String id, long notBeforeNanos) {
    Correspondence anew = unread(id, notBeforeNanos);
    known.put(id, anew);
    busy.put(id, anew);
  }

  private void onPage(JsonNode page) {
    reading = false;
    reply(page).ifPresent(asked -> asked.whose().read(page));
  }

  private void onSettled(JsonNode frame) {
    reply(frame).ifPresent(asked -> asked.answer().ifPresent(asked.whose()::settled));
  }

  private void onError(JsonNode error) {
    Optional<Asked> found = reply(error);
    if (found.isEmpty()) {
      return;
    }
    Correspondence whose = found.get().whose();
    long now = setting.nanos().getAsLong();
    Duration pause = Duration.ofMillis(error.path("retryAfterMs").asLong(PAUSE.toMillis()));
    if (found.get().answer().isEmpty()) {
      reading = false;
      whose.again(now, PAUSE);
      return;
    }
    String code = error.path("code").asText();
    switch (code) {
      case "conflict", "out_of_order" -> startOver(whose.id(), now + PAUSE.toNanos());
      case "rate_limited" -> {
        heldUntilNanos = now + pause.toNanos();
        whose.again(now, pause);
      }
      default -> {
        if (error.path("retryable").asBoolean()) {
          whose.again(now, pause);
        } else {
          log.atWarn().addKeyValue("code", code).log("the bot can't answer a message");
          whose.settled(found.get().answer().get());
        }
      }
    }
  }

  private Optional<Asked> reply(JsonNode frame) {
    return Optional.ofNullable(asked.remove(frame.path("re").asLong(-1)));
  }

  /** Everyone with work has a turn; called whenever something came, and every now and then. */
  void onTurn() {
    for (Correspondence one : new ArrayList<>(busy.values())) {
      if (step(one)) {
        busy.remove(one.id());
        if (one.hasWork()) {
          busy.put(one.id(), one);
        }
      }
    }
  }

  /** Whether it was this one's turn. */
  private boolean step(Correspondence one) {
    long now = setting.nanos().getAsLong();
    if (one.endsTyping()) {
      type(one, false);
    }
    boolean turn = !one.hasWork();
    Optional<Correspondence.PageWanted> page = one.wantedPage(now);
    if (!reading && page.isPresent()) {
      ask(one, page.get());
      turn = true;
    }
    if (one.wantedAnswer(now).isPresent() && one.beginsTyping(now, setting.thought())) {
      type(one, true);
    }
    Optional<Correspondence.Answer> answer = one.wantedAnswer(now);
    if (answer.isPresent() && mayAnswer(now)) {
      send(one, answer.get());
      turn = true;
    }
    return turn;
  }

  private boolean mayAnswer(long now) {
    long earliest = Math.max(creditNanos, now - BURST * NANOS_PER_ANSWER);
    if (now - heldUntilNanos < 0 || earliest + NANOS_PER_ANSWER - now > 0) {
      return false;
    }
    creditNanos = earliest + NANOS_PER_ANSWER;
    return true;
  }

  private void type(Correspondence one, boolean on) {
    setting.out().accept(frame("typing").put("conversation", one.id()).put("on", on));
  }

  private void ask(Correspondence one, Correspondence.PageWanted wanted) {
    reading = true;
    ObjectNode page = frame("page").put("conversation", one.id()).put("limit", PAGE);
    wanted.before().ifPresent(seq -> page.put("before", seq));
    wanted.after().ifPresent(seq -> page.put("after", seq));
    request(page, new Asked(one, Optional.empty()));
  }

  private void send(Correspondence one, Correspondence.Answer answer) {
    ObjectNode op = JSON.createObjectNode();
    answer
        .text()
        .ifPresentOrElse(
            text -> op.put("kind", "message").put("text", text), () -> op.put("kind", "skip"));
    ObjectNode send =
        frame("send")
            .put("conversation", one.id())
            .put("outbox", setting.outbox())
            .put("n", answer.n())
            .put("read", answer.read());
    send.set("op", op);
    one.sent();
    request(send, new Asked(one, Optional.of(answer)));
  }

  private void request(ObjectNode frame, Asked what) {
    asked.put(++lastId, what);
    setting.out().accept(frame.put("id", lastId));
  }
}

package io.parley.simulation;

import com.fasterxml.jackson.databind.JsonNode;
import io.parley.model.ConversationId;
import io.parley.model.Marks;
import io.parley.model.Operation;
import io.parley.model.OutboxNumber;
import io.parley.model.UserId;
import io.parley.protocol.ClientFrame;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;

/** One program of one person: what it holds, and what it does about what it hears. */
final class Device {
  private static final int WELCOME_WITHIN_MILLIS = 15_000;
  private static final int RESUME_AGAIN_MILLIS = 1_000;
  private static final int TICK_MILLIS = 500;

  /** What an answer belongs to; an answer to another outbox than the present one is of the past. */
  private record Asked(ConversationId conversation, long outbox, long n) {}

  private final World world;
  private final UserId user;
  private final String name;
  private final TreeMap<ConversationId, ClientLog> logs = new TreeMap<>();
  private final TreeMap<ConversationId, ClientOutbox> outboxes = new TreeMap<>();
  private final Map<Long, Asked> asked = new HashMap<>();
  private final Map<Long, ConversationId> resumes = new HashMap<>();

  /** Asked for from the head on; where that is, comes with the first event or caught_up. */
  private final Set<ConversationId> fromHead = new HashSet<>();

  private Optional<String> epoch = Optional.empty();
  private Optional<String> since = Optional.empty();
  private Optional<Connection> connection = Optional.empty();
  private boolean welcome;
  private long outbox;
  private long nextId = 1;
  private int connections;
  private boolean slow;

  Device(World world, UserId user, String name) {
    this.world = world;
    this.user = user;
    this.name = name;
    world.in(world.chances().between(0, 2_000), this::connect);
    world.in(TICK_MILLIS, this::tick);
  }

  UserId user() {
    return user;
  }

  String name() {
    return name;
  }

  boolean isWelcome() {
    return welcome;
  }

  Map<ConversationId, ClientLog> logs() {
    return logs;
  }

  Map<ConversationId, ClientOutbox> outboxes() {
    return outboxes;
  }

  long readMillis() {
    return slow ? world.chances().between(200, 4_000) : 1;
  }

  void slow(boolean isSlow) {
    slow = isSlow;
  }

  // Its person

  void operate(ConversationId conversation, Operation operation) {
    if (epoch.isPresent()) {
      outbox(conversation).add(operation);
      pump(conversation);
    }
  }

  void cancelSomething() {
    List<ConversationId> busy =
        outboxes.entrySet().stream()
            .filter(entry -> !entry.getValue().isEmpty())
            .map(Map.Entry::getKey)
            .toList();
    if (!busy.isEmpty()) {
      ConversationId conversation = world.chances().pick(busy);
      ClientOutbox queue = outbox(conversation);
      ClientOutbox.Item item = world.chances().pick(queue.queued());
      world.trace(() -> name + " gives up " + item);
      queue.cancel(item.n(), world.now());
      pump(conversation);
    }
  }

  void mark(ConversationId conversation, Marks claimed) {
    if (welcome) {
      world.promises().claimed(conversation, user, claimed);
      send(new ClientFrame.Mark(conversation, claimed));
    }
  }

  void resume(ConversationId conversation, long from) {
    if (welcome && logs.containsKey(conversation) && from <= logs.get(conversation).cursor()) {
      logs.get(conversation).resumeFrom(from);
      long id = nextId++;
      resumes.put(id, conversation);
      send(
          new ClientFrame.Resume(
              id, List.of(new ClientFrame.Cursor(conversation, OptionalLong.of(from)))));
    }
  }

  private void resume(ConversationId conversation) {
    ClientLog log = logs.get(conversation);
    if (log != null) {
      resume(conversation, log.cursor());
    }
  }

  void cut() {
    connection.ifPresent(Connection::cut);
  }

  /** The program ends, and begins again with what it had written down. */
  void restart() {
    world.trace(() -> name + " restarts");
    cut();
    outboxes.values().forEach(queue -> queue.restarted(world.chances().between(0, 10)));
    logs.values().forEach(log -> log.restarted(world.chances().between(0, 5)));
  }

  // Its connection

  private void connect() {
    Optional<Node> node = world.anyNode();
    if (connection.isPresent() || node.isEmpty()) {
      retryLater();
      return;
    }
    Connection made = new Connection(world, this, node.get(), "s_" + name + "_" + ++connections);
    connection = Optional.of(made);
    List<ClientFrame.Cursor> cursors =
        logs.entrySet().stream()
            .map(
                entry ->
                    new ClientFrame.Cursor(
                        entry.getKey(),
                        world.chances().mishap(30)
                            ? OptionalLong.empty()
                            : OptionalLong.of(entry.getValue().cursor())))
            .toList();
    cursors.stream()
        .filter(cursor -> cursor.seq().isEmpty())
        .forEach(
            cursor -> {
              logs.remove(cursor.conversation());
              fromHead.add(cursor.conversation());
            });
    OptionalLong backlog = world.chances().mishap(50) ? OptionalLong.of(3) : OptionalLong.empty();
    made.send(
        new ClientFrame.Hello(
            nextId++,
            Optional.of(user.value()),
            Optional.empty(),
            Optional.of(user),
            epoch,
            since,
            cursors,
            backlog));
    world.in(
        WELCOME_WITHIN_MILLIS,
        () -> {
          if (connection.equals(Optional.of(made)) && !welcome) {
            made.cut();
          }
        });
  }

  private void retryLater() {
    if (connection.isEmpty()) {
      world.in(world.chances().between(100, 2_000), this::connect);
    }
  }

  void disconnected(Connection which) {
    if (connection.equals(Optional.of(which))) {
      connection = Optional.empty();
      welcome = false;
      if (!fromHead.isEmpty()) {
        // It holds no place there yet: the inbox has to tell of them again.
        since = Optional.empty();
        fromHead.clear();
      }
      asked.clear();
      resumes.clear();
      outboxes.values().forEach(ClientOutbox::disconnected);
      logs.values().forEach(ClientLog::resumed);
      retryLater();
    }
  }

  private void send(ClientFrame frame) {
    world.trace(() -> name + " >> " + frame);
    connection.orElseThrow().send(frame);
  }

  // What it hears

  void received(Connection from, JsonNode frame) {
    if (!connection.equals(Optional.of(from))) {
      return;
    }
    switch (frame.path("t").asText()) {
      case "welcome" -> welcome(frame.path("epoch").asText());
      case "inbox" -> inbox(frame);
      case "conversation" -> told(frame.path("conversation"));
      case "events" -> events(frame);
      case "caught_up" -> caughtUp(frame);
      case "behind" -> logs.put(conversation(frame), new ClientLog(frame.path("head").asLong()));
      case "ok" -> {
        ConversationId resumed = resumes.remove(frame.path("re").asLong());
        if (resumed != null && logs.containsKey(resumed)) {
          logs.get(resumed).resumed();
        }
      }
      case "accepted", "skipped", "error" -> answered(frame);
      case "ping" -> send(new ClientFrame.Pong());
      default -> {}
    }
  }

  private void welcome(String told) {
    welcome = true;
    if (epoch.isPresent() && !epoch.get().equals(told)) {
      // A backup was restored: every place is void, and numbers may mean something else.
      logs.clear();
      fromHead.clear();
      since = Optional.empty();
      outbox = world.mint(user);
      for (ClientOutbox queue : outboxes.values()) {
        queue.queued().forEach(item -> item.operation().ifPresent(world.promises()::mayBeTwice));
        queue.renumber(outbox);
      }
    }
    if (epoch.isEmpty()) {
      outbox = world.mint(user);
    }
    epoch = Optional.of(told);
    outboxes.keySet().forEach(this::pump);
  }

  private void caughtUp(JsonNode frame) {
    ConversationId conversation = conversation(frame);
    if (fromHead.remove(conversation)) {
      logs.computeIfAbsent(conversation, id -> new ClientLog(frame.path("seq").asLong()));
    }
  }

  private void inbox(JsonNode frame) {
    frame.path("conversations").forEach(this::told);
    if (frame.has("since")) {
      since = Optional.of(frame.path("since").asText());
    }
  }

  private void told(JsonNode summary) {
    ConversationId conversation = new ConversationId(summary.path("id").asText());
    if (!logs.containsKey(conversation) && !fromHead.contains(conversation)) {
      logs.put(conversation, new ClientLog(summary.path("head").asLong()));
      if (world.chances().oneIn(2)) {
        resume(conversation, 0);
      }
    }
  }

  private void events(JsonNode frame) {
    ConversationId conversation = conversation(frame);
    for (JsonNode event : frame.path("events")) {
      long seq = event.path("seq").asLong();
      ClientLog log = logs.computeIfAbsent(conversation, id -> new ClientLog(seq - 1));
      if (log.take(seq) == ClientLog.Took.GAP) {
        resume(conversation, log.cursor());
        return;
      }
    }
  }

  private void answered(JsonNode frame) {
    ConversationId refused = resumes.remove(frame.path("re").asLong());
    if (refused != null) {
      world.in(RESUME_AGAIN_MILLIS, () -> resume(refused));
      return;
    }
    Asked what = asked.remove(frame.path("re").asLong());
    if (what == null || what.outbox() != outbox(what.conversation()).outbox()) {
      return;
    }
    ClientOutbox queue = outbox(what.conversation());
    long now = world.now();
    String code = frame.path("code").asText();
    if (frame.path("t").asText().equals("accepted")) {
      queue.accepted(what.n());
    } else if (code.equals("out_of_order")) {
      queue.outOfOrder(what.n(), frame.path("expected").asLong(), now);
    } else if (code.equals("outbox_expired")) {
      queue.expired(what.n(), now);
      if (queue.wantsAnother()) {
        queue.renumber(world.mint(user));
      }
    } else if (frame.path("retryable").asBoolean()) {
      queue.retryable(what.n(), now, frame.path("retryAfterMs").asLong());
    } else {
      queue.notStored(what.n(), now);
    }
    pump(what.conversation());
  }

  // Its queues

  private ClientOutbox outbox(ConversationId conversation) {
    return outboxes.computeIfAbsent(conversation, id -> new ClientOutbox(outbox));
  }

  private void pump(ConversationId conversation) {
    if (welcome) {
      ClientOutbox queue = outbox(conversation);
      for (ClientOutbox.Item item : queue.due(world.now())) {
        long id = nextId++;
        asked.put(id, new Asked(conversation, queue.outbox(), item.n()));
        OutboxNumber number = new OutboxNumber(queue.outbox(), item.n());
        item.operation()
            .ifPresent(
                operation ->
                    world
                        .promises()
                        .sent(
                            epoch.orElseThrow(),
                            new Promises.Key(conversation, user, number),
                            operation));
        send(
            new ClientFrame.Send(
                id,
                conversation,
                queue.outbox(),
                item.n(),
                item.operation(),
                claim(conversation, item)));
      }
    }
  }

  /** Now and then a send carries marks. */
  private Optional<Marks> claim(ConversationId conversation, ClientOutbox.Item item) {
    ClientLog log = logs.get(conversation);
    if (log == null || item.operation().isEmpty() || !world.chances().oneIn(3)) {
      return Optional.empty();
    }
    Marks claimed = Marks.claimed(log.cursor(), log.cursor() / 2);
    world.promises().claimed(conversation, user, claimed);
    return Optional.of(claimed);
  }

  private void tick() {
    outboxes.keySet().forEach(this::pump);
    world.in(TICK_MILLIS, this::tick);
  }

  private static ConversationId conversation(JsonNode frame) {
    return new ConversationId(frame.path("conversation").asText());
  }
}

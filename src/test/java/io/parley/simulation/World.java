package io.parley.simulation;

import io.parley.conversation.ConversationLife.Flaw;
import io.parley.model.ConversationId;
import io.parley.model.Limits;
import io.parley.model.Marks;
import io.parley.model.Operation;
import io.parley.model.Participants;
import io.parley.model.Person;
import io.parley.model.SequencedEvent;
import io.parley.model.UserId;
import io.parley.protocol.EncodedEvent;
import io.parley.protocol.EventJson;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;

/**
 * A small world made from a seed: a few people with a few devices, three nodes, one database, and
 * troubles. First everything goes wrong for a while; then nothing any more, and it has to heal.
 */
final class World {
  static final long EPOCH_MILLIS = 1_767_225_600_000L;
  private static final int TROUBLED_MILLIS = 10_000;
  private static final int HEALING_MILLIS = 45_000;
  private static final int HOUR_MILLIS = 3_600_000;
  private static final int TRACED = 60;

  private final Schedule schedule = new Schedule();
  private final Chances chances;
  private final Mutant mutant;
  private final boolean traced;
  private final ArrayDeque<String> trace = new ArrayDeque<>();
  private final Promises promises = new Promises(this);
  private final Journal journal = new Journal(this);
  private final Feed feed = new Feed(this);
  private final Persons persons = new Persons(this);
  private final Conversations region = new Conversations(this);
  private final List<UserId> users = new ArrayList<>();
  private final Map<ConversationId, Participants> pairs = new HashMap<>();
  private final List<ConversationId> conversations = new ArrayList<>();
  private final List<Node> nodes = new ArrayList<>();
  private final List<Device> devices = new ArrayList<>();
  private final Map<UserId, Long> minted = new HashMap<>();
  private final int pageSize;
  private final boolean bigTexts;
  private final int latePerMille;
  private int databases = 1;
  private int texts;
  private boolean isBackedUp;

  World(long seed, Mutant mutant, boolean traced) {
    this.chances = new Chances(seed);
    this.mutant = mutant;
    this.traced = traced;
    this.pageSize = chances.between(1, 12);
    this.bigTexts = chances.oneIn(40);
    this.latePerMille = chances.oneIn(4) ? 200 : 20;
    for (String name : List.of("ada", "bob", "cyd")) {
      users.add(new UserId("u_" + name));
    }
    start("c_adabob", 0, 1);
    start("c_adacyd", 0, 2);
    for (int i = 1; i <= 3; i++) {
      nodes.add(new Node(this, i));
    }
    for (UserId user : users) {
      int count = chances.between(1, 2);
      for (int i = 1; i <= count; i++) {
        devices.add(new Device(this, user, user.value().substring(2) + i));
      }
    }
    devices.forEach(device -> in(chances.between(100, 1_500), () -> act(device)));
    in(chances.between(500, 3_000), this::trouble);
  }

  private void start(String id, int one, int other) {
    ConversationId conversation = new ConversationId(id);
    conversations.add(conversation);
    pairs.put(conversation, Participants.of(users.get(one), users.get(other)));
  }

  /** Runs it to its end; throws a {@link Violation} as soon as a promise is broken. */
  World run() {
    runUntil(TROUBLED_MILLIS);
    heal();
    runUntil(TROUBLED_MILLIS + HEALING_MILLIS);
    devices.forEach(this::checkHealed);
    return this;
  }

  private void runUntil(long millis) {
    while (schedule.step(millis)) {
      // What is checked is checked where it happens.
    }
  }

  private void heal() {
    trace(() -> "nothing goes wrong any more");
    chances.calm();
    journal.away(false);
    List.copyOf(nodes).forEach(this::boot);
    nodes.forEach(node -> node.jumpClock(0));
    devices.forEach(device -> device.slow(false));
  }

  private void checkHealed(Device device) {
    Promises.check(device.isWelcome(), "S6", () -> device.name() + " found no session");
    for (ConversationId conversation : conversations) {
      long head = journal.head(conversation);
      if (head > 0 && pairOf(conversation).include(device.user())) {
        ClientLog log = device.logs().get(conversation);
        Promises.check(
            log != null && log.cursor() == head,
            "S6",
            () ->
                "%s has %s up to %s of %d"
                    .formatted(
                        device.name(), conversation, log == null ? "nothing" : log.cursor(), head));
      }
    }
    device
        .outboxes()
        .forEach(
            (conversation, queue) ->
                Promises.check(
                    queue.isEmpty(),
                    "L",
                    () -> device.name() + " still waits for answers: " + queue.queued()));
  }

  // What people do

  private void act(Device device) {
    if (chances.areCalm()) {
      return;
    }
    List<ConversationId> mine =
        conversations.stream().filter(id -> pairOf(id).include(device.user())).toList();
    ConversationId conversation = chances.pick(mine);
    ClientLog log = device.logs().get(conversation);
    long cursor = log == null ? 0 : log.cursor();
    int dice = chances.between(1, 100);
    if (dice <= 45) {
      int burst = chances.between(1, 4);
      for (int i = 0; i < burst; i++) {
        device.operate(conversation, message(cursor));
      }
    } else if (dice <= 60) {
      device.operate(conversation, change(chances.between(0, (int) cursor + 1)));
    } else if (dice <= 72) {
      int delivered = chances.between(0, (int) cursor + 1);
      device.mark(conversation, Marks.claimed(delivered, chances.between(0, delivered)));
    } else if (dice <= 82) {
      device.cancelSomething();
      if (chances.oneIn(2)) {
        device.cut();
      }
    } else if (dice <= 89) {
      device.cut();
    } else if (dice <= 92) {
      device.restart();
    } else if (dice <= 96) {
      device.resume(conversation, chances.between(0, (int) cursor));
    } else {
      device.slow(chances.oneIn(2));
    }
    in(chances.between(100, 1_800), () -> act(device));
  }

  private Operation message(long cursor) {
    String text =
        "no " + ++texts + " \uD83D\uDC69\u200D\uD83D\uDE80 e\u0301 \u202Eabc\u202C \"\\\n";
    if (bigTexts) {
      text += "x".repeat(6_000);
    }
    if (chances.mishap(40)) {
      text = texts + "\u0000";
    }
    return new Operation.Message(
        text,
        chances.oneIn(4)
            ? OptionalLong.of(chances.between(0, (int) cursor + 1))
            : OptionalLong.empty());
  }

  private Operation change(long of) {
    return switch (chances.between(1, 3)) {
      case 1 -> new Operation.Edit(of, "edited " + ++texts);
      case 2 -> new Operation.Delete(of);
      default -> new Operation.React(of, "\uD83D\uDC4D", chances.oneIn(2));
    };
  }

  // What goes wrong

  private void trouble() {
    if (chances.areCalm()) {
      return;
    }
    ConversationId conversation = chances.pick(conversations);
    switch (chances.between(1, 12)) {
      case 1, 2 -> crash(chances.pick(nodes));
      case 3, 4 -> region.passivate(conversation);
      case 5, 6 -> region.moveLeavingTheOldAlive(conversation);
      case 7 -> outage();
      case 8 -> persons.die(chances.pick(users));
      case 9 -> persons.loseLease(chances.pick(users));
      case 10 -> chances.pick(nodes).jumpClock(chances.oneIn(2) ? HOUR_MILLIS : -HOUR_MILLIS);
      case 11 -> nodes.forEach(node -> node.jumpClock(0));
      default -> {
        if (!isBackedUp && chances.oneIn(3)) {
          backUpAndRestore();
        }
      }
    }
    in(chances.between(300, 3_000), this::trouble);
  }

  private void crash(Node node) {
    if (node.isAlive()) {
      trace(() -> "node " + node.number() + " dies");
      // Its conversations move only after its last statement is over.
      region.nodeDied(node, Journal.LATE_MILLIS + chances.between(1_000, 3_000));
      node.crash();
      in(chances.between(2_000, 8_000), () -> boot(node));
    }
  }

  /** Another process takes the place of one that died; what that one still had to do is gone. */
  private void boot(Node died) {
    if (!died.isAlive() && nodes.remove(died)) {
      nodes.add(new Node(this, died.number()));
    }
  }

  private void outage() {
    trace(() -> "the database is away");
    journal.away(true);
    in(chances.between(500, 5_000), () -> journal.away(false));
  }

  private void backUpAndRestore() {
    isBackedUp = true;
    Map<ConversationId, Long> backup = journal.backUp();
    Map<UserId, Long> outboxes = Map.copyOf(minted);
    trace(() -> "a backup is made: " + backup);
    in(
        chances.between(100, 5_000),
        () -> {
          isBackedUp = false;
          if (chances.areCalm()) {
            return;
          }
          trace(() -> "the backup is restored");
          databases++;
          for (Node node : List.copyOf(nodes)) {
            region.nodeDied(node, 0);
            if (node.isAlive()) {
              node.crash();
            }
            boot(node);
          }
          users.forEach(persons::die);
          journal.restore(backup);
          promises.restored();
          minted.putAll(outboxes);
          feed.rebuild();
        });
  }

  // What everybody shares

  long now() {
    return schedule.now();
  }

  long steps() {
    return schedule.steps();
  }

  void in(long millis, Runnable what) {
    schedule.in(millis, what);
  }

  void at(long millis, Runnable what) {
    schedule.at(millis, what);
  }

  Chances chances() {
    return chances;
  }

  Mutant mutant() {
    return mutant;
  }

  Flaw conversationFlaw() {
    return switch (mutant) {
      case FORGETS_NUMBERS -> Flaw.FORGETS_LAST_NUMBER;
      case SKIPS_FROM_MEMORY -> Flaw.SKIPS_FROM_MEMORY;
      case FORGETS_SKIPPED -> Flaw.FORGETS_SKIPPED;
      case BELIEVES_MARKS -> Flaw.BELIEVES_MARKS;
      default -> Flaw.NONE;
    };
  }

  Promises promises() {
    return promises;
  }

  Journal journal() {
    return journal;
  }

  Feed feed() {
    return feed;
  }

  Persons persons() {
    return persons;
  }

  Conversations region() {
    return region;
  }

  List<UserId> users() {
    return users;
  }

  List<ConversationId> conversations() {
    return conversations;
  }

  Participants pairOf(ConversationId conversation) {
    return Objects.requireNonNull(pairs.get(conversation));
  }

  Person person(UserId user) {
    return new Person(user, user.value().substring(2), user.value());
  }

  Optional<Node> anyNode() {
    List<Node> alive = nodes.stream().filter(Node::isAlive).toList();
    return alive.isEmpty() ? Optional.empty() : Optional.of(chances.pick(alive));
  }

  long mint(UserId user) {
    return minted.merge(user, 1L, Long::sum);
  }

  boolean isMinted(UserId user, long outbox) {
    return outbox <= minted.getOrDefault(user, 0L);
  }

  String epoch() {
    return "e_" + databases;
  }

  Limits limits() {
    return Limits.DEFAULT;
  }

  /** How many of a thousand writes fail for their writer and commit later. */
  int latePerMille() {
    return latePerMille;
  }

  int pageSize() {
    return pageSize;
  }

  EncodedEvent encode(SequencedEvent event, UserId reader) {
    boolean own = event.event().by().equals(reader) || mutant == Mutant.SHOWS_NUMBERS;
    return EventJson.encode(event, own);
  }

  /** Notes what happened, when this run is to be told; it costs nothing otherwise. */
  void trace(Supplier<String> what) {
    if (traced) {
      trace.add("%6d %s".formatted(now(), what.get()));
      if (trace.size() > TRACED) {
        trace.remove();
      }
    }
  }

  String traced() {
    return String.join("\n", trace);
  }
}

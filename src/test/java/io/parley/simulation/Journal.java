package io.parley.simulation;

import io.parley.conversation.ConversationLife.Snapshot;
import io.parley.model.ConversationEvent;
import io.parley.model.ConversationId;
import io.parley.model.SequencedEvent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The one database. A write goes in whole, and only past everything stored under its conversation:
 * the primary key is the fence. Its caller may be told of a failure that was none, or that becomes
 * none up to {@link #LATE_MILLIS} later.
 */
final class Journal {
  /** As long as a statement may run. */
  static final int LATE_MILLIS = 4_000;

  /** One write asked for. */
  private static final class Write {
    final int node;
    final int life;
    final long first;
    final List<ConversationEvent> events;
    final int database;
    boolean cancelled;

    Write(int database, int node, int life, long first, List<ConversationEvent> events) {
      this.database = database;
      this.node = node;
      this.life = life;
      this.first = first;
      this.events = events;
    }
  }

  private static final class Stored {
    List<SequencedEvent> events = new ArrayList<>();
    Snapshot snapshot = Snapshot.EMPTY;
    List<Write> unsettled = new ArrayList<>();
  }

  /** What there is to know when a log is recovered. */
  record Recovered(Snapshot snapshot, List<SequencedEvent> after) {}

  private final World world;
  private final Map<ConversationId, Stored> logs = new HashMap<>();
  private boolean away;
  private int restores;

  Journal(World world) {
    this.world = world;
  }

  void away(boolean isAway) {
    away = isAway;
  }

  boolean isAway() {
    return away;
  }

  List<SequencedEvent> events(ConversationId conversation) {
    return log(conversation).events;
  }

  long head(ConversationId conversation) {
    return log(conversation).events.size();
  }

  /** {@code done} hears whether it is known to be stored. */
  void append(
      ConversationId conversation,
      Conversations.Incarnation writer,
      long first,
      List<ConversationEvent> events,
      Consumer<Boolean> done) {
    Write write = new Write(restores, writer.node().number(), writer.life(), first, events);
    Stored log = log(conversation);
    long soon = world.chances().delay(8, 900);
    if (away || world.chances().mishap(15)) {
      world.in(soon, () -> done.accept(false));
    } else if (world.chances().mishap(world.latePerMille())) {
      // Told that it failed; the statement runs on.
      log.unsettled.add(write);
      world.in(soon, () -> done.accept(false));
      world.in(
          soon + world.chances().between(0, LATE_MILLIS),
          () -> {
            log.unsettled.remove(write);
            commit(conversation, write);
          });
    } else if (world.chances().mishap(20)) {
      // Committed, and the answer was lost.
      world.in(soon, () -> commit(conversation, write));
      world.in(soon + world.chances().between(0, 50), () -> done.accept(false));
    } else {
      world.in(
          soon,
          () -> {
            boolean stored = commit(conversation, write);
            world.in(world.chances().between(0, 3), () -> done.accept(stored));
          });
    }
  }

  private boolean commit(ConversationId conversation, Write write) {
    Stored log = log(conversation);
    if (write.cancelled || write.database != restores || log.events.size() >= write.first) {
      world.trace(() -> "journal refuses " + conversation + " at " + write.first);
      return false;
    }
    long seq = write.first;
    for (ConversationEvent event : write.events) {
      SequencedEvent stored = new SequencedEvent(seq++, event);
      world.trace(() -> "journal stores " + conversation + " " + stored + " life " + write.life);
      world.promises().stored(conversation, stored, log.events.size());
      log.events.add(stored);
    }
    world.feed().committed(conversation);
    return true;
  }

  /**
   * Before an id is recovered, the writes of the same node whose outcome it doesn't know are made
   * certain: their connections are closed, and the backends gone.
   */
  Recovered recover(ConversationId conversation) {
    Stored log = log(conversation);
    return new Recovered(
        log.snapshot,
        List.copyOf(log.events.subList((int) log.snapshot.head(), log.events.size())));
  }

  void fence(ConversationId conversation, int node) {
    if (world.mutant() != Mutant.NO_WAIT) {
      for (Write write : log(conversation).unsettled) {
        write.cancelled |= write.node == node;
      }
    }
  }

  void saveSnapshot(ConversationId conversation, Snapshot snapshot) {
    if (!away && snapshot.head() <= head(conversation)) {
      log(conversation).snapshot = snapshot;
    }
  }

  /** The feed overwrites what a deletion took away. */
  void erase(ConversationId conversation, SequencedEvent erased) {
    log(conversation).events.set((int) erased.seq() - 1, erased);
  }

  /** Heads, as a backup would hold them. */
  Map<ConversationId, Long> backUp() {
    Map<ConversationId, Long> heads = new HashMap<>();
    logs.forEach((conversation, log) -> heads.put(conversation, (long) log.events.size()));
    return heads;
  }

  /** Everything after the backup never was; nothing is in flight, since everybody was stopped. */
  void restore(Map<ConversationId, Long> heads) {
    restores++;
    logs.forEach(
        (conversation, log) -> {
          int head = (int) Math.min(log.events.size(), heads.getOrDefault(conversation, 0L));
          log.events = new ArrayList<>(log.events.subList(0, head));
          log.unsettled.clear();
          log.snapshot = Snapshot.EMPTY;
        });
  }

  private Stored log(ConversationId conversation) {
    return logs.computeIfAbsent(conversation, id -> new Stored());
  }
}

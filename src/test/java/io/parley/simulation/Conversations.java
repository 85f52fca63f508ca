package io.parley.simulation;

import io.parley.conversation.Conversation;
import io.parley.conversation.ConversationLife;
import io.parley.conversation.ConversationLife.Step;
import io.parley.conversation.Reply;
import io.parley.model.ConversationEvent;
import io.parley.model.ConversationId;
import io.parley.model.Marks;
import io.parley.model.OutboxNumber;
import io.parley.model.SequencedEvent;
import io.parley.model.UserId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Where each conversation lives, and how it behaves there: its actor, written down once more. */
final class Conversations {
  private static final int SNAPSHOT_EVERY = 10;
  private static final int MARKS_EVERY_MILLIS = 1_000;

  private enum Phase {
    RECOVERING,
    READY,
    PERSISTING,
    DEAD
  }

  private record Task(Conversation.Command command, Consumer<Reply> replyTo) {}

  private final World world;
  private final Map<ConversationId, Incarnation> homes = new HashMap<>();

  /** Two may be alive for a while; the older one hears only what was on its way to it. */
  private final List<Incarnation> lives = new ArrayList<>();

  private final Map<ConversationId, Long> awayUntil = new HashMap<>();
  private int lifeCount;

  Conversations(World world) {
    this.world = world;
  }

  /** Hands over a command wherever the conversation lives now; nowhere for a moment is a wait. */
  void deliver(ConversationId id, Conversation.Command command, Consumer<Reply> replyTo) {
    long until = awayUntil.getOrDefault(id, 0L);
    if (until > world.now()) {
      String epoch = world.epoch();
      world.at(
          until,
          () -> {
            if (epoch.equals(world.epoch())) {
              deliver(id, command, replyTo);
            }
          });
      return;
    }
    Incarnation home = homes.get(id);
    if (home == null || home.phase == Phase.DEAD) {
      Optional<Node> node = world.anyNode();
      if (node.isEmpty()) {
        return;
      }
      home = new Incarnation(id, node.get(), ++lifeCount);
      homes.put(id, home);
      lives.add(home);
      home.recover();
    }
    Incarnation to = home;
    if (world.chances().mishap(40)) {
      // It was routed while an older life still had the address.
      to = world.chances().pick(lives.stream().filter(life -> life.id.equals(id)).toList());
    }
    to.receive(new Task(command, replyTo));
  }

  /** The conversation is idle, or its shard moves: a new life begins with the next command. */
  void passivate(ConversationId id) {
    Incarnation home = homes.get(id);
    if (home != null && home.phase == Phase.READY) {
      world.trace(() -> id + " passivates, life " + home.life);
      home.phase = Phase.DEAD;
      homes.remove(id);
    }
  }

  /** The shard moves, and the old node doesn't know it yet, or is paused. */
  void moveLeavingTheOldAlive(ConversationId id) {
    Incarnation old = homes.remove(id);
    if (old != null) {
      world.trace(() -> id + " moves, life " + old.life + " stays for a while");
      world.in(world.chances().between(200, 6_000), () -> old.phase = Phase.DEAD);
    }
  }

  /** Those that lived there are found again after the node is known to be gone. */
  void nodeDied(Node node, long moveMillis) {
    for (Incarnation life : lives) {
      if (life.node == node && life.phase != Phase.DEAD) {
        life.phase = Phase.DEAD;
        homes.remove(life.id, life);
        awayUntil.put(life.id, world.now() + moveMillis);
      }
    }
    lives.removeIf(life -> life.phase == Phase.DEAD);
  }

  /** One life of one conversation on one node. */
  final class Incarnation {
    private final ConversationId id;
    private final Node node;
    private final int life;
    private final ConversationLife core;
    private final ArrayDeque<Task> waiting = new ArrayDeque<>();
    private final Map<UserId, Marks> waitingMarks = new HashMap<>();
    private final Map<UserId, Long> marksTimers = new HashMap<>();
    private Phase phase = Phase.RECOVERING;

    private Incarnation(ConversationId id, Node node, int life) {
      this.id = id;
      this.node = node;
      this.life = life;
      this.core = new ConversationLife(world.conversationFlaw());
    }

    Node node() {
      return node;
    }

    int life() {
      return life;
    }

    private void recover() {
      phase = Phase.RECOVERING;
      world.journal().fence(id, node.number());
      world.in(
          world.chances().delay(5, 400),
          () -> {
            if (phase == Phase.DEAD) {
              return;
            }
            if (world.journal().isAway() || world.chances().mishap(20)) {
              world.in(world.chances().between(200, 1_000), this::recoverUnlessDead);
              return;
            }
            Journal.Recovered found = world.journal().recover(id);
            core.recover(found.snapshot(), found.after());
            world.trace(() -> id + " is ready at " + core.head() + ", life " + life);
            phase = Phase.READY;
            work();
          });
    }

    private void recoverUnlessDead() {
      if (phase != Phase.DEAD) {
        recover();
      }
    }

    private void receive(Task task) {
      if (phase != Phase.DEAD) {
        waiting.add(task);
        work();
      }
    }

    private void work() {
      while (phase == Phase.READY && !waiting.isEmpty()) {
        Task task = waiting.remove();
        if (task.command() instanceof Conversation.Operate operate) {
          carryOut(core.operate(operate, node.clock().millis()), operate.number(), task.replyTo());
        } else if (task.command() instanceof Conversation.Skip skip) {
          carryOut(core.skip(skip, node.clock().millis()), skip.number(), task.replyTo());
        } else if (task.command() instanceof Conversation.Spend spend) {
          carryOut(core.spend(spend, node.clock().millis()), spend.number(), task.replyTo());
        } else if (task.command() instanceof Conversation.Mark mark) {
          mark(mark.by(), mark.claimed());
        }
      }
    }

    private void carryOut(Step step, OutboxNumber number, Consumer<Reply> replyTo) {
      if (step instanceof Step.Persist persist) {
        boolean isAccepted = persist.answer() instanceof Reply.Accepted;
        if (world.mutant()
            == (isAccepted ? Mutant.ANSWERS_BEFORE_COMMIT : Mutant.SKIPS_BEFORE_COMMIT)) {
          replyTo.accept(persist.answer());
        }
        persist(
            persist.events(),
            stored ->
                replyTo.accept(
                    stored || world.mutant() == Mutant.TAKES_UNKNOWN_FOR_DONE
                        ? persist.answer()
                        : new Reply.Failed()));
      } else {
        answer(((Step.Answer) step).reply(), number, replyTo);
      }
    }

    private void answer(Reply reply, OutboxNumber number, Consumer<Reply> replyTo) {
      world.trace(() -> id + " answers " + number + " " + reply + ", life " + life);
      replyTo.accept(reply);
      if (core.stops() && waiting.isEmpty()) {
        phase = Phase.DEAD;
        homes.remove(id, this);
      }
    }

    private void mark(UserId by, Marks claimed) {
      if (marksTimers.containsKey(by)) {
        waitingMarks.merge(by, claimed, Marks::max);
        return;
      }
      Optional<ConversationEvent> event = core.mark(by, claimed, node.clock().millis());
      if (event.isEmpty()) {
        return;
      }
      marksTimers.put(by, world.now());
      world.in(
          MARKS_EVERY_MILLIS,
          () -> {
            marksTimers.remove(by);
            Marks waited = waitingMarks.remove(by);
            if (waited != null && phase != Phase.DEAD) {
              receive(new Task(new Conversation.Mark(by, waited), reply -> {}));
            }
          });
      persist(List.of(event.get()), stored -> {});
    }

    private void persist(List<ConversationEvent> events, Consumer<Boolean> answered) {
      phase = Phase.PERSISTING;
      world
          .journal()
          .append(
              id,
              this,
              core.head() + 1,
              events,
              stored -> {
                if (phase == Phase.DEAD) {
                  return;
                }
                if (stored) {
                  List<SequencedEvent> sequenced = core.stored(events);
                  world.persons().deliver(id, sequenced);
                  if (core.head() % SNAPSHOT_EVERY < events.size()) {
                    world.journal().saveSnapshot(id, core.snapshot());
                  }
                  answered.accept(true);
                  phase = Phase.READY;
                  work();
                } else {
                  answered.accept(false);
                  if (world.chances().mishap(300)) {
                    waiting.clear();
                  }
                  phase = Phase.RECOVERING;
                  world.in(world.chances().between(200, 600), this::recoverUnlessDead);
                }
              });
    }
  }
}

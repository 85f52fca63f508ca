package io.parley.cluster;

import io.parley.serialization.NodeMessage;
import java.time.Duration;
import java.util.Optional;
import org.apache.pekko.Done;
import org.apache.pekko.actor.ActorSelection;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.cluster.Member;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.typed.Cluster;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Beats for a member, so that nodes which start find it.
 *
 * <p>Hears its own timers, PostgreSQL, and the same actors of other nodes. While no beat is
 * answered it asks them: if PostgreSQL goes on to answer one of them, this node is the one that is
 * cut off, and leaves; if it answers nobody, leaving would help nobody. A beat that finds another
 * life of the cluster makes it leave as well.
 */
final class Beating extends AbstractBehavior<Beating.Command> {

  sealed interface Command {}

  private record BeatDue() implements Command {}

  private record ContactDue() implements Command {}

  private record LifeFound(Optional<String> life) implements Command {}

  private record Beaten(boolean isOurs) implements Command {}

  private record BeatFailed(Throwable failure) implements Command {}

  private record Leave(ActorRef<Done> replyTo) implements Command {}

  private record Left(ActorRef<Done> replyTo) implements Command {}

  /** What these actors of two nodes tell each other. */
  sealed interface PeerMessage extends Command, NodeMessage {}

  /** Does PostgreSQL answer you? Answered by {@link DatabaseSeen}. */
  record IsDatabaseThere(ActorRef<Command> replyTo) implements PeerMessage {}

  /** Whether it has answered within the last few seconds. */
  record DatabaseSeen(boolean lately) implements PeerMessage {}

  static final Duration BEAT_EVERY = Duration.ofSeconds(2);

  /** Once a minute, for the rows of members that were lost. */
  private static final int BEATS_PER_SWEEP = 30;

  /** An even number of nodes for so long isn't one that is just restarting. */
  private static final Duration EVEN_FOR = Duration.ofSeconds(60);

  /** Less than its phase of the shutdown has. */
  private static final Duration LEAVE_WITHIN = Duration.ofSeconds(4);

  private static final Logger log = LoggerFactory.getLogger(Beating.class);

  /** For a member of {@code life}; of the one that its peers are members of, when that is empty. */
  static Behavior<Command> create(MemberTable table, Optional<String> life) {
    return Behaviors.setup(
        context -> Behaviors.withTimers(timers -> new Beating(table, life, context, timers)));
  }

  private final MemberTable table;
  private final TimerScheduler<Command> timers;
  private final Cluster cluster;
  private Optional<String> life;
  private final DatabaseContact contact = new DatabaseContact(System::nanoTime);
  private long oddNanos = System.nanoTime();
  private boolean warnedOfEven;
  private boolean isLeaving;
  private long beats;

  private Beating(
      MemberTable table,
      Optional<String> life,
      ActorContext<Command> context,
      TimerScheduler<Command> timers) {
    super(context);
    this.table = table;
    this.life = life;
    this.timers = timers;
    this.cluster = Cluster.get(context.getSystem());
    CoordinatedShutdown.get(context.getSystem())
        .addTask(
            CoordinatedShutdown.PhaseClusterShutdown(),
            "leave-the-table",
            () ->
                AskPattern.<Command, Done>ask(
                        context.getSelf(),
                        Leave::new,
                        LEAVE_WITHIN,
                        context.getSystem().scheduler())
                    .exceptionally(late -> Done.getInstance()));
    timers.startTimerWithFixedDelay(new ContactDue(), BEAT_EVERY);
    beat();
  }

  @Override
  public Receive<Command> createReceive() {
    return newReceiveBuilder()
        .onMessage(BeatDue.class, due -> beat())
        .onMessage(ContactDue.class, due -> onContactDue())
        .onMessage(LifeFound.class, this::onLifeFound)
        .onMessage(Beaten.class, this::onBeaten)
        .onMessage(BeatFailed.class, this::onBeatFailed)
        .onMessage(Leave.class, this::onLeave)
        .onMessage(Left.class, this::onLeft)
        .onMessage(IsDatabaseThere.class, this::onIsDatabaseThere)
        .onMessage(DatabaseSeen.class, this::onDatabaseSeen)
        .build();
  }

  private Behavior<Command> beat() {
    if (isLeaving) {
      return this;
    }
    if (life.isPresent()) {
      getContext()
          .pipeToSelf(
              table.beat(life.get()),
              (isOurs, failure) -> failure == null ? new Beaten(isOurs) : new BeatFailed(failure));
    } else {
      getContext()
          .pipeToSelf(
              table.lifeOf(Members.others(cluster).map(Beating::address).toList()),
              (found, failure) -> failure == null ? new LifeFound(found) : new BeatFailed(failure));
    }
    return this;
  }

  private Behavior<Command> onLifeFound(LifeFound found) {
    contact.answered();
    life = found.life();
    return life.isPresent() ? beat() : beatLater();
  }

  private Behavior<Command> onBeaten(Beaten beaten) {
    contact.answered();
    if (!beaten.isOurs()) {
      return part(Parting.FROM_ANOTHER_LIFE);
    }
    watchNumber();
    if (++beats % BEATS_PER_SWEEP == 0) {
      table.sweep(Members.all(cluster).map(Beating::address).toList()).exceptionally(failure -> 0L);
    }
    return beatLater();
  }

  private static String address(Member member) {
    return Addresses.text(member.address());
  }

  private Behavior<Command> beatLater() {
    if (isLeaving) {
      return this;
    }
    timers.startSingleTimer(new BeatDue(), BEAT_EVERY);
    return this;
  }

  private Behavior<Command> onBeatFailed(BeatFailed failed) {
    log.warn("PostgreSQL doesn't answer: {}", failed.failure().toString());
    return beatLater();
  }

  /** By a timer of its own: a beat that hangs must not keep it from asking. */
  private Behavior<Command> onContactDue() {
    if (!contact.isThere()) {
      Members.others(cluster).forEach(this::askOfDatabase);
    }
    return this;
  }

  /** Every node has this actor at the same path. */
  private void askOfDatabase(Member other) {
    ActorRef<Command> self = getContext().getSelf();
    ActorSelection beating =
        Adapter.toClassic(getContext())
            .actorSelection(other.address() + self.path().toStringWithoutAddress());
    beating.tell(new IsDatabaseThere(self), Adapter.toClassic(self));
  }

  private Behavior<Command> onIsDatabaseThere(IsDatabaseThere question) {
    question.replyTo().tell(new DatabaseSeen(contact.isThere()));
    return this;
  }

  private Behavior<Command> onDatabaseSeen(DatabaseSeen seen) {
    if (seen.lately()) {
      contact.answeredAnother();
    }
    return contact.isCutOff() ? part(Parting.FROM_DATABASE) : this;
  }

  private Behavior<Command> part(Parting parting) {
    if (!isLeaving) {
      isLeaving = true;
      log.error(parting.why());
      CoordinatedShutdown.get(getContext().getSystem()).runAll(parting);
    }
    return this;
  }

  /** No beat after this one: it would put the row back, and whoever starts would wait for it. */
  private Behavior<Command> onLeave(Leave leave) {
    isLeaving = true;
    timers.cancelAll();
    getContext().pipeToSelf(table.leave(), (rows, failure) -> new Left(leave.replyTo()));
    return this;
  }

  private Behavior<Command> onLeft(Left left) {
    left.replyTo().tell(Done.getInstance());
    return this;
  }

  /** Half of an even number is no majority. */
  private void watchNumber() {
    long up =
        Members.all(cluster).filter(member -> member.status().equals(MemberStatus.up())).count();
    if (up % 2 == 1) {
      oddNanos = System.nanoTime();
      warnedOfEven = false;
    } else if (!warnedOfEven && since(oddNanos).compareTo(EVEN_FOR) > 0) {
      warnedOfEven = true;
      log.warn(
          "The cluster has {} nodes: when half of them are lost or cut off, the others may stop as"
              + " well, because half isn't a majority. Run three nodes or five, or one.",
          up);
    }
  }

  private static Duration since(long nanos) {
    return Duration.ofNanos(System.nanoTime() - nanos);
  }
}

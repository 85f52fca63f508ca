package io.parley.cluster;

import io.parley.serialization.NodeMessage;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.Done;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.PoisonPill;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.cluster.Member;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.sharding.ClusterSharding;
import org.apache.pekko.cluster.typed.Cluster;

/**
 * Lets a node go that leaves together with all others, for which Pekko has no eye.
 *
 * <p>Hears the shutdown, its own timer, and the same actors of other nodes, which it tells that
 * this node goes. With nobody left who stays, two waits are in vain. A shard region keeps what is
 * told to a shard until somebody takes that shard, 20 s: it is stopped after a moment, as when a
 * node is lost. The oldest node asks the next to take the coordinators, 10 s, though that one is
 * leaving as well: they are stopped.
 */
final class LeavingTogether extends AbstractBehavior<LeavingTogether.Command> {

  sealed interface Command {}

  private record Leaves() implements Command {}

  private record HandsOver() implements Command {}

  private record LookDue() implements Command {}

  /** That node, one life of it, goes. */
  record Going(String node) implements Command, NodeMessage {}

  private static final Duration LOOK_EVERY = Duration.ofMillis(250);

  /** What shards have to stop in order, 2 s: what they had in flight is answered by then. */
  private static final int LOOKS_FOR_SHARDS = 8;

  private static final Set<MemberStatus> LEAVING =
      Set.of(MemberStatus.leaving(), MemberStatus.exiting(), MemberStatus.down());

  /** For a member. */
  static Behavior<Command> create() {
    return Behaviors.setup(
        context -> Behaviors.withTimers(timers -> new LeavingTogether(context, timers)));
  }

  private final TimerScheduler<Command> timers;
  private final Cluster cluster;
  private final Set<String> going = new HashSet<>();
  private boolean handsOver;
  private int looksAlone;

  private LeavingTogether(ActorContext<Command> context, TimerScheduler<Command> timers) {
    super(context);
    this.timers = timers;
    this.cluster = Cluster.get(context.getSystem());
    hear(CoordinatedShutdown.PhaseBeforeClusterShutdown(), new Leaves());
    hear(CoordinatedShutdown.PhaseClusterExiting(), new HandsOver());
  }

  /** Holds nothing up: a phase goes on for as long as others have to do in it. */
  private void hear(String phase, Command begun) {
    CoordinatedShutdown.get(getContext().getSystem())
        .addTask(
            phase,
            "leave-together",
            () -> {
              getContext().getSelf().tell(begun);
              return CompletableFuture.completedFuture(Done.getInstance());
            });
  }

  @Override
  public Receive<Command> createReceive() {
    return newReceiveBuilder()
        .onMessage(Leaves.class, leaves -> onLeaves())
        .onMessage(HandsOver.class, handsOver -> onHandsOver())
        .onMessage(LookDue.class, due -> onLookDue())
        .onMessage(Going.class, this::onGoing)
        .build();
  }

  private Behavior<Command> onLeaves() {
    timers.startTimerWithFixedDelay(new LookDue(), LOOK_EVERY);
    return this;
  }

  private Behavior<Command> onHandsOver() {
    handsOver = true;
    return this;
  }

  private Behavior<Command> onGoing(Going told) {
    going.add(told.node());
    return this;
  }

  private Behavior<Command> onLookDue() {
    if (cluster.isTerminated()) {
      return Behaviors.stopped();
    }
    Members.others(cluster).forEach(this::tellGoing);
    looksAlone = Members.others(cluster).allMatch(this::goes) ? looksAlone + 1 : 0;
    if (looksAlone == LOOKS_FOR_SHARDS) {
      stopRegions();
    }
    if (handsOver && Members.others(cluster).allMatch(LeavingTogether::isLeaving)) {
      stopCoordinators();
    }
    return this;
  }

  private boolean goes(Member member) {
    return isLeaving(member) || going.contains(node(member));
  }

  /** It takes no coordinator any more. One that only said that it goes still does. */
  private static boolean isLeaving(Member member) {
    return LEAVING.contains(member.status());
  }

  private static String node(Member member) {
    return member.uniqueAddress().toString();
  }

  /** Every node has this actor at the same path. Told again with each look: it may be lost. */
  private void tellGoing(Member other) {
    String path = other.address() + getContext().getSelf().path().toStringWithoutAddress();
    Adapter.toClassic(getContext())
        .actorSelection(path)
        .tell(new Going(node(cluster.selfMember())), Adapter.toClassic(getContext().getSelf()));
  }

  private void stopRegions() {
    ClusterSharding sharding = ClusterSharding.get(Adapter.toClassic(getContext().getSystem()));
    for (String type : sharding.getShardTypeNames()) {
      sharding.shardRegion(type).tell(PoisonPill.getInstance(), ActorRef.noSender());
    }
  }

  /** Those that there may be but one of in the cluster; nothing else here is. */
  private void stopCoordinators() {
    Adapter.toClassic(getContext())
        .actorSelection("/system/sharding/*Coordinator")
        .tell(PoisonPill.getInstance(), ActorRef.noSender());
  }
}

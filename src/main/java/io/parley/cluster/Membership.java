package io.parley.cluster;

import io.parley.cluster.Bootstrap.Ask;
import io.parley.cluster.Bootstrap.Form;
import io.parley.cluster.Bootstrap.Step;
import io.parley.cluster.Bootstrap.Twin;
import io.parley.cluster.MemberTable.Look;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Join;
import org.apache.pekko.cluster.typed.JoinSeedNodes;
import org.apache.pekko.cluster.typed.SelfUp;
import org.apache.pekko.cluster.typed.Subscribe;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings this node into the cluster.
 *
 * <p>Hears its own timers, PostgreSQL and the cluster. It looks at the table of members until it
 * may join some or form a cluster; once this node is a member, {@link Beating} goes on. It decides
 * nothing from silence: as long as members beat that don't let it in, it waits.
 */
public final class Membership extends AbstractBehavior<Membership.Command> {

  /** What it hears. */
  public sealed interface Command {}

  private record LookDue() implements Command {}

  private record Looked(Look look) implements Command {}

  private record LookFailed(Throwable failure) implements Command {}

  private record Formed(Optional<String> life) implements Command {}

  private record Up() implements Command {}

  private static final Duration LOOK_EVERY = Duration.ofMillis(500);

  /** Members are asked anew after so long, and the log says that they don't answer. */
  private static final Duration ASK_AGAIN = Duration.ofSeconds(15);

  private static final Logger log = LoggerFactory.getLogger(Membership.class);

  /** {@code ports} hears when this node can't take part. */
  public static Behavior<Command> create(MembershipPorts ports) {
    return Behaviors.setup(
        context -> Behaviors.withTimers(timers -> new Membership(ports, context, timers)));
  }

  private final MembershipPorts ports;
  private final TimerScheduler<Command> timers;
  private final Cluster cluster;
  private final String self;
  private final MemberTable table;
  private final Bootstrap bootstrap;
  private final long startedNanos = System.nanoTime();

  private List<String> asked = List.of();
  private long askedNanos;
  private long answeredNanos = System.nanoTime();
  private Optional<String> life = Optional.empty();

  private Membership(
      MembershipPorts ports, ActorContext<Command> context, TimerScheduler<Command> timers) {
    super(context);
    this.ports = ports;
    this.timers = timers;
    this.cluster = Cluster.get(context.getSystem());
    this.self = Addresses.text(cluster.selfMember().address());
    this.table = ports.table(self);
    this.bootstrap = new Bootstrap(self);
    cluster
        .subscriptions()
        .tell(Subscribe.create(context.messageAdapter(SelfUp.class, up -> new Up()), SelfUp.class));
    look();
  }

  @Override
  public Receive<Command> createReceive() {
    return newReceiveBuilder()
        .onMessage(LookDue.class, due -> look())
        .onMessage(Looked.class, this::onLooked)
        .onMessage(LookFailed.class, this::onLookFailed)
        .onMessage(Formed.class, this::onFormed)
        .onMessage(Up.class, up -> onUp())
        .build();
  }

  private Behavior<Command> look() {
    getContext()
        .pipeToSelf(
            table.look(),
            (look, failure) -> failure == null ? new Looked(look) : new LookFailed(failure));
    return this;
  }

  private Behavior<Command> lookAgain() {
    timers.startSingleTimer(new LookDue(), LOOK_EVERY);
    return this;
  }

  private Behavior<Command> onLooked(Looked looked) {
    Look look = looked.look();
    answeredNanos = System.nanoTime();
    if (ports.isAlone()) {
      return form(look);
    }
    Step step = bootstrap.look(look.beats());
    if (step instanceof Twin) {
      return refuse(
          "Another node beats at "
              + self
              + ", the address that this one was given. Give each node its own:"
              + " PARLEY_CLUSTER_HOST and PARLEY_CLUSTER_PORT.");
    }
    if (step instanceof Form && mayForm()) {
      return form(look);
    }
    return ask(step instanceof Ask ask ? ask.addresses() : List.of(), look);
  }

  /** With seed nodes, only the first of them begins a cluster. */
  private boolean mayForm() {
    List<String> seeds = ports.settings().seedNodes();
    return seeds.isEmpty() || seeds.get(0).equals(self);
  }

  private Behavior<Command> form(Look look) {
    getContext()
        .pipeToSelf(
            table.form(ports.agreement(), look.beats()),
            (begun, failure) -> failure == null ? new Formed(begun) : new LookFailed(failure));
    return this;
  }

  private Behavior<Command> onFormed(Formed formed) {
    life = formed.life();
    if (life.isEmpty()) {
      return lookAgain();
    }
    cluster.manager().tell(Join.create(cluster.selfMember().address()));
    return this;
  }

  private Behavior<Command> ask(List<String> beating, Look look) {
    List<String> differences =
        beating.isEmpty()
            ? List.of()
            : look.agreement().map(ports.agreement()::differences).orElse(List.of());
    if (!differences.isEmpty()) {
      return refuse(
          "This node is set up otherwise than the cluster that runs ("
              + String.join(", ", beating)
              + "): "
              + String.join("; ", differences)
              + ". Set it to the same value, or stop all nodes and start them with the new one.");
    }
    Optional<String> obstacle = obstacle(beating, look);
    if (obstacle.isPresent()) {
      return refuse(obstacle.get());
    }
    TreeSet<String> addresses = new TreeSet<>(beating);
    addresses.addAll(ports.settings().seedNodes());
    addresses.remove(self);
    if (addresses.isEmpty()) {
      return lookAgain();
    }
    if (beating.isEmpty() && isTooLong(startedNanos)) {
      return refuse(
          "None of the seed nodes "
              + String.join(", ", addresses)
              + " (PARLEY_CLUSTER_SEED_NODES) answers. Start them, the first one first, or leave the"
              + " setting empty: nodes find each other by their database.");
    }
    ask(List.copyOf(addresses));
    return lookAgain();
  }

  /** Whoever can't be understood would never let this node in. */
  private Optional<String> obstacle(List<String> beating, Look look) {
    return look.beats().stream()
        .filter(beat -> beating.contains(beat.address()))
        .flatMap(
            beat ->
                beat.transport().flatMap(ports.transport().get()::obstacle).stream()
                    .map(why -> "This node can't join " + beat.address() + ": " + why + "."))
        .findFirst();
  }

  private void ask(List<String> addresses) {
    boolean isAgain = addresses.equals(asked);
    if (isAgain && since(askedNanos).compareTo(ASK_AGAIN) < 0) {
      return;
    }
    if (isAgain) {
      log.warn(
          "Not let in by {} yet: is its port reachable from {}, and is it on the same side of the"
              + " network?{} This node waits; it takes no clients meanwhile.",
          String.join(", ", addresses),
          self,
          ports.transport().get().isPlain()
              ? ""
              : " A line with SSLHandshakeException says that one of the two doesn't take the other's"
                  + " certificate.");
    } else {
      log.info("Joining the cluster at {}", String.join(", ", addresses));
    }
    asked = addresses;
    askedNanos = System.nanoTime();
    cluster
        .manager()
        .tell(
            new JoinSeedNodes(
                addresses.stream()
                    .map(address -> Addresses.parse(address, cluster.selfMember().address()))
                    .toList()));
  }

  private Behavior<Command> onLookFailed(LookFailed failed) {
    bootstrap.lookFailed();
    if (isTooLong(answeredNanos)) {
      return refuse(
          "PostgreSQL has gone while this node started, and didn't come back within "
              + ports.settings().patience().toSeconds()
              + " s. Look after it, and start this node again.");
    }
    log.warn("PostgreSQL doesn't answer any more, waiting for it: {}", failed.failure().toString());
    return lookAgain();
  }

  private Behavior<Command> onUp() {
    timers.cancelAll();
    getContext().spawn(Beating.create(table, life), "beating");
    getContext().spawn(LeavingTogether.create(), "leaving-together");
    return Behaviors.<Command>receive(Command.class).onAnyMessage(late -> Behaviors.same()).build();
  }

  private Behavior<Command> refuse(String why) {
    ports.refused().accept(new ClusterRefusedException(why));
    return Behaviors.stopped();
  }

  private boolean isTooLong(long sinceNanos) {
    return since(sinceNanos).compareTo(ports.settings().patience()) > 0;
  }

  private static Duration since(long nanos) {
    return Duration.ofNanos(System.nanoTime() - nanos);
  }
}

package io.parley.session;

import io.parley.model.SessionId;
import io.parley.user.Push;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.Terminated;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/**
 * All sessions of this node.
 *
 * <p>Hears the socket route, its sessions and the shutdown. It makes sessions, bounds how many come
 * from one address, and when the node stops it parts with them a few at a time, so that their
 * clients don't all knock at the next node at once.
 *
 * <p>A session hears from its user when its sign-in was ended, but that can be lost. So this looks
 * every few seconds whether the sign-ins of all its sessions still hold. While the database doesn't
 * answer they count as holding.
 */
public final class Sessions extends AbstractBehavior<Sessions.Command> {

  /** What it hears. */
  public sealed interface Command {}

  /**
   * A socket was opened. Answered with its session, or with nothing when the address has enough.
   */
  public record Open(
      Optional<String> cookieToken,
      String address,
      ActorRef<Optional<ActorRef<Session.Command>>> replyTo)
      implements Command {}

  /** The client of this session has shown by which sign-in it is here. */
  record SignedIn(String session, String signIn, ActorRef<Push> pushes) implements Command {}

  /** The node stops. Answered when no session is left. */
  public record DrainAll(ActorRef<Done> replyTo) implements Command {}

  private record DrainSome() implements Command {}

  private record LookDue() implements Command {}

  /** Which of the sign-ins asked about hold no longer; empty when that couldn't be read. */
  private record Looked(Optional<Set<String>> ended) implements Command {}

  /** Over how long the sessions of a node are parted with. */
  static final Duration DRAIN = Duration.ofSeconds(8);

  static final Duration DRAIN_STEP = Duration.ofMillis(200);

  /** Within this a client that was parted with comes back, at a moment of its own. */
  static final long COME_BACK_MILLIS = 3_000;

  /** Between two looks at the sign-ins, at most: 15 s are promised when something is broken. */
  static final Duration LOOK_WITHIN = Duration.ofSeconds(6);

  /** At least; nodes that started together don't look together for long. */
  private static final Duration LOOK_AFTER = Duration.ofSeconds(4);

  /** All sessions of this node, with at most so many per address. */
  public static Behavior<Command> create(SessionPorts ports, int maxPerAddress) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(timers -> new Sessions(ports, maxPerAddress, context, timers)));
  }

  private final SessionPorts ports;
  private final int maxPerAddress;
  private final TimerScheduler<Command> timers;
  private final Map<ActorRef<?>, String> addresses = new HashMap<>();
  private final Map<String, Integer> perAddress = new HashMap<>();
  private final Deque<ActorRef<Session.Command>> toDrain = new ArrayDeque<>();
  private final SignInRound signIns = new SignInRound();
  private int perStep;
  private Optional<ActorRef<Done>> drained = Optional.empty();

  private Sessions(
      SessionPorts ports,
      int maxPerAddress,
      ActorContext<Command> context,
      TimerScheduler<Command> timers) {
    super(context);
    this.ports = ports;
    this.maxPerAddress = maxPerAddress;
    this.timers = timers;
    awaitLook();
  }

  @Override
  public Receive<Command> createReceive() {
    return newReceiveBuilder()
        .onMessage(Open.class, this::onOpen)
        .onMessage(SignedIn.class, this::onSignedIn)
        .onMessage(LookDue.class, due -> onLookDue())
        .onMessage(Looked.class, this::onLooked)
        .onMessage(DrainAll.class, this::onDrainAll)
        .onMessage(DrainSome.class, some -> onDrainSome())
        .onSignal(Terminated.class, this::onTerminated)
        .build();
  }

  private Behavior<Command> onOpen(Open open) {
    boolean full =
        ports.limits().rateLimits() && perAddress.getOrDefault(open.address(), 0) >= maxPerAddress;
    if (full) {
      ports.reports().tooManySockets(open.address());
    }
    if (full || drained.isPresent()) {
      open.replyTo().tell(Optional.empty());
      return this;
    }
    String id = SessionId.random();
    Visitor visitor = new Visitor(open.address(), open.cookieToken());
    ActorRef<Session.Command> session =
        getContext().spawn(Session.create(id, visitor, ports, getContext().getSelf()), id);
    getContext().watch(session);
    addresses.put(session, open.address());
    perAddress.merge(open.address(), 1, Integer::sum);
    open.replyTo().tell(Optional.of(session));
    return this;
  }

  private Behavior<Command> onTerminated(Terminated terminated) {
    signIns.remove(terminated.getRef().path().name());
    Optional.ofNullable(addresses.remove(terminated.getRef()))
        .ifPresent(
            address ->
                perAddress.computeIfPresent(
                    address, (same, count) -> count == 1 ? null : count - 1));
    tellWhenDrained();
    return this;
  }

  private Behavior<Command> onSignedIn(SignedIn signedIn) {
    // The news of its end may have come first.
    if (getContext().getChild(signedIn.session()).isPresent()) {
      signIns.add(signedIn.session(), signedIn.signIn(), signedIn.pushes());
    }
    return this;
  }

  private Behavior<Command> onLookDue() {
    signIns.begin();
    return lookOn();
  }

  private Behavior<Command> onLooked(Looked looked) {
    looked.ended().ifPresentOrElse(ended -> ended.forEach(this::endSessionsOn), signIns::giveUp);
    return lookOn();
  }

  private Behavior<Command> lookOn() {
    Set<String> next = signIns.next();
    if (next.isEmpty()) {
      awaitLook();
    } else {
      getContext()
          .pipeToSelf(
              ports.directory().ended(next),
              (ended, failure) ->
                  new Looked(failure == null ? Optional.of(ended) : Optional.empty()));
    }
    return this;
  }

  private void awaitLook() {
    long spare = LOOK_WITHIN.minus(LOOK_AFTER).toMillis();
    timers.startSingleTimer(
        new LookDue(), LOOK_AFTER.plusMillis(ThreadLocalRandom.current().nextLong(spare)));
  }

  private void endSessionsOn(String signIn) {
    signIns.sessionsOn(signIn).forEach(session -> session.tell(new Push.Revoked()));
  }

  private Behavior<Command> onDrainAll(DrainAll drain) {
    drained = Optional.of(drain.replyTo());
    for (ActorRef<?> session : addresses.keySet()) {
      toDrain.add(session.<Session.Command>unsafeUpcast());
    }
    long steps = DRAIN.dividedBy(DRAIN_STEP);
    perStep = (int) (toDrain.size() / steps) + 1;
    timers.startTimerWithFixedDelay(new DrainSome(), Duration.ZERO, DRAIN_STEP);
    tellWhenDrained();
    return this;
  }

  private Behavior<Command> onDrainSome() {
    for (int i = 0; i < perStep && !toDrain.isEmpty(); i++) {
      long retryAfter = ThreadLocalRandom.current().nextLong(COME_BACK_MILLIS);
      toDrain.remove().tell(new Session.Drain(retryAfter));
    }
    return this;
  }

  private void tellWhenDrained() {
    if (addresses.isEmpty()) {
      drained.ifPresent(replyTo -> replyTo.tell(Done.getInstance()));
    }
  }
}

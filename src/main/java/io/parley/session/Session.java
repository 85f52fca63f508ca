package io.parley.session;

import io.parley.protocol.ByeCode;
import io.parley.protocol.ClientFrame;
import io.parley.protocol.Decoded;
import io.parley.protocol.ServerFrame;
import io.parley.user.Push;
import io.parley.user.User;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/**
 * One socket, from its first frame to its last.
 *
 * <p>Hears the socket and the user it is attached to. Tells the socket, as it takes what it is
 * told, and {@link Sessions} by which sign-in it is here. It goes through four phases: it waits for
 * hello, then for the user to attach it; then it is live ({@link LiveSession}); then it has said
 * goodbye and waits for that to get out. A user whose node was lost may take a while to be found
 * elsewhere, so the session doesn't wait long: it goes live with what the log tells, asks on, and
 * compares heads once it is attached. Nothing it holds outlives it: whatever a client missed, it
 * resumes from the log.
 */
public final class Session extends AbstractBehavior<Session.Command> {

  /** What a session hears. */
  public sealed interface Command {}

  /** Where to write. The first that a session hears, but for a drain that overtakes it. */
  public record Connected(ActorRef<Outbound> socket) implements Command {}

  /** A text frame, whole. Handed over as long as there is {@link Credit}. */
  public record Received(String json) implements Command {}

  /** Something that is no text frame of allowed size. It counts as an empty one. */
  public record Unreadable() implements Command {}

  /** The socket has written frames that count so much. */
  public record Taken(int credit) implements Command {}

  /** The socket is gone. */
  public record Disconnected() implements Command {}

  /** The node stops: finish what is in flight, then part. */
  public record Drain(long retryAfterMillis) implements Command {}

  private record Pushed(Push push) implements Command {}

  /** A future came in; runs what follows. */
  private record Next(Runnable step) implements Command {}

  private record Tick() implements Command {}

  record HelloDue() implements Command {}

  private record AttachDue() implements Command {}

  /** The goodbye is out by now, or should be. */
  private record GoodbyeDue() implements Command {}

  static final Duration HELLO_WITHIN = Duration.ofSeconds(5);

  /**
   * The behaviour of one socket, from before its two directions are there.
   *
   * @param id names the session in logs and frames
   */
  public static Behavior<Command> create(
      String id, Visitor visitor, SessionPorts ports, ActorRef<Sessions.Command> sessions) {
    return Unconnected.create(id, visitor, ports, sessions);
  }

  /** The behaviour of one socket that can be written to; the first tick is within a whole one. */
  static Behavior<Command> create(
      String id,
      Visitor visitor,
      ActorRef<Outbound> socket,
      SessionPorts ports,
      ActorRef<Sessions.Command> sessions,
      Duration firstTick) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(
                timers ->
                    new Session(id, visitor, socket, ports, sessions, context, timers, firstTick)));
  }

  private final String id;
  private final Visitor visitor;
  private final SessionPorts ports;
  private final ActorRef<Sessions.Command> sessions;
  private final TimerScheduler<Command> timers;
  private final SocketWriter writer;
  private final Intake intake;
  private final ActorRef<Push> pushes;
  private final Strikes badFrames;
  private final Heartbeat heartbeat;
  private final Attachment attachment = new Attachment();

  private Optional<ClientFrame.Hello> hello = Optional.empty();
  private Optional<Directory.SignedIn> who = Optional.empty();
  private Optional<LiveSession> live = Optional.empty();
  private String token = "";
  private boolean draining;
  private long retryAfterMillis;

  private Session(
      String id,
      Visitor visitor,
      ActorRef<Outbound> socket,
      SessionPorts ports,
      ActorRef<Sessions.Command> sessions,
      ActorContext<Command> context,
      TimerScheduler<Command> timers,
      Duration firstTick) {
    super(context);
    this.id = id;
    this.visitor = visitor;
    this.ports = ports;
    this.sessions = sessions;
    this.timers = timers;
    this.intake = new Intake(socket);
    this.writer = new SocketWriter(socket, ports, this::awaitGoodbye);
    this.pushes = context.messageAdapter(Push.class, Pushed::new);
    this.badFrames = new Strikes(ports.limits().rates().badFramesPerMinute());
    this.heartbeat = new Heartbeat(ports.nanos().getAsLong());
    timers.startSingleTimer(new HelloDue(), HELLO_WITHIN);
    timers.startTimerWithFixedDelay(new Tick(), firstTick, Heartbeat.TICK);
  }

  @Override
  public Receive<Command> createReceive() {
    return newReceiveBuilder()
        .onMessage(Received.class, this::onReceived)
        .onMessage(Unreadable.class, unreadable -> onUnreadable())
        .onMessage(Taken.class, this::onTaken)
        .onMessage(Disconnected.class, disconnected -> Behaviors.stopped())
        .onMessage(Drain.class, this::onDrain)
        .onMessage(Pushed.class, this::onPushed)
        .onMessage(Next.class, this::onNext)
        .onMessage(Tick.class, tick -> onTick())
        .onMessage(HelloDue.class, due -> onHelloDue())
        .onMessage(AttachDue.class, due -> onAttachDue())
        .onMessage(GoodbyeDue.class, due -> onGoodbyeDue())
        .onSignal(PostStop.class, stop -> onPostStop())
        .build();
  }

  private Behavior<Command> onReceived(Received received) {
    if (heartbeat.heard(ports.nanos().getAsLong()) && !writer.isLeaving()) {
      attach();
    }
    intake.received(received.json());
    // While it drains, nothing new is begun: the client sends it again to the next node.
    if (!writer.isLeaving() && !draining) {
      handle(ports.codec().decode(received.json()));
    }
    intake.handled();
    return this;
  }

  private void handle(Decoded decoded) {
    if (decoded instanceof Decoded.Frame frame) {
      handle(frame.frame());
    } else if (decoded instanceof Decoded.UnusableSend send && live.isPresent()) {
      live.get().onUnusable(send);
    } else {
      writer.write(Refusals.of(decoded));
      if (Refusals.isStrike(decoded) && badFrames.strike(ports.nanos().getAsLong())) {
        writer.bye(ByeCode.PROTOCOL_ERROR);
      }
    }
  }

  private void handle(ClientFrame frame) {
    if (live.isPresent()) {
      live.get().onFrame(frame);
    } else if (frame instanceof ClientFrame.Hello first && hello.isEmpty()) {
      onHello(first);
    } else if (!(frame instanceof ClientFrame.Pong)) {
      writer.bye(ByeCode.PROTOCOL_ERROR);
    }
  }

  private void onHello(ClientFrame.Hello first) {
    timers.cancel(new HelloDue());
    hello = Optional.of(first);
    token = first.token().or(visitor::cookieToken).orElse("");
    when(
        ports.directory().authenticate(token),
        signedIn -> {
          if (signedIn.isEmpty()) {
            writer.bye(ByeCode.UNAUTHENTICATED);
          } else if (first.user().filter(user -> !user.equals(signedIn.get().user())).isPresent()) {
            writer.bye(ByeCode.OTHER_USER);
          } else {
            who = signedIn;
            sessions.tell(new Sessions.SignedIn(id, signedIn.get().signIn(), pushes));
            attach();
          }
        },
        failure -> writer.bye(ByeCode.UNAVAILABLE, OptionalLong.of(1_000)));
  }

  private void attach() {
    who.ifPresent(
        signedIn ->
            ports.shards().tell(signedIn.user(), new User.Attach(id, signedIn.signIn(), pushes)));
    if (!attachment.isMade()) {
      timers.startSingleTimer(new AttachDue(), attachment.within());
    }
  }

  private Behavior<Command> onAttachDue() {
    if (attachment.isMade() || writer.isLeaving()) {
      return this;
    }
    if (attachment.missed()) {
      attach();
      if (live.isEmpty()) {
        begin(OptionalLong.empty());
      }
    } else {
      writer.bye(ByeCode.UNAVAILABLE, OptionalLong.of(1_000));
    }
    return this;
  }

  private Behavior<Command> onPushed(Pushed pushed) {
    Push push = pushed.push();
    if (writer.isLeaving()) {
      return this;
    }
    if (push instanceof Push.Attached attached) {
      onAttached(attached);
    } else if (push instanceof Push.TooManySessions) {
      // Even when it is live: it waited for a place, or the user moved and others were faster.
      writer.bye(ByeCode.TOO_MANY_SESSIONS);
    } else if (push instanceof Push.Revoked) {
      writer.bye(ByeCode.REVOKED);
    } else if (push instanceof Push.Reattach) {
      attach();
    } else if (push instanceof Push.Renew) {
      heartbeat.doubt();
      writer.write(new ServerFrame.Ping());
    } else {
      live.ifPresent(session -> session.onPush(push));
    }
    return this;
  }

  private void onAttached(Push.Attached attached) {
    timers.cancel(new AttachDue());
    boolean isNew = attachment.made(attached.incarnation());
    if (live.isEmpty()) {
      begin(OptionalLong.of(attached.incarnation()));
    } else {
      live.get().onPush(attached);
    }
    if (isNew) {
      // Signed out between the last look at the token and this attach: nobody told this session.
      checkSignIn();
    }
  }

  /** Goes live, attached to this incarnation of the user, or not attached yet. */
  private void begin(OptionalLong incarnation) {
    LiveSession session =
        new LiveSession(who.orElseThrow(), id, ports, intake, writer, this::when, pushes);
    live = Optional.of(session);
    session.begin(hello.orElseThrow(), incarnation);
    hello = Optional.empty();
    partIfDraining();
  }

  /** Whether it still holds, which counts as its use. Where it fails, {@link Sessions} looks. */
  private void checkSignIn() {
    when(
        ports.directory().authenticate(token),
        signedIn -> {
          if (signedIn.isEmpty()) {
            writer.bye(ByeCode.REVOKED);
          }
        },
        failure -> {});
  }

  private Behavior<Command> onUnreadable() {
    intake.received("");
    intake.handled();
    writer.bye(ByeCode.PROTOCOL_ERROR);
    return this;
  }

  private Behavior<Command> onTaken(Taken taken) {
    writer.taken(taken.credit());
    if (writer.hasRoom()) {
      live.ifPresent(LiveSession::onRoom);
    }
    return this;
  }

  private Behavior<Command> onDrain(Drain drain) {
    draining = true;
    retryAfterMillis = drain.retryAfterMillis();
    live.ifPresent(LiveSession::drain);
    partIfDraining();
    return this;
  }

  /** In-flight operations are answered first; what comes later is for the next node. */
  private void partIfDraining() {
    if (draining && live.map(LiveSession::isIdle).orElse(true)) {
      writer.bye(ByeCode.DRAINING, OptionalLong.of(retryAfterMillis));
    }
  }

  private Behavior<Command> onNext(Next next) {
    if (!writer.isLeaving()) {
      next.step().run();
      partIfDraining();
    }
    return this;
  }

  private Behavior<Command> onTick() {
    long now = ports.nanos().getAsLong();
    if (writer.isStuck()) {
      writer.bye(ByeCode.SLOW_CONSUMER);
    } else if (heartbeat.isGone(now)) {
      writer.bye(ByeCode.IDLE);
    } else if (!writer.isLeaving()) {
      heartbeat.tick();
      live.ifPresent(session -> onRound(session, now));
    }
    return this;
  }

  private void onRound(LiveSession session, long now) {
    if (heartbeat.isPingDue(now, writer.silentNanos())) {
      writer.write(new ServerFrame.Ping());
    }
    if (heartbeat.isRenewalDue()) {
      if (attachment.isMade()) {
        attach();
      }
      session.renew();
    }
    if (heartbeat.isUseDue()) {
      checkSignIn();
    }
  }

  /** Its own timer, not the next tick: who is silent or stuck is gone when it is promised. */
  private void awaitGoodbye() {
    timers.startSingleTimer(new GoodbyeDue(), SocketWriter.GOODBYE);
  }

  private Behavior<Command> onGoodbyeDue() {
    if (writer.isOver()) {
      return Behaviors.stopped();
    }
    awaitGoodbye();
    return this;
  }

  private Behavior<Command> onHelloDue() {
    if (hello.isEmpty() && live.isEmpty()) {
      writer.bye(ByeCode.UNAUTHENTICATED);
    }
    return this;
  }

  private Behavior<Command> onPostStop() {
    who.ifPresent(signedIn -> ports.shards().tell(signedIn.user(), new User.Detach(id)));
    live.ifPresent(LiveSession::end);
    writer.end();
    ports.reports().closed(writer.goodbye(), visitor.address(), who.map(Directory.SignedIn::user));
    return this;
  }

  private <T> void when(CompletionStage<T> stage, Consumer<T> done, Consumer<Throwable> failed) {
    getContext()
        .pipeToSelf(
            stage,
            (value, failure) ->
                new Next(
                    failure == null ? () -> done.accept(value) : () -> failed.accept(failure)));
  }
}

package io.parley.demo;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A bot that sends back what is written to it: a client of the server's public door like any other,
 * which happens to live in its process.
 *
 * <p>Hears its socket, and whoever stops it. It keeps itself signed in and connected; what it does
 * while it is connected is {@link EchoSession}'s. It may lose everything at any moment: what it has
 * answered stands in the log.
 */
final class EchoBot extends AbstractBehavior<EchoBot.Command> {

  /** What it hears. */
  sealed interface Command {}

  /** Close the socket and sign out. Answered when that is done. */
  record Stop(ActorRef<Done> replyTo) implements Command {}

  private record Connect() implements Command {}

  private record SignedIn(String token) implements Command {}

  private record NotSignedIn(String why) implements Command {}

  private record Opened(long connection, EchoSocket socket) implements Command {}

  private record Heard(long connection, JsonNode frame) implements Command {}

  private record Listed(long connection, JsonNode inbox) implements Command {}

  private record Closed(long connection, String why) implements Command {}

  private record Turn() implements Command {}

  private record SignedOut() implements Command {}

  /**
   * What it is and where it goes.
   *
   * @param links makes a link for the bot, whenever it needs to sign in
   * @param outbox the one that all of its answers go under, for ever
   * @param thought how long it types before it answers
   */
  record Plan(
      EchoDoor door, Supplier<CompletionStage<String>> links, long outbox, Duration thought) {}

  private static final Duration TURN = Duration.ofMillis(50);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(250);

  /** Up to a pause of 8 s. */
  private static final int DOUBLINGS = 5;

  /** The server speaks every 20 s. */
  private static final Duration SILENCE = Duration.ofSeconds(60);

  private static final Logger log = LoggerFactory.getLogger(EchoBot.class);

  static Behavior<Command> create(Plan plan) {
    return Behaviors.setup(
        context -> Behaviors.withTimers(timers -> new EchoBot(plan, context, timers)));
  }

  private final Plan plan;
  private final TimerScheduler<Command> timers;
  private final LongSupplier nanos = System::nanoTime;
  private Optional<String> token = Optional.empty();
  private boolean signingIn;
  private long connection;
  private Optional<EchoSocket> socket = Optional.empty();
  private Optional<EchoSession> session = Optional.empty();
  private Optional<Duration> comeBackWithin = Optional.empty();
  private Optional<ActorRef<Done>> stopper = Optional.empty();
  private int failures;
  private long heardNanos;

  private EchoBot(Plan plan, ActorContext<Command> context, TimerScheduler<Command> timers) {
    super(context);
    this.plan = plan;
    this.timers = timers;
    timers.startTimerWithFixedDelay(new Turn(), TURN);
    context.getSelf().tell(new Connect());
  }

  @Override
  public Receive<Command> createReceive() {
    return newReceiveBuilder()
        .onMessage(Stop.class, this::onStop)
        .onMessage(Connect.class, connect -> onConnect())
        .onMessage(SignedIn.class, this::onSignedIn)
        .onMessage(NotSignedIn.class, this::onNotSignedIn)
        .onMessage(Opened.class, this::onOpened)
        .onMessage(Heard.class, this::onHeard)
        .onMessage(Listed.class, this::onListed)
        .onMessage(Closed.class, this::onClosed)
        .onMessage(Turn.class, turn -> onTurn())
        .onMessage(SignedOut.class, out -> onSignedOut())
        .build();
  }

  private Behavior<Command> onStop(Stop stop) {
    stopper = Optional.of(stop.replyTo());
    disconnect();
    if (!signingIn) {
      signOut();
    }
    return this;
  }

  private Behavior<Command> onConnect() {
    if (stopper.isPresent()) {
      return this;
    }
    if (token.isEmpty()) {
      signingIn = true;
      getContext()
          .pipeToSelf(
              plan.links().get().thenCompose(plan.door()::signIn),
              (granted, failure) ->
                  failure == null ? new SignedIn(granted) : new NotSignedIn(failure.toString()));
      return this;
    }
    long opening = ++connection;
    ActorRef<Command> self = getContext().getSelf();
    EchoSocket.Ear ear =
        new EchoSocket.Ear() {
          @Override
          public void heard(JsonNode frame) {
            self.tell(new Heard(opening, frame));
          }

          @Override
          public void closed() {
            self.tell(new Closed(opening, "the socket was closed"));
          }
        };
    getContext()
        .pipeToSelf(
            plan.door().open(ear),
            (opened, failure) ->
                failure == null
                    ? new Opened(opening, opened)
                    : new Closed(opening, failure.toString()));
    return this;
  }

  private Behavior<Command> onSignedIn(SignedIn in) {
    signingIn = false;
    token = Optional.of(in.token());
    if (stopper.isPresent()) {
      signOut();
    } else {
      getContext().getSelf().tell(new Connect());
    }
    return this;
  }

  private Behavior<Command> onNotSignedIn(NotSignedIn not) {
    signingIn = false;
    if (stopper.isPresent()) {
      signOut();
    } else {
      connectLater(not.why());
    }
    return this;
  }

  private Behavior<Command> onOpened(Opened opened) {
    if (opened.connection() != connection) {
      opened.socket().close();
      return this;
    }
    socket = Optional.of(opened.socket());
    heardNanos = nanos.getAsLong();
    opened
        .socket()
        .send(
            EchoSession.frame("hello")
                .put("id", 0)
                .put("token", token.orElse(""))
                .put("client", "echo/1.0"));
    opened.socket().next();
    return this;
  }

  private Behavior<Command> onHeard(Heard heard) {
    if (heard.connection() != connection) {
      return this;
    }
    heardNanos = nanos.getAsLong();
    JsonNode frame = heard.frame();
    String type = frame.path("t").asText();
    if (type.equals("welcome")) {
      welcomed(frame.at("/user/id").asText());
    } else if (type.equals("bye")) {
      parted(frame);
    } else {
      session.ifPresent(open -> open.onFrame(frame));
    }
    socket.ifPresent(EchoSocket::next);
    return this;
  }

  private void welcomed(String me) {
    failures = 0;
    session =
        Optional.of(
            new EchoSession(
                new EchoSession.Setting(
                    me,
                    plan.outbox(),
                    plan.thought(),
                    frame -> socket.ifPresent(open -> open.send(frame)),
                    nanos)));
    list(Optional.empty());
  }

  /** What happened while we were away; from here on the socket tells. */
  private void list(Optional<String> cursor) {
    long here = connection;
    getContext()
        .pipeToSelf(
            plan.door().inbox(token.orElse(""), cursor),
            (inbox, failure) ->
                failure == null ? new Listed(here, inbox) : new Closed(here, failure.toString()));
  }

  private Behavior<Command> onListed(Listed listed) {
    if (listed.connection() == connection) {
      session.ifPresent(open -> listed.inbox().path("conversations").forEach(open::told));
      JsonNode cursor = listed.inbox().path("cursor");
      if (cursor.isTextual()) {
        list(Optional.of(cursor.asText()));
      }
    }
    return this;
  }

  private void parted(JsonNode bye) {
    comeBackWithin = Optional.of(Duration.ofMillis(bye.path("retryAfterMs").asLong()));
    if (!bye.path("reconnect").asBoolean()) {
      // Ended from outside, or expired: another sign-in may do. If not, the pauses grow.
      token = Optional.empty();
    }
  }

  private Behavior<Command> onClosed(Closed closed) {
    if (closed.connection() == connection && stopper.isEmpty()) {
      disconnect();
      connectLater(closed.why());
    }
    return this;
  }

  private Behavior<Command> onTurn() {
    session.ifPresent(EchoSession::onTurn);
    if (socket.isPresent() && nanos.getAsLong() - heardNanos > SILENCE.toNanos()) {
      getContext().getSelf().tell(new Closed(connection, "the server is silent"));
    }
    return this;
  }

  private Behavior<Command> onSignedOut() {
    stopper.ifPresent(replyTo -> replyTo.tell(Done.getInstance()));
    return Behaviors.stopped();
  }

  /** Whatever still comes of this connection is another one's. */
  private void disconnect() {
    connection++;
    session = Optional.empty();
    socket.ifPresent(EchoSocket::close);
    socket = Optional.empty();
  }

  private void connectLater(String why) {
    long grown = FIRST_PAUSE.toMillis() << Math.min(failures, DOUBLINGS);
    long within = comeBackWithin.orElse(Duration.ZERO).toMillis();
    comeBackWithin = Optional.empty();
    failures++;
    long millis = grown + ThreadLocalRandom.current().nextLong(within + 1);
    log.atInfo().addKeyValue("why", why).addKeyValue("pauseMs", millis).log("the bot comes back");
    timers.startSingleTimer(new Connect(), Duration.ofMillis(millis));
  }

  private void signOut() {
    if (token.isEmpty()) {
      getContext().getSelf().tell(new SignedOut());
      return;
    }
    getContext().pipeToSelf(plan.door().signOut(token.get()), (out, failure) -> new SignedOut());
  }
}

package io.parley.session;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.typesafe.config.ConfigFactory;
import io.parley.conversation.Conversation;
import io.parley.model.ConversationEvent;
import io.parley.model.ConversationId;
import io.parley.model.Limits;
import io.parley.model.Operation;
import io.parley.model.OutboxNumber;
import io.parley.model.Participants;
import io.parley.model.SequencedEvent;
import io.parley.model.UserId;
import io.parley.protocol.EncodedEvent;
import io.parley.protocol.EventJson;
import io.parley.protocol.FrameCodec;
import io.parley.testing.Answering;
import io.parley.testing.TestClock;
import io.parley.user.Push;
import io.parley.user.User;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.pekko.Done;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.Terminated;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * One session with everything around it played by the test: the socket, the users, the
 * conversations. Time passes only when the test says so.
 */
final class Stage implements AutoCloseable {
  static final UserId ADA = new UserId("u_ada");
  static final UserId BOB = new UserId("u_bob");
  static final ConversationId AB = new ConversationId("c_ab");
  static final String EPOCH = "e_1";
  static final String HELLO = "{'t':'hello','id':1,'token':'token-ada'}";
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final ObjectMapper JSON = new ObjectMapper();

  final ActorTestKit testKit =
      ActorTestKit.create(ManualTime.config().withFallback(ConfigFactory.load()));
  final MemoryDirectory directory = new MemoryDirectory();
  final Map<ConversationId, List<ConversationEvent>> stored = new ConcurrentHashMap<>();
  final MemoryLog log =
      new MemoryLog(conversation -> List.copyOf(stored.getOrDefault(conversation, List.of())));
  final MemoryInboxes inboxes = new MemoryInboxes(directory);
  final TestProbe<User.Command> users = testKit.createTestProbe();
  final TestProbe<Conversation.Command> conversations = testKit.createTestProbe();
  final TestProbe<Sessions.Command> sessions = testKit.createTestProbe();
  private final TestProbe<Outbound> socket = testKit.createTestProbe();

  /** What the frames count that the socket has handed over, and what of it it was given back. */
  private int received;

  private final AtomicInteger back = new AtomicInteger();

  private final ManualTime time = ManualTime.get(testKit.system());
  private final AtomicLong nanos = new AtomicLong();
  private final TestClock clock = new TestClock(Instant.ofEpochMilli(1_767_225_600_000L));
  private final TestProbe<Done> synced = testKit.createTestProbe();
  private final TestProbe<Done> told = testKit.createTestProbe();
  private final ActorRef<Object> frames;
  private final ActorRef<Object> actor;
  final LocalShards shards;
  final SessionPorts ports;
  final ActorRef<Session.Command> session;
  Optional<ActorRef<Push>> pushes = Optional.empty();
  private volatile boolean ended;
  private long n;

  Stage() {
    this(Limits.DEFAULT);
  }

  Stage(Limits limits) {
    this(limits, Heartbeat.jitter());
  }

  Stage(Duration firstTick) {
    this(Limits.DEFAULT, firstTick);
  }

  private Stage(Limits limits, Duration firstTick) {
    for (String name : List.of("ada", "bob", "eve", "zoe")) {
      directory.add(name);
    }
    directory.join(AB, ADA, BOB);
    shards = new LocalShards(testKit.system(), c -> conversations.ref(), u -> users.ref());
    Operations operations = new Operations(shards, log, directory, limits, nanos::get);
    ports =
        new SessionPorts(
            directory,
            log,
            inboxes,
            shards,
            operations,
            new FrameCodec(limits),
            EPOCH,
            clock,
            nanos::get,
            Reports.unmeasured());
    frames = testKit.spawn(Answering.of(Outbound.class, frames()));
    Behavior<Session.Command> behavior =
        Session.create(
            "s_1",
            new Visitor("192.0.2.1", Optional.empty()),
            frames.narrow(),
            ports,
            sessions.ref(),
            firstTick);
    actor = testKit.spawn(Answering.of(Session.Command.class, behavior));
    session = actor.narrow();
    testKit.spawn(watcher());
  }

  /** The socket that the session writes to: what it writes, and what it has handled. */
  private Behavior<Outbound> frames() {
    return Behaviors.receiveMessage(
        outbound -> {
          if (outbound instanceof Outbound.Handled handled) {
            back.addAndGet(handled.credit());
          } else {
            socket.ref().tell(outbound);
          }
          return Behaviors.same();
        });
  }

  /** Who waits for an answer of the session hears when none will come any more. */
  private Behavior<Void> watcher() {
    return Behaviors.setup(
        context -> {
          context.watch(session);
          return Behaviors.receive(Void.class)
              .onSignal(
                  Terminated.class,
                  terminated -> {
                    ended = true;
                    synced.ref().tell(Done.getInstance());
                    return Behaviors.stopped();
                  })
              .build();
        });
  }

  @Override
  public void close() {
    testKit.shutdownTestKit();
  }

  /** Sends a frame; single quotes stand for double ones. */
  void send(String frame) {
    received += Credit.of(frame);
    session.tell(new Session.Received(frame.replace('\'', '"')));
    sync();
  }

  /** How much of its credit the socket hasn't got back. */
  int owed() {
    return received - back.get();
  }

  /** The next frame, which the socket has written. */
  JsonNode next() {
    try {
      String frame = socket.expectMessageClass(Outbound.Frame.class).json();
      session.tell(new Session.Taken(Credit.of(frame)));
      return JSON.readTree(frame);
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }

  /** As if so much were on its way to a client that reads nothing, until {@link #unstall}. */
  void stall() {
    session.tell(new Session.Taken(-Credit.LIMIT));
  }

  void unstall() {
    session.tell(new Session.Taken(Credit.LIMIT));
  }

  JsonNode expect(String type) {
    JsonNode frame = next();
    assertThat(frame.path("t").asText()).as("%s", frame).isEqualTo(type);
    return frame;
  }

  void expectNothing() {
    sync();
    socket.expectNoMessage(Duration.ofMillis(20));
  }

  void expectBye(String code) {
    assertThat(expect("bye").path("code").asText()).isEqualTo(code);
    socket.expectMessageClass(Outbound.Close.class);
  }

  void expectError(long re, String code) {
    JsonNode error = expect("error");
    assertThat(error.path("re").asLong()).as("%s", error).isEqualTo(re);
    assertThat(error.path("code").asText()).as("%s", error).isEqualTo(code);
  }

  /** Events of one conversation, in one frame or several, as their sequence numbers. */
  void expectEvents(long... seqs) {
    int i = 0;
    while (i < seqs.length) {
      for (JsonNode event : expect("events").path("events")) {
        assertThat(event.path("seq").asLong()).isEqualTo(seqs[i++]);
      }
    }
  }

  /**
   * Everything told so far has been handled, and the futures it began have come in, or the session
   * has ended; and the socket has taken all that it was told meanwhile.
   */
  private void sync() {
    for (int i = 0; i < 3 && !ended; i++) {
      actor.tell(new Answering.Sync(synced.ref()));
      synced.expectMessage(Done.getInstance());
    }
    frames.tell(new Answering.Sync(told.ref()));
    told.expectMessage(Done.getInstance());
  }

  User.Attach expectAttach() {
    User.Attach attach = users.expectMessageClass(User.Attach.class);
    pushes = Optional.of(attach.to());
    return attach;
  }

  void push(Push push) {
    pushes.orElseThrow().tell(push);
  }

  /** Hello, attach, welcome and the first inbox. */
  void welcome() {
    welcome(HELLO);
    expect("inbox");
  }

  JsonNode welcome(String hello) {
    send(hello);
    expectAttach();
    push(new Push.Attached(1, 0));
    return expect("welcome");
  }

  /** Bob says something: it is stored, and delivered to nobody yet. */
  SequencedEvent store() {
    List<ConversationEvent> log = stored.computeIfAbsent(AB, same -> new CopyOnWriteArrayList<>());
    if (log.isEmpty()) {
      log.add(new ConversationEvent.Opened(BOB, 1, Participants.of(ADA, BOB)));
    }
    n++;
    log.add(
        new ConversationEvent.Operated(
            BOB,
            n,
            new OutboxNumber(1, n),
            new Operation.Message("m" + n, OptionalLong.empty()),
            Optional.empty()));
    return new SequencedEvent(log.size(), log.get(log.size() - 1));
  }

  void store(int count) {
    for (int i = 0; i < count; i++) {
      store();
    }
  }

  void deliver(SequencedEvent... events) {
    List<EncodedEvent> encoded =
        List.of(events).stream().map(event -> EventJson.encode(event, false)).toList();
    push(new Push.Delivered(AB, Participants.of(ADA, BOB), encoded));
  }

  /** A second at a time at most, so that nothing that is due in between is passed over. */
  void pass(Duration duration) {
    Duration left = duration;
    while (left.compareTo(Duration.ZERO) > 0) {
      Duration step = left.compareTo(SECOND) < 0 ? left : SECOND;
      nanos.addAndGet(step.toNanos());
      clock.move(step);
      time.timePasses(step);
      sync();
      left = left.minus(step);
    }
  }

  /** The clock goes on, and no timer is due yet, as when there is much to do. */
  void passAhead(Duration duration) {
    nanos.addAndGet(duration.toNanos());
  }

  /** Until the session ends, which is to be within so long: how long that took. */
  Duration passUntilEnd(Duration within) {
    Duration passed = Duration.ZERO;
    while (!ended && passed.compareTo(within) < 0) {
      pass(Duration.ofSeconds(1));
      passed = passed.plusSeconds(1);
    }
    assertThat(ended).as("ended within %s", within).isTrue();
    return passed;
  }
}

package io.parley.simulation.actors;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import com.typesafe.config.ConfigFactory;
import io.parley.conversation.Conversation;
import io.parley.model.ConversationEvent;
import io.parley.model.ConversationId;
import io.parley.model.Limits;
import io.parley.model.Operation;
import io.parley.model.Participants;
import io.parley.model.SequencedEvent;
import io.parley.model.SessionId;
import io.parley.model.UserId;
import io.parley.protocol.EventJson;
import io.parley.protocol.FrameCodec;
import io.parley.session.LocalShards;
import io.parley.session.MemoryDirectory;
import io.parley.session.MemoryInboxes;
import io.parley.session.MemoryLog;
import io.parley.session.Operations;
import io.parley.session.Outbound;
import io.parley.session.Reports;
import io.parley.session.Session;
import io.parley.session.SessionPorts;
import io.parley.session.Visitor;
import io.parley.testing.TestClock;
import io.parley.user.User;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.apache.pekko.Done;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.persistence.testkit.PersistenceTestKitSnapshotPlugin;
import org.apache.pekko.persistence.testkit.javadsl.EventSourcedBehaviorTestKit;
import org.apache.pekko.persistence.testkit.javadsl.PersistenceTestKit;
import org.slf4j.LoggerFactory;

/** A ring of people, each of whom talks with both neighbours, and the hazards of their lives. */
final class Town implements AutoCloseable {
  private static final int PEOPLE = 100;
  private static final Duration STEP = Duration.ofMillis(400);

  /** What a session wrote to a socket; handled by the test, one at a time. */
  private record Heard(Device by, ActorRef<Session.Command> from, Outbound what) {}

  private final ActorTestKit testKit =
      ActorTestKit.create(
          ManualTime.config()
              .withFallback(EventSourcedBehaviorTestKit.config())
              .withFallback(PersistenceTestKitSnapshotPlugin.config())
              // A write told as failed and stored after all has no writer that the filter knows.
              .withFallback(
                  ConfigFactory.parseString(
                      "pekko.persistence.journal-plugin-fallback.replay-filter.mode = off\n"
                          + "pekko.loglevel = OFF"))
              .withFallback(ConfigFactory.load()));
  private final ManualTime time = ManualTime.get(testKit.system());
  private final AtomicLong nanos = new AtomicLong();
  private final TestClock clock = new TestClock(Instant.ofEpochMilli(1_767_225_600_000L));
  private final PersistenceTestKit journal = PersistenceTestKit.create(testKit.system());
  private final MemoryDirectory directory = new MemoryDirectory();
  private final MemoryLog log = new MemoryLog(this::stored);
  private final MemoryInboxes inboxes = new MemoryInboxes(directory);
  private final Map<ConversationId, ActorRef<Conversation.Command>> conversations =
      new ConcurrentHashMap<>();
  private final Map<UserId, ActorRef<User.Command>> users = new ConcurrentHashMap<>();
  private final Map<ConversationId, Participants> pairs = new LinkedHashMap<>();
  private final List<Device> devices = new ArrayList<>();
  private final BlockingQueue<Heard> heard = new LinkedBlockingQueue<>();
  private final ActorRef<Object> nowhere = testKit.spawn(Behaviors.ignore());
  private final ActorRef<Done> acknowledged = testKit.spawn(Behaviors.ignore());

  /** Hundreds of failures are what is wanted here. */
  private final List<Logger> quiet =
      Stream.of("io.parley.conversation", "org.apache.pekko")
          .map(name -> (Logger) LoggerFactory.getLogger(name))
          .toList();

  private final Random random;
  private final HostileJournal writes;
  private final HostileShards shards;
  private final SessionPorts ports;
  private volatile boolean hostile = true;

  Town(long seed) {
    quiet.forEach(logger -> logger.setLevel(Level.OFF));
    random = new Random(seed);
    shards =
        new HostileShards(
            new LocalShards(testKit.system(), this::conversation, this::user), seed, () -> hostile);
    writes = new HostileJournal(journal, seed, () -> hostile);
    journal.withPolicy(writes);
    ports =
        new SessionPorts(
            directory,
            log,
            inboxes,
            shards,
            new Operations(shards, log, directory, Limits.DEFAULT, nanos::get),
            new FrameCodec(Limits.DEFAULT),
            "e_1",
            clock,
            nanos::get,
            Reports.unmeasured());
    for (int i = 0; i < PEOPLE; i++) {
      directory.add("p" + i);
      devices.add(new Device("p" + i, 1, this::connect));
      if (i % 10 == 0) {
        devices.add(new Device("p" + i, 2, this::connect));
      }
    }
    for (int i = 0; i < PEOPLE; i++) {
      meet(i, (i + 1) % PEOPLE);
    }
    begin();
  }

  private void meet(int one, int other) {
    ConversationId conversation = new ConversationId("c_" + one);
    UserId first = new UserId("u_p" + one);
    UserId second = new UserId("u_p" + other);
    directory.join(conversation, first, second);
    pairs.put(conversation, Participants.of(first, second));
    devices.stream()
        .filter(device -> device.person.equals("p" + one) || device.person.equals("p" + other))
        .forEach(device -> device.join(conversation));
  }

  @Override
  public void close() {
    hostile = false;
    testKit.shutdownTestKit();
    quiet.forEach(logger -> logger.setLevel(null));
  }

  /** People talk while sockets break, actors crash and the journal fails. */
  void liveThroughHazards(int steps) {
    for (int step = 0; step < steps; step++) {
      for (int i = 0; i < 10; i++) {
        Device device = any(devices);
        device.say(any(List.copyOf(device.copies.keySet())), "said " + step + " " + i);
      }
      if (random.nextInt(2) == 0) {
        any(devices).disconnect();
      }
      if (random.nextInt(3) == 0) {
        crash(conversations, any(List.copyOf(pairs.keySet())));
      }
      if (random.nextInt(3) == 0) {
        crash(users, new UserId("u_" + any(devices).person));
      }
      pass();
    }
  }

  /** The last fault heals: everyone has to come to rest, with nothing new said. */
  void calmDown() {
    hostile = false;
    for (int step = 0; step < 300 && !isAtRest(); step++) {
      pass();
    }
  }

  private boolean isAtRest() {
    return heard.isEmpty()
        && devices.stream()
            .allMatch(
                device ->
                    device.copies.entrySet().stream()
                        .allMatch(
                            entry ->
                                entry.getValue().answered() == entry.getValue().said.size()
                                    && entry.getValue().held.size() == log.head(entry.getKey())));
  }

  int failedWrites() {
    return writes.failures();
  }

  /** What is wrong at the end, promise by promise. */
  List<String> violations() {
    List<String> found = new ArrayList<>();
    devices.forEach(device -> found.addAll(device.violations));
    for (ConversationId conversation : pairs.keySet()) {
      List<SequencedEvent> events = log.all(conversation);
      for (Device device : devices) {
        Optional.ofNullable(device.copies.get(conversation))
            .ifPresent(copy -> check(conversation, events, device, copy, found));
      }
    }
    return found;
  }

  private static void check(
      ConversationId conversation,
      List<SequencedEvent> events,
      Device device,
      Device.Copy copy,
      List<String> found) {
    String where = conversation + " of " + device.person + "/" + device.outbox + ": ";
    UserId me = new UserId("u_" + device.person);
    List<String> stored = new ArrayList<>();
    for (SequencedEvent event : events) {
      if (event.event().by().equals(me)
          && event.event() instanceof ConversationEvent.Operated operated
          && operated.number().outbox() == device.outbox
          && operated.operation() instanceof Operation.Message message) {
        stored.add(message.text());
        if (operated.number().n() != stored.size()) {
          found.add(where + "S3 S5: " + event + " is the " + stored.size() + "th");
        }
        Long accepted = copy.accepted.get(stored.size());
        if (accepted == null || accepted != event.seq()) {
          found.add(where + "S1 S2: " + event + " was accepted at " + accepted);
        }
      }
    }
    if (!stored.equals(copy.said)) {
      found.add(where + "S1 S2: said " + copy.said + " and stored " + stored);
    }
    var journal =
        events.stream()
            .map(
                event -> Device.read(EventJson.encode(event, event.event().by().equals(me)).json()))
            .toList();
    if (!journal.equals(copy.held)) {
      found.add(where + "S4 S7: holds " + copy.held.size() + " of " + journal.size());
    }
    long opened =
        events.stream().filter(e -> e.event() instanceof ConversationEvent.Opened).count();
    if (opened != (events.isEmpty() ? 0 : 1)) {
      found.add(where + "S4: opened " + opened + " times");
    }
  }

  private void pass() {
    begin();
    nanos.addAndGet(STEP.toNanos());
    clock.move(STEP);
    time.timePasses(STEP);
    hear();
    feed();
    devices.forEach(Device::goOn);
    hear();
  }

  /** Handles what sessions wrote, until nothing comes for a moment. */
  private void hear() {
    try {
      for (Heard next = heard.poll(5, TimeUnit.MILLISECONDS);
          next != null;
          next = heard.poll(5, TimeUnit.MILLISECONDS)) {
        next.by().on(next.from(), next.what());
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Applies what was committed, and tells it at least once. */
  private void feed() {
    pairs.forEach(
        (conversation, pair) -> {
          long head = log.head(conversation);
          if (inboxes.apply(conversation, head)) {
            for (UserId of : List.of(pair.first(), pair.second())) {
              user(of)
                  .tell(
                      new User.TellHeads(
                          inboxes.version(of), 1, Map.of(conversation, head), acknowledged));
            }
          }
        });
  }

  private ActorRef<Session.Command> connect(Device device) {
    ActorRef<Session.Command> session =
        testKit.spawn(
            Session.create(
                SessionId.random(),
                new Visitor("192.0.2.1", Optional.empty()),
                ports,
                nowhere.narrow()));
    ActorRef<Outbound> socket =
        testKit.spawn(
            Behaviors.receiveMessage(
                what -> {
                  heard.add(new Heard(device, session, what));
                  return what instanceof Outbound.Close ? Behaviors.stopped() : Behaviors.same();
                }));
    session.tell(new Session.Connected(socket));
    return session;
  }

  /** While one moves, what is told to it is lost. */
  private ActorRef<Conversation.Command> conversation(ConversationId id) {
    return conversations.getOrDefault(id, nowhere.unsafeUpcast());
  }

  private ActorRef<User.Command> user(UserId id) {
    return users.getOrDefault(id, nowhere.unsafeUpcast());
  }

  /** It is gone before another one begins, as sharding sees to it. */
  private <I, C> void crash(Map<I, ActorRef<C>> actors, I id) {
    Optional.ofNullable(actors.remove(id)).ifPresent(testKit::stop);
  }

  /** Conversations and users that aren't there, begin again. */
  private void begin() {
    for (ConversationId id : pairs.keySet()) {
      conversations.computeIfAbsent(id, missing -> testKit.spawn(restarted(id)));
    }
    for (Device device : devices) {
      users.computeIfAbsent(
          new UserId("u_" + device.person),
          id -> testKit.spawn(User.create(id, new NeverSeen(), clock, 10)));
    }
  }

  /** A rejected write ends it, and sharding would begin it again. */
  private Behavior<Conversation.Command> restarted(ConversationId id) {
    return Behaviors.supervise(
            Conversation.create(
                id,
                (conversation, to, events) -> {
                  shards.tell(to.first(), new User.Deliver(conversation, to, events));
                  shards.tell(to.second(), new User.Deliver(conversation, to, events));
                },
                clock))
        .onFailure(SupervisorStrategy.restart());
  }

  private List<ConversationEvent> stored(ConversationId conversation) {
    return journal.persistedInStorage(Conversation.persistenceId(conversation).id()).stream()
        .map(ConversationEvent.class::cast)
        .toList();
  }

  private <T> T any(List<T> of) {
    return of.get(random.nextInt(of.size()));
  }

  private static final class NeverSeen implements User.LastSeen {
    @Override
    public CompletionStage<OptionalLong> load(UserId user) {
      return CompletableFuture.completedFuture(OptionalLong.empty());
    }

    @Override
    public void save(UserId user, long at) {}
  }
}

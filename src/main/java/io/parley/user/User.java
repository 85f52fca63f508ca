package io.parley.user;

import io.parley.model.ConversationId;
import io.parley.model.Participants;
import io.parley.model.SequencedEvent;
import io.parley.model.UserId;
import io.parley.protocol.EncodedEvent;
import io.parley.protocol.EventJson;
import io.parley.serialization.NodeMessage;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.cluster.sharding.typed.javadsl.Entity;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityTypeKey;

/**
 * One person, wherever their sessions are: delivers what conversations stored to every session
 * attached, and knows whether anyone is there.
 *
 * <p>Hears conversations, the feed and sessions of any node. Tells sessions ({@link Push}). It
 * keeps nothing on disk and guarantees nothing: a session is attached by a lease that it renews,
 * and learns by {@link Push.Attached} when deliveries may have been missed. When a person has as
 * many sessions as may be, newcomers wait until it is known which of them are still there ({@link
 * Places}).
 */
public final class User extends AbstractBehavior<User.Command> {

  /** What a user hears. */
  public sealed interface Command extends NodeMessage {}

  /**
   * Attach this session, or renew its lease. Answered by {@link Push.Attached}, at once or after
   * some seconds, or refused.
   */
  public record Attach(String session, String signIn, ActorRef<Push> to) implements Command {}

  /** The session has ended. */
  public record Detach(String session) implements Command {}

  /** Events just stored in a conversation of this person, in order. */
  public record Deliver(
      ConversationId conversation, Participants participants, List<SequencedEvent> events)
      implements Command {
    public Deliver {
      events = List.copyOf(events);
    }
  }

  /** The feed has applied events up to these heads ({@link Push.Heads}); acknowledged at once. */
  public record TellHeads(
      long feedVersion, long changes, Map<ConversationId, Long> heads, ActorRef<Done> replyTo)
      implements Command {
    public TellHeads {
      heads = Map.copyOf(heads);
    }
  }

  /** The peer in this conversation types, or no longer does. */
  public record TellTyping(ConversationId conversation, UserId by, boolean on) implements Command {}

  /** Tell this session whether this person is there, now and at each change; a lease as well. */
  public record Watch(String session, ActorRef<Push> to) implements Command {}

  /** The session no longer wants to know. */
  public record Unwatch(String session) implements Command {}

  /** A sign-in was ended: its sessions have to go. Acknowledged, so that it can be told again. */
  public record EndSignIn(String signIn, ActorRef<Done> replyTo) implements Command {}

  private record LeasesDue() implements Command {}

  /** Sessions had time to say that they are there. */
  private record AnswersDue() implements Command {}

  /** Empty when it couldn't be read. */
  private record LastSeenLoaded(Optional<OptionalLong> at) implements Command {}

  /** The shard moves away, or nobody has needed this actor for a while. */
  private record Stop() implements Command {}

  /** Where the moment of a person's last session is kept, in milliseconds since the epoch. */
  public interface LastSeen {
    CompletionStage<OptionalLong> load(UserId user);

    void save(UserId user, long at);
  }

  public static final EntityTypeKey<Command> TYPE_KEY = EntityTypeKey.create(Command.class, "User");

  /** How often leases are looked at. Time is counted in these rounds: a clock may jump. */
  static final Duration ROUND = Duration.ofSeconds(15);

  /** A lease not renewed for so many rounds has ended; a session renews it every 20 s. */
  static final int LEASE_ROUNDS = 5;

  /**
   * For the sessions attached to say that they are there, when newcomers wait. Nobody is asked more
   * often than that.
   */
  static final Duration ANSWER_WITHIN = Duration.ofSeconds(2);

  public static void init(
      ClusterSharding sharding, LastSeen lastSeen, Clock clock, int maxSessions) {
    sharding.init(
        Entity.of(
                TYPE_KEY,
                entity -> create(new UserId(entity.getEntityId()), lastSeen, clock, maxSessions))
            .withStopMessage(stop()));
  }

  /** What the shard tells a person's actor that has to go. */
  static Command stop() {
    return new Stop();
  }

  /** The behaviour of one person, who may have so many sessions at once. */
  public static Behavior<Command> create(
      UserId id, LastSeen lastSeen, Clock clock, int maxSessions) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(
                timers -> new User(id, lastSeen, clock, maxSessions, context, timers)));
  }

  private final UserId id;
  private final LastSeen store;
  private final Clock clock;
  private final TimerScheduler<Command> timers;
  private final long incarnation = ThreadLocalRandom.current().nextLong();

  private final Places places;
  private final Map<String, Places.Lease> watchers = new HashMap<>();
  private long round;
  private long feedVersion;
  private OptionalLong lastSeen = OptionalLong.empty();
  private boolean lastSeenAsked;

  private User(
      UserId id,
      LastSeen store,
      Clock clock,
      int maxSessions,
      ActorContext<Command> context,
      TimerScheduler<Command> timers) {
    super(context);
    this.id = id;
    this.store = store;
    this.clock = clock;
    this.places = new Places(maxSessions);
    this.timers = timers;
  }

  @Override
  public Receive<Command> createReceive() {
    return newReceiveBuilder()
        .onMessage(Attach.class, this::onAttach)
        .onMessage(Detach.class, this::onDetach)
        .onMessage(Deliver.class, this::onDeliver)
        .onMessage(TellHeads.class, this::onTellHeads)
        .onMessage(TellTyping.class, this::onTellTyping)
        .onMessage(Watch.class, this::onWatch)
        .onMessage(Unwatch.class, this::onUnwatch)
        .onMessage(EndSignIn.class, this::onEndSignIn)
        .onMessage(LeasesDue.class, due -> onLeasesDue())
        .onMessage(AnswersDue.class, due -> onAnswersDue())
        .onMessage(LastSeenLoaded.class, this::onLastSeenLoaded)
        .onMessage(Stop.class, stop -> onStop())
        .build();
  }

  private Behavior<Command> onAttach(Attach command) {
    if (places.renew(command, round)) {
      tellAttached(command);
      letIn();
    } else if (places.hasRoom()) {
      attach(command);
    } else if (!places.await(command)) {
      command.to().tell(new Push.TooManySessions());
    } else if (!timers.isTimerActive(new AnswersDue())) {
      ask();
    }
    return this;
  }

  private Behavior<Command> onDetach(Detach command) {
    boolean left = places.leave(command.session());
    letIn();
    if (left) {
      noticeLeaving();
    }
    return this;
  }

  private Behavior<Command> onDeliver(Deliver command) {
    if (places.attached().isEmpty()) {
      return this;
    }
    List<EncodedEvent> encoded =
        command.events().stream()
            .map(event -> EventJson.encode(event, event.event().by().equals(id)))
            .toList();
    push(new Push.Delivered(command.conversation(), command.participants(), encoded));
    return this;
  }

  private Behavior<Command> onTellHeads(TellHeads command) {
    feedVersion = Math.max(feedVersion, command.feedVersion());
    push(new Push.Heads(command.feedVersion(), command.changes(), command.heads()));
    command.replyTo().tell(Done.getInstance());
    return this;
  }

  private Behavior<Command> onTellTyping(TellTyping command) {
    push(new Push.Typing(command.conversation(), command.by(), command.on()));
    return this;
  }

  private Behavior<Command> onWatch(Watch command) {
    startRounds();
    Places.Lease lease = new Places.Lease(command.to(), "", round);
    boolean isNew = watchers.put(command.session(), lease) == null;
    if (places.attached().isEmpty() && lastSeen.isEmpty() && !lastSeenAsked) {
      lastSeenAsked = true;
      getContext()
          .pipeToSelf(
              store.load(id),
              (at, failure) ->
                  new LastSeenLoaded(failure == null ? Optional.of(at) : Optional.empty()));
    } else if (isNew) {
      command.to().tell(presence());
    }
    return this;
  }

  private Behavior<Command> onLastSeenLoaded(LastSeenLoaded loaded) {
    // The next who watches asks again.
    lastSeenAsked = loaded.at().isPresent();
    if (lastSeen.isEmpty()) {
      lastSeen = loaded.at().orElse(OptionalLong.empty());
    }
    tellWatchers();
    return this;
  }

  private Behavior<Command> onUnwatch(Unwatch command) {
    watchers.remove(command.session());
    return this;
  }

  private Behavior<Command> onEndSignIn(EndSignIn command) {
    places.endSignIn(command.signIn()).forEach(to -> to.tell(new Push.Revoked()));
    command.replyTo().tell(Done.getInstance());
    return this;
  }

  private Behavior<Command> onLeasesDue() {
    round++;
    long oldest = round - LEASE_ROUNDS;
    watchers.values().removeIf(lease -> lease.renewedInRound() < oldest);
    boolean left = places.expire(oldest);
    letIn();
    if (left) {
      noticeLeaving();
    }
    if (places.attached().isEmpty() && watchers.isEmpty()) {
      timers.cancel(LeasesDue.class);
    }
    return this;
  }

  private Behavior<Command> onAnswersDue() {
    places.settle();
    letIn();
    if (places.isAwaited()) {
      ask();
    }
    return this;
  }

  /** Who is attached or waits asks again, wherever this user is next. */
  private Behavior<Command> onStop() {
    places.all().forEach(to -> to.tell(new Push.Reattach()));
    return Behaviors.stopped();
  }

  private void startRounds() {
    if (!timers.isTimerActive(LeasesDue.class)) {
      timers.startTimerWithFixedDelay(LeasesDue.class, new LeasesDue(), ROUND);
    }
  }

  private void attach(Attach command) {
    startRounds();
    places.take(command, round);
    tellAttached(command);
    if (places.attached().size() == 1) {
      tellWatchers();
    }
  }

  private void tellAttached(Attach command) {
    command.to().tell(new Push.Attached(incarnation, feedVersion));
  }

  private void ask() {
    timers.startSingleTimer(new AnswersDue(), ANSWER_WITHIN);
    places.ask().forEach(lease -> lease.to().tell(new Push.Renew()));
  }

  /** Those who wait, as far as there is room. Once a question is answered, the others are told. */
  private void letIn() {
    if (places.isAnswered()) {
      places.settle();
    }
    for (Optional<Attach> next = places.next(); next.isPresent(); next = places.next()) {
      attach(next.get());
    }
    places.refused().forEach(command -> command.to().tell(new Push.TooManySessions()));
  }

  private void noticeLeaving() {
    if (places.attached().isEmpty()) {
      long minute = Duration.ofMinutes(1).toMillis();
      long at = clock.millis() / minute * minute;
      lastSeen = OptionalLong.of(at);
      store.save(id, at);
      tellWatchers();
    }
  }

  private Push.Presence presence() {
    boolean online = !places.attached().isEmpty();
    return new Push.Presence(id, online, online ? OptionalLong.empty() : lastSeen);
  }

  private void tellWatchers() {
    Push.Presence presence = presence();
    watchers.values().forEach(lease -> lease.to().tell(presence));
  }

  private void push(Push push) {
    places.attached().forEach(lease -> lease.to().tell(push));
  }
}

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
 * and learns by {@link Push.Attached} when deliveries may have been missed.
 */
public final class User extends AbstractBehavior<User.Command> {

  /** What a user hears. */
  public sealed interface Command extends NodeMessage {}

  /** Attach this session, or renew its lease. Answered by {@link Push.Attached} or refused. */
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

  /** A lease not renewed for so many rounds has ended; a session renews it every 30 s. */
  static final int LEASE_ROUNDS = 5;

  public static void init(
      ClusterSharding sharding, LastSeen lastSeen, Clock clock, int maxSessions) {
    sharding.init(
        Entity.of(
                TYPE_KEY,
                entity -> create(new UserId(entity.getEntityId()), lastSeen, clock, maxSessions))
            .withStopMessage(new Stop()));
  }

  /** The behaviour of one person, who may have so many sessions at once. */
  public static Behavior<Command> create(
      UserId id, LastSeen lastSeen, Clock clock, int maxSessions) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(
                timers -> new User(id, lastSeen, clock, maxSessions, context, timers)));
  }

  /** A session that is attached or watches, until its lease ends. */
  private record Lease(ActorRef<Push> to, String signIn, long renewedInRound) {}

  private final UserId id;
  private final LastSeen store;
  private final Clock clock;
  private final int maxSessions;
  private final TimerScheduler<Command> timers;
  private final long incarnation = ThreadLocalRandom.current().nextLong();

  private final Map<String, Lease> attached = new HashMap<>();
  private final Map<String, Lease> watchers = new HashMap<>();
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
    this.maxSessions = maxSessions;
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
        .onMessage(LastSeenLoaded.class, this::onLastSeenLoaded)
        .onMessage(Stop.class, stop -> onStop())
        .build();
  }

  private Behavior<Command> onAttach(Attach command) {
    boolean isNew = !attached.containsKey(command.session());
    if (isNew && attached.size() >= maxSessions) {
      dropExpired();
      if (attached.size() >= maxSessions) {
        command.to().tell(new Push.TooManySessions());
        return this;
      }
    }
    attached.put(command.session(), lease(command.to(), command.signIn()));
    command.to().tell(new Push.Attached(incarnation, feedVersion));
    if (attached.size() == 1 && isNew) {
      tellWatchers();
    }
    return this;
  }

  private Behavior<Command> onDetach(Detach command) {
    if (attached.remove(command.session()) != null) {
      noticeLeaving();
    }
    return this;
  }

  private Behavior<Command> onDeliver(Deliver command) {
    if (attached.isEmpty()) {
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
    boolean isNew = watchers.put(command.session(), lease(command.to(), "")) == null;
    if (attached.isEmpty() && lastSeen.isEmpty() && !lastSeenAsked) {
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
    for (Lease lease : attached.values()) {
      if (lease.signIn().equals(command.signIn())) {
        lease.to().tell(new Push.Revoked());
      }
    }
    command.replyTo().tell(Done.getInstance());
    return this;
  }

  private Behavior<Command> onLeasesDue() {
    round++;
    int before = attached.size();
    dropExpired();
    if (attached.size() < before) {
      noticeLeaving();
    }
    if (attached.isEmpty() && watchers.isEmpty()) {
      timers.cancel(LeasesDue.class);
    }
    return this;
  }

  private Behavior<Command> onStop() {
    push(new Push.Reattach());
    return Behaviors.stopped();
  }

  private Lease lease(ActorRef<Push> to, String signIn) {
    if (!timers.isTimerActive(LeasesDue.class)) {
      timers.startTimerWithFixedDelay(LeasesDue.class, new LeasesDue(), ROUND);
    }
    return new Lease(to, signIn, round);
  }

  private void dropExpired() {
    long oldest = round - LEASE_ROUNDS;
    attached.values().removeIf(lease -> lease.renewedInRound() < oldest);
    watchers.values().removeIf(lease -> lease.renewedInRound() < oldest);
  }

  private void noticeLeaving() {
    if (attached.isEmpty()) {
      long minute = Duration.ofMinutes(1).toMillis();
      long at = clock.millis() / minute * minute;
      lastSeen = OptionalLong.of(at);
      store.save(id, at);
      tellWatchers();
    }
  }

  private Push.Presence presence() {
    boolean online = !attached.isEmpty();
    return new Push.Presence(id, online, online ? OptionalLong.empty() : lastSeen);
  }

  private void tellWatchers() {
    Push.Presence presence = presence();
    watchers.values().forEach(lease -> lease.to().tell(presence));
  }

  private void push(Push push) {
    attached.values().forEach(lease -> lease.to().tell(push));
  }
}

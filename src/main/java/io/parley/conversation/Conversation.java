package io.parley.conversation;

import io.parley.model.ConversationEvent;
import io.parley.model.ConversationId;
import io.parley.model.Marks;
import io.parley.model.Operation;
import io.parley.model.OutboxNumber;
import io.parley.model.Participants;
import io.parley.model.SequencedEvent;
import io.parley.model.UserId;
import io.parley.serialization.NodeMessage;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.cluster.sharding.typed.javadsl.Entity;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityTypeKey;
import org.apache.pekko.persistence.typed.JournalPersistFailed;
import org.apache.pekko.persistence.typed.JournalPersistRejected;
import org.apache.pekko.persistence.typed.PersistenceId;
import org.apache.pekko.persistence.typed.RecoveryCompleted;
import org.apache.pekko.persistence.typed.RecoveryFailed;
import org.apache.pekko.persistence.typed.javadsl.CommandHandlerWithReply;
import org.apache.pekko.persistence.typed.javadsl.EventHandler;
import org.apache.pekko.persistence.typed.javadsl.EventSourcedBehaviorWithEnforcedReplies;
import org.apache.pekko.persistence.typed.javadsl.ReplyEffect;
import org.apache.pekko.persistence.typed.javadsl.RetentionCriteria;
import org.apache.pekko.persistence.typed.javadsl.SignalHandler;

/**
 * One conversation of two people: gives each operation its place in the log, persists it, and only
 * then answers and hands the event on.
 *
 * <p>Hears sessions, on any node. Tells the one who asked its outcome, and both participants (by
 * {@link Delivery}) what was stored. It guarantees that a number is used once and that the order of
 * events is that of the journal. It may lose a delivery, which the feed and the sessions' own
 * positions make good; marks not yet stored; and numbers of operations that are refused always.
 */
public final class Conversation
    extends EventSourcedBehaviorWithEnforcedReplies<
        Conversation.Command, ConversationEvent, ConversationState> {

  /** What a conversation hears. */
  public sealed interface Command extends NodeMessage {}

  /**
   * Store this operation under this number.
   *
   * @param pair the participants, as the sender's session knows them; one of them is {@code by}
   */
  public record Operate(
      UserId by,
      OutboxNumber number,
      Operation operation,
      Optional<Marks> claimed,
      Participants pair,
      ActorRef<Reply> replyTo)
      implements Command {}

  /**
   * Store that this number is used for nothing: its sender gives it up, or its operation was
   * refused for something that may have been otherwise a moment ago, or may be in a moment.
   */
  public record Skip(
      UserId by,
      OutboxNumber number,
      Optional<Marks> claimed,
      Participants pair,
      ActorRef<Reply> replyTo)
      implements Command {}

  /**
   * Use this number for nothing: its operation was refused for what it is, and so will every copy.
   */
  public record Spend(UserId by, OutboxNumber number, ActorRef<Reply> replyTo) implements Command {}

  /** A participant's device has received or shown messages; best effort. */
  public record Mark(UserId by, Marks claimed) implements Command {}

  /** It has been a second since this participant's marks were stored; store what came since. */
  private record MarksDue(UserId by) implements Command {}

  /**
   * The shard moves away, or nobody has needed this conversation for a while. A command like
   * others, which waits its turn and outlives restarts: the poison pill that sharding would send is
   * forgotten by a life that is just failing to recover, and the shard would hold back all commands
   * for ever.
   */
  private record Stop() implements Command {}

  /** What sharding tells one that has to go. */
  static final Command STOP = new Stop();

  /** Whom a stored event is handed to, after the commit; may lose, must not block. */
  @FunctionalInterface
  public interface Delivery {
    void deliver(ConversationId conversation, Participants to, List<SequencedEvent> events);
  }

  public static final EntityTypeKey<Command> TYPE_KEY =
      EntityTypeKey.create(Command.class, "Conversation");

  static final int SNAPSHOT_EVERY = 100;
  static final Duration MARKS_EVERY = Duration.ofSeconds(1);

  public static void init(ClusterSharding sharding, Delivery delivery, Clock clock) {
    sharding.init(
        Entity.of(
                TYPE_KEY,
                entity -> create(new ConversationId(entity.getEntityId()), delivery, clock))
            .withStopMessage(STOP));
  }

  /** The behaviour of one conversation, bounded in what may wait before it. */
  public static Behavior<Command> create(ConversationId id, Delivery delivery, Clock clock) {
    return QueueBound.around(
        queued ->
            LateFailures.droppedFrom(
                Behaviors.setup(
                    context ->
                        Behaviors.withTimers(
                            timers ->
                                new Conversation(id, delivery, clock, queued, context, timers)))));
  }

  public static PersistenceId persistenceId(ConversationId id) {
    return PersistenceId.of(TYPE_KEY.name(), id.value());
  }

  private final ConversationId id;
  private final Delivery delivery;
  private final Clock clock;
  private final QueueBound.Queued queued;
  private final ActorContext<Command> context;
  private final TimerScheduler<Command> timers;

  private final Standstill standstill = new Standstill();
  private SpentNumbers spent = SpentNumbers.NONE;

  /** Whose answer depends on the write in flight. */
  private Optional<ActorRef<Reply>> pending = Optional.empty();

  /** Marks that wait for their second to be over, by participant. */
  private final Map<UserId, Marks> waitingMarks = new HashMap<>();

  private Conversation(
      ConversationId id,
      Delivery delivery,
      Clock clock,
      QueueBound.Queued queued,
      ActorContext<Command> context,
      TimerScheduler<Command> timers) {
    super(
        persistenceId(id),
        SupervisorStrategy.restartWithBackoff(Duration.ofMillis(200), Duration.ofSeconds(5), 0.2)
            // Logged below, in a line each: while PostgreSQL is away this happens all the time.
            .withLoggingEnabled(false));
    this.id = id;
    this.delivery = delivery;
    this.clock = clock;
    this.queued = queued;
    this.context = context;
    this.timers = timers;
  }

  @Override
  public ConversationState emptyState() {
    return ConversationState.EMPTY;
  }

  @Override
  public CommandHandlerWithReply<Command, ConversationEvent, ConversationState> commandHandler() {
    return newCommandHandlerWithReplyBuilder()
        .forAnyState()
        .onCommand(Operate.class, this::onOperate)
        .onCommand(Skip.class, this::onSkip)
        .onCommand(Spend.class, this::onSpend)
        .onCommand(Mark.class, this::onMark)
        .onCommand(MarksDue.class, this::onMarksDue)
        .onCommand(Stop.class, stop -> Effect().stop().thenNoReply())
        .build();
  }

  private ReplyEffect<ConversationEvent, ConversationState> onOperate(
      ConversationState state, Operate command) {
    queued.taken(command);
    Decision decision =
        state.decide(
            command.by(),
            command.number(),
            command.operation(),
            command.claimed(),
            command.pair(),
            spent,
            clock.millis());
    return carryOut(state, decision, command.replyTo());
  }

  private ReplyEffect<ConversationEvent, ConversationState> onSkip(
      ConversationState state, Skip command) {
    queued.taken(command);
    Decision decision =
        state.decideSkip(
            command.by(),
            command.number(),
            command.claimed(),
            command.pair(),
            spent,
            clock.millis());
    return carryOut(state, decision, command.replyTo());
  }

  private ReplyEffect<ConversationEvent, ConversationState> onSpend(
      ConversationState state, Spend command) {
    queued.taken(command);
    Decision decision = state.decideSpend(command.by(), command.number(), spent);
    if (decision instanceof Decision.Spend) {
      spent = spent.with(command.by(), command.number().outbox(), command.number().n());
      return Effect().reply(command.replyTo(), new Reply.Spent());
    }
    return carryOut(state, decision, command.replyTo());
  }

  private ReplyEffect<ConversationEvent, ConversationState> carryOut(
      ConversationState state, Decision decision, ActorRef<Reply> replyTo) {
    if (decision instanceof Decision.Persist persist) {
      pending = Optional.of(replyTo);
      return Effect()
          .persist(persist.events())
          .thenRun(
              (ConversationState next) -> {
                pending = Optional.empty();
                deliver(next, persist.events());
              })
          .thenReply(replyTo, next -> persist.answer());
    }
    if (decision instanceof Decision.Stored stored) {
      return Effect().reply(replyTo, new Reply.Stored(stored.seq()));
    }
    if (decision instanceof Decision.Forgotten forgotten) {
      return Effect().reply(replyTo, new Reply.Forgotten(forgotten.outbox()));
    }
    if (decision instanceof Decision.OutOfOrder outOfOrder) {
      Reply reply = new Reply.OutOfOrder(outOfOrder.expected());
      // What waits would be lost with a stop, and have to be asked again.
      return standstill.outOfOrder(state.head(), clock.millis()) && queued.isEmpty()
          ? Effect().stop().thenReply(replyTo, next -> reply)
          : Effect().reply(replyTo, reply);
    }
    return Effect().reply(replyTo, new Reply.NotStored());
  }

  private ReplyEffect<ConversationEvent, ConversationState> onMark(
      ConversationState state, Mark command) {
    queued.taken(command);
    if (timers.isTimerActive(command.by())) {
      waitingMarks.merge(command.by(), command.claimed(), Marks::max);
      return Effect().noReply();
    }
    return store(state, command.by(), command.claimed());
  }

  private ReplyEffect<ConversationEvent, ConversationState> onMarksDue(
      ConversationState state, MarksDue command) {
    Marks claimed = waitingMarks.remove(command.by());
    return claimed == null ? Effect().noReply() : store(state, command.by(), claimed);
  }

  private ReplyEffect<ConversationEvent, ConversationState> store(
      ConversationState state, UserId by, Marks claimed) {
    Optional<Marks> risen = state.rise(by, claimed);
    if (risen.isEmpty()) {
      return Effect().noReply();
    }
    List<ConversationEvent> events =
        List.of(new ConversationEvent.Marked(by, clock.millis(), risen.get()));
    timers.startSingleTimer(by, new MarksDue(by), MARKS_EVERY);
    return Effect()
        .persist(events)
        .thenRun((ConversationState next) -> deliver(next, events))
        .thenNoReply();
  }

  /** Hands on what was just stored; it ends at the head. */
  private void deliver(ConversationState state, List<ConversationEvent> stored) {
    List<SequencedEvent> sequenced = new ArrayList<>(stored.size());
    long seq = state.head() - stored.size();
    for (ConversationEvent event : stored) {
      sequenced.add(new SequencedEvent(++seq, event));
      event
          .usedNumber()
          .ifPresent(used -> spent = spent.without(event.by(), used.outbox(), used.n()));
    }
    state.participants().ifPresent(to -> delivery.deliver(id, to, sequenced));
  }

  @Override
  public EventHandler<ConversationState, ConversationEvent> eventHandler() {
    return ConversationState::apply;
  }

  @Override
  public SignalHandler<ConversationState> signalHandler() {
    return newSignalHandlerBuilder()
        .onSignal(RecoveryCompleted.class, (state, signal) -> markAgain())
        .onSignal(RecoveryFailed.class, (state, signal) -> notRecovered(signal.getFailure()))
        .onSignal(JournalPersistFailed.class, (state, signal) -> failed(signal.failure()))
        .onSignal(JournalPersistRejected.class, (state, signal) -> failed(signal.failure()))
        .build();
  }

  /** A restart after a failed write has cancelled the timers of marks that wait. */
  private void markAgain() {
    waitingMarks.keySet().forEach(by -> timers.startSingleTimer(by, new MarksDue(by), MARKS_EVERY));
  }

  private void notRecovered(Throwable failure) {
    context.getLog().warn("{}: can't be recovered yet: {}", id, failure.toString());
  }

  private void failed(Throwable failure) {
    context
        .getLog()
        .warn("{}: a write failed or its outcome is unknown: {}", id, failure.toString());
    pending.ifPresent(replyTo -> replyTo.tell(new Reply.Failed()));
    pending = Optional.empty();
  }

  @Override
  public RetentionCriteria retentionCriteria() {
    return RetentionCriteria.snapshotEvery(SNAPSHOT_EVERY, 1);
  }
}

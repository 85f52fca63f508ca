package io.parley.feed;

import io.parley.feed.FeedRound.Ended;
import io.parley.feed.FeedRound.PageRefusedException;
import io.parley.model.UserId;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.PreRestart;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/**
 * Works through some ranges of the feed, round by round: reads a page, applies it, erases, tells.
 *
 * <p>Hears its own timers and the nudges of this node's journal; tells people's actors how far
 * their conversations have come. What must not be lost is in the transaction of a round; what
 * follows it may be, and is made good by the next worker: it erases what is due, and tells once
 * more what was applied lately. A row that can't be applied stops its range, loudly, and is tried
 * again.
 */
public final class FeedWorker extends AbstractBehavior<FeedWorker.Command> {

  /** What a worker hears. */
  public sealed interface Command {}

  private record Poll() implements Command {}

  private record Nudged() implements Command {}

  private record RoundEnded(Ended ended) implements Command {}

  private record RoundFailed(Throwable failure) implements Command {}

  private record ErasureEnded(int erased) implements Command {}

  private record ErasureFailed(Throwable failure) implements Command {}

  private record EraseAgain() implements Command {}

  private record NoticeEnded(UserId user, boolean told) implements Command {}

  private record RetellDue() implements Command {}

  private record Retold(Optional<Retelling.Step> step) implements Command {}

  private record TryRangeAgain(int range) implements Command {}

  private record WatchDue() implements Command {}

  private record Looked(WatermarkWatch.Look look) implements Command {}

  private record LookFailed() implements Command {}

  private record Stop() implements Command {}

  static final Command STOP = new Stop();

  private static final Duration RANGE_MAX_BACKOFF = Duration.ofSeconds(60);
  private static final Duration RANGE_MIN_BACKOFF = Duration.ofSeconds(1);
  private static final Duration LOG_INTERVAL = Duration.ofMinutes(1);

  /** Worker number {@code index}, of as many as the settings say. */
  public static Behavior<Command> create(int index, FeedPorts ports) {
    return Behaviors.<Command>supervise(
            Behaviors.setup(
                context ->
                    Behaviors.withTimers(timers -> new FeedWorker(index, ports, context, timers))))
        .onFailure(
            SupervisorStrategy.restartWithBackoff(
                ports.settings().minBackoff(), ports.settings().maxBackoff(), 0.2));
  }

  private final int index;
  private final FeedPorts ports;
  private final FeedSettings settings;
  private final TimerScheduler<Command> timers;
  private final FeedRound rounds;
  private final Erasures erasures;
  private final WatermarkWatch watch;
  private final NoticeQueue notices;
  private final Retelling retelling;
  private final Runnable noMoreNudges;
  private final AtomicBoolean nudged = new AtomicBoolean();

  private final Set<Integer> ranges = new TreeSet<>();
  private final Set<Integer> waitingRanges = new TreeSet<>();
  private final Map<Integer, Duration> rangeBackoff = new HashMap<>();
  private boolean busy;
  // Another worker may have ended between a deletion and its erasure.
  private boolean erasuresDue = true;
  private int pageRows;
  private Duration backoff;
  private Duration sinceLogged = LOG_INTERVAL;

  private FeedWorker(
      int index, FeedPorts ports, ActorContext<Command> context, TimerScheduler<Command> timers) {
    super(context);
    this.index = index;
    this.ports = ports;
    this.settings = ports.settings();
    this.timers = timers;
    this.rounds = new FeedRound(ports.database(), context.getExecutionContext(), settings);
    this.erasures = new Erasures(ports.database());
    this.watch = new WatermarkWatch(ports.database());
    this.notices = new NoticeQueue(settings.noticesInFlight());
    this.retelling = new Retelling(ports.database());
    this.pageRows = settings.pageRows();
    this.backoff = settings.minBackoff();
    int perWorker = FeedSettings.RANGES / settings.workers();
    for (int range = index * perWorker; range < (index + 1) * perWorker; range++) {
      ranges.add(range);
    }
    this.noMoreNudges =
        ports
            .onCommit()
            .apply(
                () -> {
                  if (nudged.compareAndSet(false, true)) {
                    context.getSelf().tell(new Nudged());
                  }
                });
    timers.startTimerWithFixedDelay("watch", new WatchDue(), settings.watchInterval());
    pollAfter(Duration.ZERO);
    retellAfter(settings.nudgeDelay());
  }

  @Override
  public Receive<Command> createReceive() {
    return newReceiveBuilder()
        .onMessage(Poll.class, poll -> onPoll())
        .onMessage(Nudged.class, nudge -> onNudged())
        .onMessage(RoundEnded.class, this::onRoundEnded)
        .onMessage(RoundFailed.class, this::onRoundFailed)
        .onMessage(ErasureEnded.class, this::onErasureEnded)
        .onMessage(ErasureFailed.class, this::onErasureFailed)
        .onMessage(EraseAgain.class, due -> onEraseAgain())
        .onMessage(NoticeEnded.class, this::onNoticeEnded)
        .onMessage(RetellDue.class, due -> onRetellDue())
        .onMessage(Retold.class, this::onRetold)
        .onMessage(TryRangeAgain.class, this::onTryRangeAgain)
        .onMessage(WatchDue.class, due -> onWatchDue())
        .onMessage(Looked.class, this::onLooked)
        .onMessage(LookFailed.class, failed -> onLookFailed())
        .onMessage(Stop.class, stop -> Behaviors.stopped())
        .onSignal(PostStop.class, stopped -> onStopped())
        .onSignal(PreRestart.class, restart -> onStopped())
        .build();
  }

  private Behavior<Command> onPoll() {
    if (busy) {
      return this;
    }
    nudged.set(false);
    Set<Integer> active = new TreeSet<>(ranges);
    active.removeAll(waitingRanges);
    if (active.isEmpty()) {
      pollAfter(settings.pollInterval());
      return this;
    }
    busy = true;
    getContext()
        .pipeToSelf(
            rounds.run(active, pageRows),
            (ended, failure) ->
                failure == null
                    ? new RoundEnded(ended)
                    : new RoundFailed(FeedRound.unwrapped(failure)));
    return this;
  }

  private Behavior<Command> onNudged() {
    if (!busy) {
      // Not at once: the next commits are on their way, and one page takes them all.
      pollAfter(settings.nudgeDelay());
    }
    return this;
  }

  private Behavior<Command> onRoundEnded(RoundEnded round) {
    Ended ended = round.ended();
    busy = false;
    backoff = settings.minBackoff();
    ended.poison().forEach(this::stopRange);
    for (int range : ended.ranges()) {
      if (!ended.poison().containsKey(range) && rangeBackoff.remove(range) != null) {
        getContext().getLog().info("Range {} of the feed goes on", range);
        ports.activity().wentOn(range);
      }
    }
    erasuresDue |= ended.applied().erasures();
    if (ended.overtaken()) {
      ports.activity().overtaken();
      tellOnceMore();
    }
    if (ended.rows() > 0) {
      pageRows = Math.min(settings.pageRows(), pageRows * 2);
      ports.activity().applied(ended.rows());
      notices.add(ended.applied().notices());
      tellNext();
    }
    if (erasuresDue) {
      erase();
    } else if (ended.isFull()) {
      pollAfter(Duration.ZERO);
    } else {
      pollAfter(nudged.get() ? settings.nudgeDelay() : settings.pollInterval());
    }
    return this;
  }

  private void stopRange(int range, String reason) {
    Duration wait =
        rangeBackoff.merge(
            range,
            RANGE_MIN_BACKOFF,
            (before, first) -> min(before.multipliedBy(2), RANGE_MAX_BACKOFF));
    waitingRanges.add(range);
    timers.startSingleTimer(range, new TryRangeAgain(range), wait);
    ports.activity().poisoned(range, reason);
    String stands =
        "Range {} of the feed stands before a row that can't be applied; its inboxes and"
            + " erasures wait. Next try in {} s. {}";
    getContext().getLog().error(stands, range, wait.toSeconds(), reason);
  }

  private Behavior<Command> onTryRangeAgain(TryRangeAgain due) {
    waitingRanges.remove(due.range());
    return this;
  }

  private Behavior<Command> onRoundFailed(RoundFailed round) {
    busy = false;
    if (round.failure() instanceof OffsetMovedException) {
      // By another worker; the next round looks where its ranges stand, and says so.
      pollAfter(settings.pollInterval());
      return this;
    }
    if (round.failure() instanceof PageRefusedException) {
      pageRows = Math.max(1, pageRows / 2);
    }
    ports.activity().failed();
    // Once per row of failures: a database that is away says nothing new every few seconds.
    if (backoff.equals(settings.minBackoff())) {
      getContext().getLog().warn("A round of the feed failed: {}", round.failure().toString());
    }
    pollAfter(backoff);
    backoff = min(backoff.multipliedBy(2), settings.maxBackoff());
    return this;
  }

  private void erase() {
    busy = true;
    getContext()
        .pipeToSelf(
            erasures.step(ranges),
            (erased, failure) ->
                failure == null
                    ? new ErasureEnded(erased)
                    : new ErasureFailed(FeedRound.unwrapped(failure)));
  }

  private Behavior<Command> onErasureEnded(ErasureEnded erasure) {
    busy = false;
    ports.activity().erased(erasure.erased());
    erasuresDue = !Erasures.isAll(erasure.erased());
    pollAfter(Duration.ZERO);
    return this;
  }

  /** The rounds go on meanwhile. */
  private Behavior<Command> onErasureFailed(ErasureFailed erasure) {
    busy = false;
    erasuresDue = false;
    ports.activity().failed();
    getContext()
        .getLog()
        .warn("Deleted texts couldn't be erased yet: {}", erasure.failure().toString());
    timers.startSingleTimer("erase", new EraseAgain(), settings.maxBackoff());
    pollAfter(Duration.ZERO);
    return this;
  }

  private Behavior<Command> onEraseAgain() {
    erasuresDue = true;
    return this;
  }

  private void tellNext() {
    for (var next = notices.next(); next.isPresent(); next = notices.next()) {
      UserId user = next.get().getKey();
      getContext()
          .pipeToSelf(
              ports.notices().tell(user, next.get().getValue()),
              (told, failure) -> new NoticeEnded(user, failure == null));
    }
    ports.activity().noticesDropped(notices.takeDropped());
  }

  private Behavior<Command> onNoticeEnded(NoticeEnded notice) {
    notices.ended(notice.user(), notice.told());
    tellNext();
    return this;
  }

  /** Beside the rounds, a page at a time. */
  private Behavior<Command> onRetellDue() {
    if (notices.hasRoom()) {
      getContext()
          .pipeToSelf(
              retelling.next(ranges), (step, failed) -> new Retold(Optional.ofNullable(step)));
    } else {
      retellAfter(settings.pollInterval());
    }
    return this;
  }

  private Behavior<Command> onRetold(Retold retold) {
    retold.step().ifPresent(step -> notices.add(step.notices()));
    tellNext();
    if (retelling.goesOn(retold.step())) {
      retellAfter(retold.step().isPresent() ? settings.nudgeDelay() : settings.maxBackoff());
    }
    return this;
  }

  /** Who applied something else than this worker's rounds may have told nobody. */
  private void tellOnceMore() {
    if (retelling.beginAnew()) {
      retellAfter(settings.nudgeDelay());
    }
  }

  private void retellAfter(Duration wait) {
    timers.startSingleTimer("retell", new RetellDue(), wait);
  }

  private Behavior<Command> onWatchDue() {
    notices.wake();
    tellNext();
    sinceLogged = sinceLogged.plus(settings.watchInterval());
    // A rebuild names those that it finds were lost.
    erasuresDue = true;
    getContext()
        .pipeToSelf(
            watch.look(ranges),
            (look, failure) -> failure == null ? new Looked(look) : new LookFailed());
    return this;
  }

  private Behavior<Command> onLooked(Looked looked) {
    WatermarkWatch.Look look = looked.look();
    ports.activity().looked(index, look);
    Optional<String> heldUp = look.heldUp();
    // One worker speaks for all: the transaction holds up every range.
    if (index == 0 && heldUp.isPresent() && sinceLogged.compareTo(LOG_INTERVAL) >= 0) {
      sinceLogged = Duration.ZERO;
      getContext().getLog().warn("{}", heldUp.get());
    }
    return this;
  }

  private Behavior<Command> onLookFailed() {
    ports.activity().lookFailed(index);
    return this;
  }

  private Behavior<Command> onStopped() {
    noMoreNudges.run();
    ports.activity().left(index, ranges);
    return this;
  }

  private void pollAfter(Duration wait) {
    if (wait.isZero()) {
      timers.cancel("poll");
      getContext().getSelf().tell(new Poll());
    } else {
      timers.startSingleTimer("poll", new Poll(), wait);
    }
  }

  private static Duration min(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }
}

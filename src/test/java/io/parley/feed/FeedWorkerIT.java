package io.parley.feed;

import static io.parley.testing.TestEvents.opened;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.typesafe.config.ConfigFactory;
import io.parley.model.ConversationId;
import io.parley.model.UserId;
import io.parley.testing.TestEvents;
import io.parley.testing.TestLog;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.LoggingTestKit;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FeedWorkerIT {
  private static final UserId ADA = new UserId("u_ada");
  private static final UserId BOB = new UserId("u_bob");
  private static final Duration SOON = Duration.ofSeconds(20);

  private static final FeedFixture FEED = new FeedFixture();
  private final ActorTestKit testKit = ActorTestKit.create(ConfigFactory.load());
  private final TestEvents events = new TestEvents();
  private final FeedActivity activity = new FeedActivity();
  private final List<Runnable> nudges = new CopyOnWriteArrayList<>();
  private final Map<UserId, HeadNotice> told = new ConcurrentHashMap<>();
  private final AtomicInteger unanswered = new AtomicInteger();

  @BeforeEach
  void empty() throws Exception {
    FEED.empty();
  }

  @AfterEach
  void stop() {
    testKit.shutdownTestKit();
  }

  @AfterAll
  static void close() {
    FEED.close();
  }

  @Test
  void bothAreToldHowFarTheirConversationHasCome() throws Exception {
    start(config("poll-interval = 20ms"));
    ConversationId c = ConversationId.random();
    TestLog.store(FEED.database, c, 1, opened(ADA, BOB), events.message(ADA, "one"));
    await().atMost(SOON).until(() -> told.containsKey(ADA) && told.containsKey(BOB));
    assertThat(told.get(ADA)).isEqualTo(new HeadNotice(1, Map.of(c, 2L)));
    assertThat(told.get(BOB)).isEqualTo(new HeadNotice(1, Map.of(c, 2L)));
    assertThat(activity.figures().rows()).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"page-rows = 2", "page-bytes = 1"})
  void aFullPageIsFollowedByTheNextAtOnceWhateverFilledIt(String size) throws Exception {
    ConversationId c = ConversationId.random();
    for (int i = 0; i < 6; i++) {
      TestLog.store(
          FEED.database, c, i + 1, i == 0 ? opened(ADA, BOB) : events.message(ADA, "no " + i));
    }
    start(config("poll-interval = 1h, nudge-delay = 1h, " + size));
    await().atMost(SOON).until(() -> activity.figures().rows() == 6);
  }

  @Test
  void aNudgeIsEnoughWithoutAPoll() throws Exception {
    start(config("poll-interval = 1h, nudge-delay = 1ms"));
    ConversationId c = ConversationId.random();
    TestLog.store(FEED.database, c, 1, opened(ADA, BOB));
    await()
        .atMost(SOON)
        .until(
            () -> {
              nudges.forEach(Runnable::run);
              return told.containsKey(ADA);
            });
  }

  @Test
  void whoDoesNotAnswerIsToldAgain() throws Exception {
    unanswered.set(2);
    start(config("poll-interval = 20ms"));
    ConversationId c = ConversationId.random();
    TestLog.store(FEED.database, c, 1, opened(ADA, BOB));
    await().atMost(SOON).until(() -> told.containsKey(ADA) && told.containsKey(BOB));
    assertThat(unanswered.get()).isNotPositive();
  }

  @Test
  void whoCannotBeReachedForLongIsToldOnceTheyCan() throws Exception {
    unanswered.set(20);
    start(config("poll-interval = 20ms, watch-interval = 50ms"));
    ConversationId c = ConversationId.random();
    TestLog.store(FEED.database, c, 1, opened(ADA, BOB));
    await().atMost(SOON).until(() -> told.containsKey(ADA) && told.containsKey(BOB));
    assertThat(unanswered.get()).isNotPositive();
    assertThat(activity.figures().noticesDropped()).isZero();
  }

  @Test
  void theNextWorkerTellsWhatADeadOneAppliedAndCouldNotTell() throws Exception {
    ConversationId c = ConversationId.random();
    ConversationId withAnother = ConversationId.random();
    ConversationId before = ConversationId.random();
    TestLog.store(FEED.database, before, 1, opened(ADA, BOB));
    assertThat(FEED.roundsToTheEnd(500)).isEqualTo(1);
    TestLog.store(FEED.database, c, 1, opened(ADA, BOB), events.message(ADA, "lost"));
    TestLog.store(FEED.database, withAnother, 1, opened(ADA, new UserId("u_cleo")));
    assertThat(FEED.roundsToTheEnd(500)).isEqualTo(3);

    start(config("poll-interval = 20ms"));
    await().atMost(SOON).until(() -> told.containsKey(ADA) && told.containsKey(BOB));
    // All that came with the version: whoever knew the one before would ask for nothing else.
    assertThat(told.get(ADA)).isEqualTo(new HeadNotice(2, Map.of(c, 2L, withAnother, 1L)));
    assertThat(told.get(BOB)).isEqualTo(new HeadNotice(2, Map.of(c, 2L)));
    assertThat(activity.figures().rows()).isZero();
  }

  @Test
  void whatATwinAppliesBetweenTwoRoundsIsToldThoughNothingElseHappens() throws Exception {
    start(config("poll-interval = 1h, nudge-delay = 1ms, watch-interval = 200ms"));
    ConversationId busy = FeedFixture.inRange(4);
    TestLog.store(FEED.database, busy, 1, opened(new UserId("u_cleo"), new UserId("u_dan")));
    nudgeUntil(() -> activity.figures().rows() == 1);

    // The worker still follows the last nudge, and may be faster than the twin, which tells nobody:
    // before the twin has read a page, or before it has applied it.
    ConversationId quiet =
        Stream.generate(() -> FeedFixture.inRange(3))
            .filter(this::isAppliedByTwin)
            .findFirst()
            .orElseThrow();
    nudgeUntil(() -> isToldOf(ADA, quiet) && isToldOf(BOB, quiet));
  }

  private boolean isAppliedByTwin(ConversationId conversation) {
    try {
      TestLog.store(FEED.database, conversation, 1, opened(ADA, BOB), events.message(ADA, "psst"));
      return FEED.roundsToTheEnd(500) > 0;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof OffsetMovedException) {
        return false;
      }
      throw new IllegalStateException(e);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private boolean isToldOf(UserId user, ConversationId conversation) {
    return told.containsKey(user) && told.get(user).heads().containsKey(conversation);
  }

  private void nudgeUntil(Callable<Boolean> done) {
    await()
        .atMost(SOON)
        .until(
            () -> {
              nudges.forEach(Runnable::run);
              return done.call();
            });
  }

  @Test
  void theNextWorkerTellsNothingOfLongAgo() throws Exception {
    ConversationId old = FeedFixture.inRange(1);
    ConversationId recent = FeedFixture.inRange(2);
    TestLog.store(FEED.database, old, 1, opened(ADA, new UserId("u_cleo")));
    FEED.database.execute("UPDATE event_journal SET db_timestamp = now() - interval '3 minutes'");
    TestLog.store(FEED.database, recent, 1, opened(BOB, new UserId("u_dan")));
    assertThat(FEED.roundsToTheEnd(500)).isEqualTo(2);

    start(config("poll-interval = 20ms"));
    await().atMost(SOON).until(() -> told.containsKey(BOB));
    assertThat(told).doesNotContainKey(ADA);
  }

  @Test
  void theNextWorkerErasesWhatADeadOneLeft() throws Exception {
    ConversationId c = ConversationId.random();
    TestLog.store(
        FEED.database,
        c,
        1,
        opened(ADA, BOB),
        events.message(ADA, "secret"),
        events.delete(ADA, 2));
    assertThat(FEED.roundsToTheEnd(500)).isEqualTo(3);
    start(config("poll-interval = 20ms"));
    await().atMost(SOON).until(() -> activity.figures().erased() == 1);
    assertThat(FEED.database.texts("SELECT event_ser_manifest FROM event_journal WHERE seq_nr = 2"))
        .containsExactly("message-erased-1");
  }

  @Test
  void aRowThatCannotBeAppliedIsLoudAndTriedAgainUntilItCan() throws Exception {
    ConversationId refused = FeedFixture.inRange(2);
    ConversationId elsewhere = FeedFixture.inRange(9);
    TestLog.store(FEED.database, refused, 1, opened(ADA, BOB), events.message(ADA, "a\0b"));
    LoggingTestKit.error("stands before a row that can't be applied")
        .expect(
            testKit.system(),
            () -> {
              start(config("poll-interval = 20ms, min-backoff = 10ms"));
              await().atMost(SOON).until(() -> activity.figures().poison() > 0);
              return true;
            });
    TestLog.store(FEED.database, elsewhere, 1, opened(ADA, BOB));
    await()
        .atMost(SOON)
        .until(() -> told.containsKey(ADA) && told.get(ADA).heads().containsKey(elsewhere));
    assertThat(activity.figures().stoppedRanges()).containsOnlyKeys(2);

    // A way out: the text is put right in the journal.
    FEED.database.execute("DELETE FROM event_journal WHERE seq_nr = 2");
    TestLog.store(FEED.database, refused, 2, events.message(ADA, "ab"));
    await().atMost(SOON).until(() -> activity.figures().stoppedRanges().isEmpty());
    assertThat(
            FEED.database.texts(
                "SELECT DISTINCT as_of FROM conversation_summary WHERE conversation_id = '%s'"
                    .formatted(refused)))
        .containsExactly("2");
  }

  @Test
  void workersShareTheRangesAndLoseNoneWhenOneIsReplaced() throws Exception {
    FeedSettings settings = config("poll-interval = 20ms, workers = 4");
    List<ActorRef<FeedWorker.Command>> workers = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      workers.add(start(i, settings));
    }
    storeInEveryRange();
    await().atMost(SOON).until(() -> activity.figures().rows() == 16);
    testKit.stop(workers.get(2));
    storeInEveryRange();
    start(2, settings);
    await().atMost(SOON).until(() -> activity.figures().rows() == 32);
    assertThat(activity.figures().failures()).isZero();
  }

  private void storeInEveryRange() throws Exception {
    for (int range = 0; range < FeedSettings.RANGES; range++) {
      TestLog.store(FEED.database, FeedFixture.inRange(range), 1, opened(ADA, BOB));
    }
  }

  private void start(FeedSettings settings) {
    start(0, settings);
  }

  private ActorRef<FeedWorker.Command> start(int index, FeedSettings settings) {
    return testKit.spawn(
        FeedWorker.create(
            index,
            new FeedPorts(
                FEED.database.database(),
                (user, notice) -> {
                  if (unanswered.getAndDecrement() > 0) {
                    return CompletableFuture.failedFuture(new TimeoutException());
                  }
                  told.merge(user, notice, HeadNotice::and);
                  return CompletableFuture.completedFuture("told");
                },
                nudge -> {
                  nudges.add(nudge);
                  return () -> nudges.remove(nudge);
                },
                settings,
                activity)));
  }

  /** One worker for all ranges, unless these settings say otherwise. */
  private static FeedSettings config(String settings) {
    return FeedSettings.from(
        ConfigFactory.parseString("workers = 1, " + settings)
            .withFallback(ConfigFactory.load().getConfig("parley.feed")));
  }
}

package io.parley.history;

import static io.parley.testing.TestEvents.opened;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.parley.model.ConversationEvent;
import io.parley.model.ConversationId;
import io.parley.model.OutboxNumber;
import io.parley.model.SequencedEvent;
import io.parley.model.UserId;
import io.parley.serialization.EventCbor;
import io.parley.serialization.PersistedFormatException;
import io.parley.testing.TestDatabase;
import io.parley.testing.TestEvents;
import io.parley.testing.TestLog;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HistoryIT {
  private static final UserId ADA = new UserId("u_ada");
  private static final UserId BOB = new UserId("u_bob");
  private static final PageLimit WIDE = new PageLimit(1_000, 1 << 24);

  private final TestDatabase database = new TestDatabase();
  private final History history = new History(database.database());
  private final ConversationId ten = ConversationId.random();

  /** Opened and nine messages, the numbers 1 to 9 at 2 to 10; another log right behind it. */
  @BeforeAll
  void fill() throws Exception {
    TestEvents events = new TestEvents();
    TestLog.store(database, ten, 1, opened(ADA, BOB));
    for (int i = 2; i <= 10; i++) {
      TestLog.store(database, ten, i, events.message(ADA, "m" + i));
    }
    TestLog.store(database, new ConversationId(ten.value() + "0"), 1, opened(ADA, BOB));
  }

  @AfterAll
  void close() {
    database.close();
  }

  @Test
  void aPageAfterACursorHoldsExactlyWhatFollowsIt() throws Exception {
    assertThat(seqs(history.after(ten, 0, WIDE))).isEqualTo(range(1, 10));
    assertThat(seqs(history.after(ten, 4, new PageLimit(3, 1 << 20)))).isEqualTo(range(5, 7));
    assertThat(seqs(history.after(ten, 10, WIDE))).isEmpty();
    assertThat(seqs(history.after(ten, 99, WIDE))).isEmpty();
  }

  @Test
  void aPageBeforeAPlaceHoldsTheNewestOnesInOrder() throws Exception {
    assertThat(seqs(history.before(ten, 5, WIDE))).isEqualTo(range(1, 4));
    assertThat(seqs(history.before(ten, 5, new PageLimit(2, 1 << 20)))).isEqualTo(range(3, 4));
    assertThat(seqs(history.before(ten, Long.MAX_VALUE, new PageLimit(1, 1 << 20))))
        .isEqualTo(range(10, 10));
    assertThat(seqs(history.before(ten, 1, WIDE))).isEmpty();
  }

  @Test
  void aPageIsCutByBytesButIsNeverEmpty() throws Exception {
    long one = EventCbor.CODEC.toBytes(new TestEvents().message(ADA, "m5")).length;
    assertThat(seqs(history.after(ten, 4, new PageLimit(10, 1)))).isEqualTo(range(5, 5));
    assertThat(seqs(history.after(ten, 4, new PageLimit(10, 2 * one)))).isEqualTo(range(5, 6));
    assertThat(seqs(history.after(ten, 4, new PageLimit(10, 2 * one - 1)))).isEqualTo(range(5, 5));
    assertThat(seqs(history.before(ten, 9, new PageLimit(10, 2 * one)))).isEqualTo(range(7, 8));
  }

  @Test
  void pagesOfSeveralConversationsShareTheLimit() throws Exception {
    ConversationId neighbour = new ConversationId(ten.value() + "0");
    ConversationId absent = ConversationId.random();
    Map<ConversationId, Long> places = new LinkedHashMap<>();
    places.put(absent, 0L);
    places.put(neighbour, 0L);
    places.put(ten, 4L);
    assertThat(pages(places, WIDE)).isEqualTo(Map.of(neighbour, range(1, 1), ten, range(5, 10)));
    assertThat(pages(places, new PageLimit(6, 1 << 20)))
        .isEqualTo(Map.of(neighbour, range(1, 1), ten, range(5, 6)));
    assertThat(pages(places, new PageLimit(1, 1 << 20)))
        .isEqualTo(Map.of(neighbour, range(1, 1), ten, range(5, 5)));
    // The first event always comes; after it bytes end the page, and all that would follow.
    assertThat(pages(places, new PageLimit(6, 1))).isEqualTo(Map.of(neighbour, range(1, 1)));
    places.put(neighbour, 1L);
    assertThat(pages(places, new PageLimit(30, 1))).isEqualTo(Map.of(ten, range(5, 5)));
    assertThat(pages(Map.of(), WIDE)).isEmpty();
  }

  @Test
  void headsComeFromTheLogAndAbsentOnesStayAway() throws Exception {
    ConversationId absent = ConversationId.random();
    assertThat(now(history.heads(List.of(absent, ten)))).isEqualTo(Map.of(ten, 10L));
    assertThat(now(history.heads(List.of()))).isEmpty();
    assertThat(now(history.head(ten))).isEqualTo(10);
    assertThat(now(history.head(absent))).isZero();
  }

  @Test
  void oneEventIsReadByItsKey() throws Exception {
    assertThat(now(history.event(ten, 1))).hasValue(new SequencedEvent(1, opened(ADA, BOB)));
    assertThat(now(history.event(ten, 11))).isEmpty();
    assertThat(now(history.event(ConversationId.NONE, 1))).isEmpty();
  }

  @Test
  void anOldNumberIsFoundAcrossPagesInTheAuthorsOwnOutboxOnly() throws Exception {
    NumberSearch search = new NumberSearch(database.database(), new PageLimit(2, 1 << 20));
    assertThat(find(search, ADA, 1, 1)).containsExactly(2L);
    assertThat(find(search, ADA, 1, 9)).containsExactly(10L);
    assertThat(find(search, ADA, 1, 10)).isEmpty();
    assertThat(find(search, ADA, 2, 1)).isEmpty();
    assertThat(find(search, BOB, 1, 1)).isEmpty();
  }

  @Test
  void anErasedOperationIsStillFoundByItsNumber() throws Exception {
    ConversationId erased = ConversationId.random();
    var message = new TestEvents().message(ADA, "gone");
    var left = EventCbor.CODEC.erase("message-1", EventCbor.CODEC.toBytes(message));
    TestLog.store(
        database,
        erased,
        1,
        opened(ADA, BOB),
        EventCbor.CODEC.fromBytes(left.manifest(), left.bytes()));
    assertThat(
            now(
                new NumberSearch(database.database())
                    .find(erased, ADA, new OutboxNumber(1, 1), () -> true)))
        .map(SequencedEvent::seq)
        .hasValue(2L);
  }

  @Test
  void aSearchThatNobodyWaitsForEnds() {
    NumberSearch search = new NumberSearch(database.database(), new PageLimit(1, 1 << 20));
    AtomicInteger pages = new AtomicInteger();
    CompletionStage<?> stage =
        search.find(ten, ADA, new OutboxNumber(2, 1), () -> pages.incrementAndGet() <= 3);
    assertThatThrownBy(() -> now(stage)).hasRootCauseInstanceOf(CancellationException.class);
    assertThat(pages).hasValue(4);
  }

  @Test
  void anEventOfANewerNodeFailsThePageInsteadOfLeavingAHole() throws Exception {
    ConversationId newer = ConversationId.random();
    TestLog.store(database, newer, 1, opened(ADA, BOB));
    database.execute(
        "UPDATE event_journal SET event_ser_manifest = 'opened-2'"
            + " WHERE persistence_id = 'Conversation|%s'".formatted(newer));
    assertThatThrownBy(() -> now(history.after(newer, 0, WIDE)))
        .hasRootCauseInstanceOf(PersistedFormatException.class);
  }

  @Test
  void aTargetIsTrueAtTheMomentOfReadingWhileTheReadSideLags() throws Exception {
    ConversationId c = ConversationId.random();
    TestEvents events = new TestEvents();
    TestLog.store(
        database,
        c,
        1,
        opened(ADA, BOB),
        events.message(ADA, "one"),
        events.react(BOB, 2, "a", true),
        events.react(ADA, 2, "a", true),
        events.react(BOB, 2, "b", true),
        events.react(BOB, 2, "a", false),
        events.message(ADA, "two"),
        events.react(BOB, 7, "z", true),
        events.react(BOB, 2, "b", false));
    Targets targets = new Targets(database.database());
    assertThat(now(targets.at(c, 2)).orElseThrow().emoji()).containsExactly("a");

    database.execute(
        "INSERT INTO conversation_summary VALUES ('%s', 'u_ada', 'u_bob', 8, 0, 0, 0, 0, 0, 2,"
                .formatted(c)
            + " 'u_ada', 0, 'one', false, 1, 1)");
    database.execute("INSERT INTO reaction VALUES ('%s', 2, 'b', 'u_bob')".formatted(c));
    database.execute("INSERT INTO reaction VALUES ('%s', 2, 'c', 'u_bob')".formatted(c));
    assertThat(now(targets.at(c, 2)).orElseThrow().emoji()).containsExactly("c");

    TestLog.store(database, c, 10, events.delete(BOB, 2));
    assertThat(now(targets.at(c, 2)).orElseThrow().deleted()).isFalse();
    TestLog.store(database, c, 11, events.delete(ADA, 2));
    assertThat(now(targets.at(c, 2)).orElseThrow().deleted()).isTrue();
    assertThat(now(targets.at(c, 12))).isEmpty();
  }

  @Test
  void aTailLongerThanAPageIsReadToItsEnd() throws Exception {
    ConversationId c = ConversationId.random();
    TestEvents events = new TestEvents();
    TestLog.store(database, c, 1, opened(ADA, BOB), events.message(ADA, "one"));
    TestLog.store(
        database,
        c,
        3,
        IntStream.range(0, 1_001)
            .mapToObj(i -> events.react(BOB, 2, i == 1_000 ? "z" : "a", i % 2 == 0))
            .toArray(ConversationEvent[]::new));
    assertThat(now(new Targets(database.database()).emoji(c, 2))).containsExactly("z");
  }

  private List<Long> find(NumberSearch search, UserId author, long outbox, long n)
      throws Exception {
    return now(search.find(ten, author, new OutboxNumber(outbox, n), () -> true)).stream()
        .map(SequencedEvent::seq)
        .toList();
  }

  private static List<Long> seqs(CompletionStage<List<SequencedEvent>> page) throws Exception {
    return now(page).stream().map(SequencedEvent::seq).toList();
  }

  private Map<ConversationId, List<Long>> pages(Map<ConversationId, Long> places, PageLimit limit)
      throws Exception {
    Map<ConversationId, List<Long>> seqs = new HashMap<>();
    now(history.after(places, limit))
        .forEach(
            (conversation, page) ->
                seqs.put(conversation, page.stream().map(SequencedEvent::seq).toList()));
    return seqs;
  }

  private static List<Long> range(long from, long to) {
    return LongStream.rangeClosed(from, to).boxed().toList();
  }

  private static <T> T now(CompletionStage<T> stage) throws Exception {
    return stage.toCompletableFuture().get(10, TimeUnit.SECONDS);
  }
}

package io.parley.feed;

import static io.parley.feed.FeedFixture.ALL;
import static io.parley.feed.FeedFixture.inRange;
import static io.parley.feed.FeedFixture.now;
import static io.parley.testing.TestEvents.opened;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.parley.feed.FeedRound.Ended;
import io.parley.feed.FeedRound.PageRefusedException;
import io.parley.history.Inbox;
import io.parley.model.ConversationId;
import io.parley.model.UserId;
import io.parley.testing.TestEvents;
import io.parley.testing.TestLog;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FeedHazardsIT {
  private static final UserId ADA = new UserId("u_ada");
  private static final UserId BOB = new UserId("u_bob");

  private static final FeedFixture FEED = new FeedFixture();
  private final TestEvents events = new TestEvents();

  @BeforeEach
  void empty() throws Exception {
    FEED.empty();
  }

  @AfterAll
  static void close() {
    FEED.close();
  }

  @Test
  void aRowCommittedBehindANewerOneIsNotSkipped() throws Exception {
    ConversationId slow = inRange(3);
    ConversationId quick = inRange(3);
    try (Connection late = FEED.database.connection()) {
      TestLog.insert(late, slow, 1, List.of(opened(ADA, BOB)));
      TestLog.store(FEED.database, quick, 1, opened(ADA, BOB), events.message(ADA, "quick"));

      // The newer rows are visible, and must wait.
      assertThat(FEED.round(500).rows()).isZero();
      late.commit();
      assertThat(now(FEED.reader.page(ALL, 500, 1 << 20)).rows())
          .extracting(row -> row.key().persistenceId())
          .containsExactly(
              "Conversation|" + slow, "Conversation|" + quick, "Conversation|" + quick);
    }
    assertThat(FEED.roundsToTheEnd(1)).isEqualTo(3);
    assertThat(asOf(slow)).isEqualTo("1");
    assertThat(asOf(quick)).isEqualTo("2");
  }

  @Test
  void aTransactionLeftOpenAnywhereDelaysTheFeedAndIsNamedButLosesNothing() throws Exception {
    ConversationId c = inRange(0);
    WatermarkWatch watch = new WatermarkWatch(FEED.database.database());
    try (Connection open = FEED.database.connection();
        var statement = open.createStatement()) {
      statement.execute("SET application_name = 'forgetful'");
      statement.execute("SELECT pg_current_xact_id()");
      TestLog.store(FEED.database, c, 1, opened(ADA, BOB));

      assertThat(FEED.round(500).rows()).isZero();
      WatermarkWatch.Look look = now(watch.look(ALL));
      assertThat(look.behind()).isPositive();
      assertThat(look.holder().orElseThrow().application()).startsWith("forgetful of user");
      open.rollback();
    }
    assertThat(FEED.round(500).rows()).isEqualTo(1);
    assertThat(now(watch.look(ALL)).behind()).isEqualTo(Duration.ZERO);
  }

  @Test
  void aTwinThatWakesUpLateFindsTheOffsetMovedAndChangesNothing() throws Exception {
    ConversationId c = inRange(7);
    TestLog.store(FEED.database, c, 1, opened(ADA, BOB), events.message(ADA, "one"));
    List<FeedRow> readBeforeThePause = now(FEED.reader.page(ALL, 500, 1 << 20)).rows();
    TestLog.store(FEED.database, c, 3, events.message(ADA, "two"));
    assertThat(FEED.roundsToTheEnd(500)).isEqualTo(3);
    List<String> before = everything();

    assertThatThrownBy(() -> now(FEED.application.apply(readBeforeThePause)))
        .hasRootCauseInstanceOf(OffsetMovedException.class);
    assertThat(everything()).isEqualTo(before);
  }

  @Test
  void twoTwinsAtOnceApplyEachRowOnce() throws Exception {
    ConversationId c = inRange(7);
    TestLog.store(FEED.database, c, 1, opened(ADA, BOB), events.message(ADA, "one"));
    // A write of PostgreSQL's own, such as fresh statistics, may hold them up for a moment.
    List<FeedRow> rows =
        await()
            .until(() -> now(FEED.reader.page(ALL, 500, 1 << 20)).rows(), page -> page.size() == 2);
    var one = FEED.application.apply(rows).toCompletableFuture();
    var other = FEED.application.apply(rows).toCompletableFuture();
    assertThat(
            List.of(one, other).stream()
                .filter(twin -> twin.handle((done, failure) -> failure == null).join()))
        .hasSize(1);
    assertThat(FEED.database.texts("SELECT version FROM user_feed")).containsOnly("1");
  }

  @Test
  void aCrashBetweenCommitAndNoticeShowsInTheVersion() throws Exception {
    ConversationId c = inRange(1);
    TestLog.store(FEED.database, c, 1, opened(ADA, BOB), events.message(ADA, "one"));
    FEED.round(500);
    String since = now(FEED.inbox.newest(BOB, 10, Optional.empty())).since();
    TestLog.store(FEED.database, c, 3, events.message(ADA, "two"));
    // Applied, and nobody was told.
    Ended ended = FEED.round(500);

    var page = now(FEED.inbox.changedSince(BOB, since, 10, Optional.empty()));
    assertThat(page.version()).isEqualTo(2);
    assertThat(ended.applied().notices())
        .extractingByKey(BOB)
        .extracting("feedVersion")
        .isEqualTo(2L);
    assertThat(page.conversations()).singleElement().extracting("unread").isEqualTo(2L);
    assertThat(
            now(FEED.inbox.changedSince(BOB, Inbox.sinceOf(2), 10, Optional.empty()))
                .conversations())
        .isEmpty();
  }

  @Test
  void deletedTextsGoFromTheJournalThroughCrashesAndRacingEdits() throws Exception {
    ConversationId c = inRange(5);
    TestLog.store(
        FEED.database,
        c,
        1,
        opened(ADA, BOB),
        events.message(ADA, "secret one"),
        events.edit(ADA, 2, "secret two"),
        events.message(ADA, "kept"));
    FEED.round(500);
    TestLog.store(FEED.database, c, 5, events.edit(ADA, 2, "secret three"), events.delete(ADA, 2));
    assertThat(FEED.round(500).applied().erasures()).isTrue();
    // The worker dies here; the next one begins with what is due.
    assertThat(secrets()).isEqualTo(3);
    assertThat(FEED.eraseAll()).isEqualTo(3);
    assertThat(secrets()).isZero();

    TestLog.store(FEED.database, c, 7, events.edit(ADA, 2, "secret four"));
    assertThat(FEED.round(500).applied().erasures()).isTrue();
    assertThat(FEED.eraseAll()).isEqualTo(1);
    assertThat(secrets()).isZero();
    assertThat(FEED.database.texts("SELECT event_ser_manifest FROM event_journal ORDER BY seq_nr"))
        .containsExactly(
            "opened-1",
            "message-erased-1",
            "edit-erased-1",
            "message-1",
            "edit-erased-1",
            "delete-1",
            "edit-erased-1");
    assertThat(FEED.database.texts("SELECT body FROM message ORDER BY seq"))
        .containsExactly("", "kept");
  }

  @Test
  void moreEditsThanOneStepErasesAreAllErased() throws Exception {
    ConversationId c = inRange(5);
    TestLog.store(FEED.database, c, 1, opened(ADA, BOB), events.message(ADA, "secret"));
    for (int i = 3; i < 153; i++) {
      TestLog.store(FEED.database, c, i, events.edit(ADA, 2, "secret " + i));
    }
    TestLog.store(FEED.database, c, 153, events.delete(ADA, 2));
    FEED.roundsToTheEnd(40);
    assertThat(now(FEED.erasures.step(ALL))).isEqualTo(64);
    assertThat(FEED.eraseAll()).isEqualTo(151 - 64);
    assertThat(secrets()).isZero();
  }

  @Test
  void anEventThatThisNodeDoesNotKnowStopsItsRangeAloneAndSkipsNothing() throws Exception {
    ConversationId before = inRange(2);
    ConversationId newer = inRange(2);
    ConversationId behind = inRange(2);
    ConversationId elsewhere = inRange(9);
    TestLog.store(FEED.database, before, 1, opened(ADA, BOB));
    TestLog.store(FEED.database, newer, 1, opened(ADA, BOB), events.message(ADA, "x"));
    TestLog.store(FEED.database, behind, 1, opened(ADA, BOB));
    TestLog.store(FEED.database, elsewhere, 1, opened(ADA, BOB));
    String row = "WHERE persistence_id = 'Conversation|" + newer + "' AND seq_nr = 2";
    FEED.database.execute("UPDATE event_journal SET event_ser_manifest = 'message-9' " + row);

    Ended ended = FEED.round(500);
    assertThat(ended.rows()).isEqualTo(3);
    assertThat(ended.poison().get(2)).contains(newer.value()).contains("message-9");
    assertThat(asOf(before)).isEqualTo("1");
    assertThat(asOf(newer)).isEqualTo("1");
    assertThat(asOf(elsewhere)).isEqualTo("1");
    assertThat(FEED.round(500).rows()).isZero();

    FEED.database.execute("UPDATE event_journal SET event_ser_manifest = 'message-1' " + row);
    assertThat(FEED.round(500).rows()).isEqualTo(2);
    assertThat(asOf(newer)).isEqualTo("2");
    assertThat(asOf(behind)).isEqualTo("1");
  }

  @Test
  void aHoleInALogStopsItsRangeInFrontOfIt() throws Exception {
    ConversationId holed = inRange(2);
    TestLog.store(FEED.database, holed, 1, opened(ADA, BOB));
    TestLog.store(FEED.database, holed, 3, events.message(ADA, "x"));
    Ended ended = FEED.round(500);
    assertThat(ended.rows()).isEqualTo(1);
    assertThat(ended.poison().get(2)).contains("hole");
  }

  @Test
  void aRowThatPostgresqlRefusesIsFoundBySmallerPages() throws Exception {
    ConversationId refused = inRange(2);
    ConversationId elsewhere = inRange(9);
    // PostgreSQL's text holds no U+0000; the rules of text refuse it before it is stored.
    TestLog.store(FEED.database, refused, 1, opened(ADA, BOB), events.message(ADA, "a\0b"));
    TestLog.store(FEED.database, elsewhere, 1, opened(ADA, BOB));

    assertThatThrownBy(() -> FEED.round(500)).hasCauseInstanceOf(PageRefusedException.class);
    assertThat(FEED.round(1).rows()).isEqualTo(1);
    Ended ended = FEED.round(1);
    assertThat(ended.poison()).containsOnlyKeys(2);
    assertThat(asOf(refused)).isEqualTo("1");
  }

  @Test
  void onePageIsBoundedInBytesAndNeverEmpty() throws Exception {
    ConversationId c = inRange(4);
    TestLog.store(FEED.database, c, 1, opened(ADA, BOB));
    for (int i = 2; i < 12; i++) {
      TestLog.store(FEED.database, c, i, events.message(ADA, "x".repeat(16_000)));
    }
    assertPage(500, 50_000, 4, true);
    assertPage(500, 1, 1, true);
    assertPage(3, 1 << 24, 3, true);
    assertPage(500, 1 << 24, 11, false);
  }

  private static void assertPage(int maxRows, long bytes, int rows, boolean isFull)
      throws Exception {
    FeedReader.Page page = now(FEED.reader.page(ALL, maxRows, bytes));
    assertThat(page.rows()).hasSize(rows);
    assertThat(page.isFull()).isEqualTo(isFull);
  }

  @Test
  void aPageOfNothingIsNotFull() throws Exception {
    assertPage(500, 1 << 24, 0, false);
  }

  @Test
  void rowsOfOthersInTheJournalArePassedOver() throws Exception {
    ConversationId c = inRange(4);
    TestLog.store(FEED.database, c, 1, opened(ADA, BOB));
    FEED.database.execute(
        "UPDATE event_journal SET persistence_id = 'Other|1', event_ser_id = 3,"
            + " event_ser_manifest = '?'");
    TestLog.store(FEED.database, c, 1, opened(ADA, BOB));
    assertThat(FEED.roundsToTheEnd(1)).isEqualTo(2);
    assertThat(asOf(c)).isEqualTo("1");
  }

  private String asOf(ConversationId conversation) throws Exception {
    List<String> asOf =
        FEED.database.texts(
            "SELECT DISTINCT as_of FROM conversation_summary WHERE conversation_id = '%s'"
                .formatted(conversation));
    assertThat(asOf).hasSizeLessThan(2);
    return String.join("", asOf);
  }

  private long secrets() throws Exception {
    return Long.parseLong(
        FEED.database
            .texts(
                "SELECT (SELECT count(*) FROM event_journal"
                    + " WHERE position('secret'::bytea IN event_payload) > 0)"
                    + " + (SELECT count(*) FROM message WHERE body LIKE '%secret%' AND erased)"
                    + " + (SELECT count(*) FROM conversation_summary"
                    + " WHERE last_preview LIKE '%secret%')")
            .get(0));
  }

  private List<String> everything() throws Exception {
    return FEED.database.texts(
        "SELECT t::text FROM conversation_summary t UNION ALL SELECT t::text FROM message t"
            + " UNION ALL SELECT t::text FROM user_feed t"
            + " UNION ALL SELECT t::text FROM feed_offset t ORDER BY 1");
  }
}

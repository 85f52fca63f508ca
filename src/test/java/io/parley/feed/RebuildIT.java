package io.parley.feed;

import static io.parley.feed.FeedFixture.now;
import static io.parley.testing.OwnThread.OWN_THREAD;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.parley.database.Database;
import io.parley.feed.RebuildReport.Mended;
import io.parley.model.ConversationEvent;
import io.parley.model.ConversationId;
import io.parley.model.UserId;
import io.parley.testing.TestEvents;
import io.parley.testing.TestLog;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A rebuild leaves what the feed has made, whatever stood there and whatever happens meanwhile. */
class RebuildIT {
  private static final UserId ADA = new UserId("u_ada");
  private static final UserId BOB = new UserId("u_bob");
  private static final List<UserId> PEOPLE =
      List.of(ADA, BOB, new UserId("u_cyd"), new UserId("u_dan"));

  /** All of it but the versions, which differ with the pages. */
  private static final List<String> CONTENT =
      List.of(
          "SELECT (to_jsonb(t) - 'version')::text FROM conversation_summary t ORDER BY 1",
          "SELECT to_jsonb(t)::text FROM message t ORDER BY 1",
          "SELECT to_jsonb(t)::text FROM message_edit t ORDER BY 1",
          "SELECT to_jsonb(t)::text FROM reaction t ORDER BY 1",
          "SELECT to_jsonb(t)::text FROM erasure t ORDER BY 1");

  private final FeedFixture feed = new FeedFixture();
  private final Database own =
      Database.open(feed.database.database().settings().reservedFor("rebuild", 1));
  private final Map<ConversationId, RandomLog> logs = new LinkedHashMap<>();
  private final Map<ConversationId, Integer> stored = new HashMap<>();
  private final TestEvents events = new TestEvents();
  private final Connection connection;

  RebuildIT() throws SQLException {
    this.connection = feed.database.connection();
  }

  @AfterEach
  void close() throws Exception {
    connection.close();
    now(own.close().thenApply(closed -> true));
    feed.close();
  }

  @Test
  void aReadSideThatIsRightIsLeftAlone() throws Exception {
    manyLogs(new Random(11), 9, 30);
    feed.roundsToTheEnd(40);
    feed.eraseAll();
    List<String> before = untouched();

    RebuildReport report = rebuild();

    assertThat(untouched()).isEqualTo(before);
    assertThat(report.mended()).isEqualTo(Mended.NOTHING);
    assertThat(report.conversations()).isEqualTo(logs.size());
    assertThat(report.events()).isEqualTo(number("SELECT count(*) FROM event_journal"));
    assertThat(report.messages()).isEqualTo(number("SELECT count(*) FROM message"));
    assertThat(report.unfoldable()).isEmpty();
  }

  @Test
  void whateverLogsThereAreTheFoldFromScratchIsWhatTheFeedMade() throws Exception {
    for (int seed = 1; seed <= 12; seed++) {
      feed.empty();
      logs.clear();
      stored.clear();
      Random random = new Random(seed);
      manyLogs(random, 5, 20);
      for (int round = 0; round < 30; round++) {
        feed.round(1 + random.nextInt(30));
        if (random.nextInt(4) == 0) {
          feed.eraseAll();
        }
      }
      List<String> made = content();
      List<String> due = feed.database.texts("SELECT to_jsonb(t)::text FROM erasure t ORDER BY 1");
      feed.database.execute(
          "TRUNCATE conversation_summary, message, message_edit, reaction"
              + (seed % 2 == 0 ? ", erasure" : ""));

      RebuildReport report = rebuild();

      assertThat(content()).as("seed %d", seed).isEqualTo(made);
      assertThat(report.mended().summaries()).isEqualTo(report.messages() == 0 ? 0 : 10);
      assertThat(report.mended().erasures()).isEqualTo(seed % 2 == 0 ? due.size() : 0);
    }
  }

  @Test
  void damageIsMendedReportedAndToldToWhomItConcerns() throws Exception {
    manyLogs(new Random(3), 8, 30);
    feed.roundsToTheEnd(40);
    feed.eraseAll();
    List<String> right = content();
    ConversationId whole = logs.keySet().iterator().next();
    long versionOfAda = number("SELECT version FROM user_feed WHERE user_id = 'u_ada'");
    String ofAda =
        "(SELECT conversation_id FROM conversation_summary WHERE user_id = 'u_ada'"
            + " ORDER BY 1 LIMIT 1)";
    feed.database.execute(
        "UPDATE conversation_summary SET unread = unread + 5 WHERE user_id = 'u_ada'"
            + " AND conversation_id = "
            + ofAda);
    feed.database.execute("DELETE FROM message WHERE conversation_id = '" + whole + "'");
    feed.database.execute(
        "UPDATE message SET body = 'wrong', at = 1 WHERE ctid = (SELECT max(ctid) FROM message)");
    feed.database.execute(
        "DELETE FROM message_edit WHERE ctid = (SELECT min(ctid) FROM message_edit)");
    feed.database.execute(
        "INSERT INTO reaction SELECT conversation_id, of_seq, 'z', user_id FROM reaction LIMIT 1");
    feed.database.execute(
        "INSERT INTO message VALUES ('"
            + whole
            + "', 999999, 'u_ada', 1, 'x', NULL, FALSE, FALSE)");

    RebuildReport report = rebuild();

    assertThat(content()).isEqualTo(right);
    assertThat(report.mended().summaries()).isEqualTo(1);
    assertThat(report.mended().messages()).isGreaterThan(2);
    assertThat(report.mended().edits()).isEqualTo(1);
    assertThat(report.mended().reactions()).isEqualTo(1);
    assertThat(report.mended().orphans()).isZero();
    // Whoever asks what changed since is told.
    assertThat(number("SELECT version FROM user_feed WHERE user_id = 'u_ada'"))
        .isGreaterThan(versionOfAda);
    assertThat(
            number(
                "SELECT max(version) FROM conversation_summary WHERE user_id = 'u_ada'"
                    + " AND conversation_id = "
                    + ofAda))
        .isGreaterThan(versionOfAda);
    assertThat(rebuild().mended()).isEqualTo(Mended.NOTHING);
  }

  @Test
  void whatTheJournalKnowsNothingOfIsRemoved() throws Exception {
    manyLogs(new Random(5), 4, 15);
    feed.roundsToTheEnd(40);
    feed.eraseAll();
    List<String> right = content();
    feed.database.execute(
        "INSERT INTO conversation_summary SELECT 'c_0123456789abcdef', user_id, peer_id, as_of,"
            + " unread, my_delivered, my_read, peer_delivered, peer_read, last_seq, last_by,"
            + " last_at, last_preview, last_erased, activity, version FROM conversation_summary"
            + " WHERE conversation_id = (SELECT min(conversation_id) FROM conversation_summary)");
    // More than one transaction takes, and an id that never was one.
    feed.database.execute(
        "INSERT INTO message SELECT 'gone', n, 'u_ada', 1, 'x', NULL, FALSE, FALSE"
            + " FROM generate_series(1, 1200) n");
    feed.database.execute("INSERT INTO message_edit VALUES ('gone too', 1, 2)");
    feed.database.execute("INSERT INTO reaction VALUES ('gone as well', 1, 'a', 'u_ada')");
    feed.database.execute("INSERT INTO erasure VALUES (3, 'c_fedcba9876543210', 1)");

    RebuildReport report = rebuild();

    assertThat(content()).isEqualTo(right);
    assertThat(report.mended().orphans()).isEqualTo(5);
    assertThat(report.mended().messages()).isEqualTo(1_200);
    assertThat(report.conversations()).isEqualTo(logs.size());
  }

  @Test
  void whileEventsComeAndTheFeedAppliesThemNothingGoesBackAndNothingDiffers() throws Exception {
    Random random = new Random(77);
    manyLogs(random, 6, 60);
    feed.roundsToTheEnd(100);
    feed.eraseAll();
    AtomicBoolean ended = new AtomicBoolean();
    CompletableFuture<Void> chat = background(ended, () -> storeSome(random, 3));
    CompletableFuture<Void> worker =
        background(
            ended,
            () -> {
              feed.round(20);
              feed.eraseAll();
            });
    CompletableFuture<Void> reader = background(ended, new Watch());
    Mended mended = Mended.NOTHING;
    for (int i = 0; i < 15; i++) {
      mended = mended.and(rebuild().mended());
    }
    ended.set(true);
    for (CompletableFuture<Void> one : List.of(chat, worker, reader)) {
      now(one.thenApply(done -> true));
    }
    feed.roundsToTheEnd(100);
    feed.eraseAll();

    assertThat(mended).isEqualTo(Mended.NOTHING);
    assertEqualsFoldFromScratch();
  }

  @Test
  void damagedWhileEventsComeItEndsAsAFoldFromScratch() throws Exception {
    Random random = new Random(78);
    manyLogs(random, 6, 60);
    feed.roundsToTheEnd(100);
    feed.eraseAll();
    AtomicBoolean ended = new AtomicBoolean();
    CompletableFuture<Void> chat = background(ended, () -> storeSome(random, 3));
    CompletableFuture<Void> worker = background(ended, () -> feed.round(20));
    Mended mended = Mended.NOTHING;
    for (int i = 0; i < 10; i++) {
      feed.database.execute(
          "LOCK TABLE feed_offset IN EXCLUSIVE MODE;"
              + "UPDATE conversation_summary SET unread = unread + 1; DELETE FROM reaction;"
              + "DELETE FROM message WHERE seq % 3 = "
              + i % 3);
      mended = mended.and(rebuild().mended());
    }
    ended.set(true);
    now(chat.thenApply(done -> true));
    now(worker.thenApply(done -> true));
    assertThat(mended.messages()).isGreaterThan(100);
    assertThat(mended.summaries()).isGreaterThan(10);
    feed.roundsToTheEnd(100);
    rebuild();
    feed.eraseAll();
    assertEqualsFoldFromScratch();
  }

  @Test
  void aLongConversationIsMendedInWindowsWhileTheFeedChangesAllOfThem() throws Exception {
    ConversationId conversation = ConversationId.random();
    List<ConversationEvent> log = new ArrayList<>(List.of(TestEvents.opened(ADA, BOB)));
    for (int i = 0; i < 2_400; i++) {
      log.add(events.message(i % 2 == 0 ? ADA : BOB, "text " + i));
    }
    TestLog.insert(connection, conversation, 1, log);
    connection.commit();
    feed.roundsToTheEnd(500);
    feed.database.execute("DELETE FROM message WHERE seq % 2 = 0");
    feed.database.execute("UPDATE message SET body = 'wrong'");
    Random random = new Random(9);
    AtomicInteger next = new AtomicInteger(log.size() + 1);

    // Called between the transactions: each time, messages of any window change, some twice.
    RebuildReport report =
        rebuild(
            progress ->
                unchecked(
                    () -> {
                      List<ConversationEvent> more = new ArrayList<>();
                      for (int i = 0; i < 6; i++) {
                        long of = 2L + random.nextInt(log.size() - 1);
                        UserId by = of % 2 == 0 ? ADA : BOB;
                        more.add(
                            switch (i % 3) {
                              case 0 -> events.edit(by, of, "edit " + next.get());
                              case 1 -> events.react(BOB, of, "a", true);
                              default -> events.delete(by, of);
                            });
                      }
                      TestLog.insert(connection, conversation, next.getAndAdd(6), more);
                      connection.commit();
                      feed.round(100);
                      feed.eraseAll();
                    }));

    assertThat(report.mended().messages()).isGreaterThan(2_000);
    feed.roundsToTheEnd(100);
    feed.eraseAll();
    assertEqualsFoldFromScratch();
  }

  @Test
  void textsThatAreErasedWhileItRunsDontComeBackAndErasuresArentLost() throws Exception {
    ConversationId conversation = ConversationId.random();
    TestLog.store(
        feed.database,
        conversation,
        1,
        TestEvents.opened(ADA, BOB),
        events.message(ADA, "secret"),
        events.edit(ADA, 2, "secret still"),
        events.message(ADA, "kept"));
    feed.roundsToTheEnd(10);
    feed.database.execute("UPDATE message SET body = 'secret of old' WHERE seq = 2");
    AtomicBoolean deleted = new AtomicBoolean();

    rebuild(
        progress -> {
          if (!deleted.getAndSet(true)) {
            // The shadow holds the text by now; the deletion is applied, and one part erased.
            unchecked(
                () -> {
                  TestLog.store(feed.database, conversation, 5, events.delete(ADA, 2));
                  feed.roundsToTheEnd(10);
                  feed.eraseAll();
                });
          }
        });

    assertThat(feed.database.texts("SELECT body FROM message ORDER BY seq"))
        .containsExactly("", "kept");
    assertThat(feed.database.texts("SELECT seq FROM erasure")).isEmpty();
    assertThat(erasedInJournal()).isEqualTo(2);
  }

  @Test
  void aDeletedTextThatNothingWasGoingToEraseIsErased() throws Exception {
    ConversationId conversation = ConversationId.random();
    TestLog.store(
        feed.database,
        conversation,
        1,
        TestEvents.opened(ADA, BOB),
        events.message(ADA, "secret"),
        events.edit(ADA, 2, "secret still"),
        events.delete(ADA, 2));
    feed.roundsToTheEnd(10);
    feed.database.execute("DELETE FROM erasure");

    assertThat(rebuild().mended().erasures()).isEqualTo(2);
    feed.eraseAll();
    assertThat(erasedInJournal()).isEqualTo(2);
    assertThat(rebuild().mended()).isEqualTo(Mended.NOTHING);
  }

  @Test
  void aConnectionThatIsLostCostsTimeAndNothingElse() throws Exception {
    manyLogs(new Random(21), 30, 60);
    feed.roundsToTheEnd(200);
    feed.eraseAll();
    List<String> right = content();
    feed.database.execute("UPDATE conversation_summary SET unread = 77");
    feed.database.execute("DELETE FROM message");
    AtomicInteger cuts = new AtomicInteger();

    rebuild(
        progress -> {
          if (progress.events() > 100L * cuts.get() && cuts.getAndIncrement() < 4) {
            unchecked(
                () ->
                    feed.database.texts(
                        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                            + " WHERE application_name = 'parley rebuild'"
                            + " AND datname = current_database()"));
          }
        });

    assertThat(cuts.get()).isGreaterThan(3);
    assertThat(content()).isEqualTo(right);
  }

  @Test
  void aLogThatCantBeFoldedIsNamedAndTheOthersAreDone() throws Exception {
    manyLogs(new Random(31), 6, 10);
    feed.roundsToTheEnd(200);
    feed.eraseAll();
    List<String> right = content();
    ConversationId broken = logs.keySet().iterator().next();
    feed.database.execute(
        "UPDATE event_journal SET event_ser_manifest = 'song-7' WHERE seq_nr = 3"
            + " AND persistence_id = 'Conversation|"
            + broken
            + "'");
    feed.database.execute(
        "UPDATE conversation_summary SET unread = 77 WHERE conversation_id <> '" + broken + "'");

    RebuildReport report = rebuild();

    assertThat(content()).isEqualTo(right);
    assertThat(report.unfoldable()).hasSize(1);
    assertThat(report.unfoldable().get(0)).contains(broken.value()).contains("song-7");
    assertThat(report.conversations()).isEqualTo(logs.size() - 1L);
  }

  @Test
  void twoDontRunAtOnce() throws Exception {
    try (Connection other = feed.database.connection();
        var statement = other.createStatement()) {
      statement.execute("SELECT pg_advisory_lock(" + 0x7061726c65790002L + ")");
      assertThatThrownBy(this::rebuild)
          .isInstanceOf(RebuildRefusedException.class)
          .hasMessageContaining("Another rebuild is running");
    }
  }

  @Test
  void everyTableThatTheFoldWritesHasItsShadow() throws Exception {
    // One that hasn't would be written by the fold itself: the transaction is read-only.
    try (RebuildConnection unprepared = new RebuildConnection(own)) {
      ConversationId conversation = ConversationId.random();
      TestLog.store(
          feed.database, conversation, 1, TestEvents.opened(ADA, BOB), events.message(ADA, "a"));
      feed.roundsToTheEnd(10);
      RebuildBatch batch =
          new RebuildBatch(
              unprepared,
              new PageApplication(own, Runnable::run, 160),
              List.of(new LogIds.Log(conversation.value(), TestLog.slice(conversation) / 64, 2)),
              new RebuildBatch.Tally() {
                @Override
                public void folded(int events) {}

                @Override
                public void mended(Mended rows) {}
              });
      assertThatThrownBy(batch::run).hasMessageContaining("read-only transaction");
    }
  }

  private RebuildReport rebuild() throws InterruptedException {
    return rebuild(progress -> {});
  }

  private RebuildReport rebuild(Consumer<RebuildProgress> progress) throws InterruptedException {
    return Rebuild.run(own, FeedFixture.SETTINGS, progress);
  }

  private void manyLogs(Random random, int conversations, int rounds) throws SQLException {
    for (int i = 0; i < conversations; i++) {
      List<UserId> people = new ArrayList<>(PEOPLE);
      Collections.shuffle(people, random);
      logs.put(ConversationId.random(), new RandomLog(random, people.get(0), people.get(1)));
    }
    storeSome(random, 1);
    for (int i = 0; i < rounds; i++) {
      storeSome(random, 3);
    }
  }

  private void storeSome(Random random, int oneIn) throws SQLException {
    for (Map.Entry<ConversationId, RandomLog> log : logs.entrySet()) {
      if (random.nextInt(oneIn) == 0) {
        List<CommittedEvent> next = log.getValue().next(1 + random.nextInt(4));
        int from = stored.getOrDefault(log.getKey(), 0);
        TestLog.insert(
            connection,
            log.getKey(),
            from + 1L,
            next.stream().map(event -> event.sequenced().event()).toList());
        stored.put(log.getKey(), from + next.size());
      }
    }
    connection.commit();
  }

  private interface Work {
    void run() throws Exception;
  }

  private static void unchecked(Work work) {
    try {
      work.run();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static CompletableFuture<Void> background(AtomicBoolean ended, Work work) {
    return CompletableFuture.runAsync(
        () -> {
          while (!ended.get()) {
            unchecked(work);
          }
        },
        OWN_THREAD);
  }

  /** What readers see: no inbox shrinks, nothing counted in is taken back. */
  private final class Watch implements Work {
    private final Map<String, Long> seen = new HashMap<>();

    @Override
    public void run() throws Exception {
      Map<String, Long> now = new HashMap<>();
      for (String line :
          feed.database.texts(
              "SELECT conversation_id || ' ' || user_id || '|' || as_of FROM conversation_summary"
                  + " UNION ALL SELECT conversation_id || ' messages|' || count(*) FROM message"
                  + " GROUP BY conversation_id UNION ALL"
                  + " SELECT user_id || ' version|' || version FROM user_feed")) {
        now.put(
            line.substring(0, line.indexOf('|')),
            Long.valueOf(line.substring(line.indexOf('|') + 1)));
      }
      seen.forEach(
          (what, before) ->
              assertThat(now.getOrDefault(what, -1L)).as(what).isGreaterThanOrEqualTo(before));
      seen.putAll(now);
    }
  }

  private void assertEqualsFoldFromScratch() throws Exception {
    List<String> result = content();
    for (String statement : ReadSide.REBUILD) {
      feed.database.execute(statement);
    }
    feed.roundsToTheEnd(200);
    feed.eraseAll();
    assertThat(result).isEqualTo(content());
  }

  private List<String> content() throws SQLException {
    List<String> all = new ArrayList<>();
    for (String sql : CONTENT) {
      all.addAll(feed.database.texts(sql));
    }
    return all;
  }

  /** With the transactions that wrote the rows last. */
  private List<String> untouched() throws SQLException {
    List<String> all = new ArrayList<>();
    for (String table :
        List.of("conversation_summary", "message", "message_edit", "reaction", "user_feed")) {
      all.addAll(
          feed.database.texts("SELECT xmin || ' ' || to_jsonb(t) FROM " + table + " t ORDER BY 1"));
    }
    return all;
  }

  private long erasedInJournal() throws SQLException {
    return number("SELECT count(*) FROM event_journal WHERE event_ser_manifest LIKE '%-erased-1'");
  }

  private long number(String sql) throws SQLException {
    return Long.parseLong(feed.database.texts(sql).get(0));
  }
}

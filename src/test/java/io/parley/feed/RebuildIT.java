package io.parley.feed;

import static io.parley.feed.RebuildFixture.ADA;
import static io.parley.feed.RebuildFixture.BOB;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.parley.feed.RebuildReport.Mended;
import io.parley.model.ConversationId;
import io.parley.testing.TestEvents;
import io.parley.testing.TestLog;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A rebuild leaves what the feed has made, whatever stood there. */
class RebuildIT {
  private final RebuildFixture scene;

  RebuildIT() throws SQLException {
    this.scene = new RebuildFixture();
  }

  @AfterEach
  void close() throws Exception {
    scene.close();
  }

  @Test
  void aReadSideThatIsRightIsLeftAlone() throws Exception {
    scene.manyLogs(new Random(11), 9, 30);
    scene.feed.roundsToTheEnd(40);
    scene.feed.eraseAll();
    List<String> before = scene.untouched();

    RebuildReport report = scene.rebuild();

    assertThat(scene.untouched()).isEqualTo(before);
    assertThat(report.mended()).isEqualTo(Mended.NOTHING);
    assertThat(report.conversations()).isEqualTo(scene.logs.size());
    assertThat(report.events()).isEqualTo(scene.number("SELECT count(*) FROM event_journal"));
    assertThat(report.messages()).isEqualTo(scene.number("SELECT count(*) FROM message"));
    assertThat(report.unfoldable()).isEmpty();
  }

  @Test
  void whateverLogsThereAreTheFoldFromScratchIsWhatTheFeedMade() throws Exception {
    for (int seed = 1; seed <= 12; seed++) {
      scene.feed.empty();
      scene.logs.clear();
      scene.stored.clear();
      Random random = new Random(seed);
      scene.manyLogs(random, 5, 20);
      for (int round = 0; round < 30; round++) {
        scene.feed.round(1 + random.nextInt(30));
        if (random.nextInt(4) == 0) {
          scene.feed.eraseAll();
        }
      }
      List<String> made = scene.content();
      List<String> due =
          scene.feed.database.texts("SELECT to_jsonb(t)::text FROM erasure t ORDER BY 1");
      scene.feed.database.execute(
          "TRUNCATE conversation_summary, message, message_edit, reaction"
              + (seed % 2 == 0 ? ", erasure" : ""));

      RebuildReport report = scene.rebuild();

      assertThat(scene.content()).as("seed %d", seed).isEqualTo(made);
      assertThat(report.mended().summaries()).isEqualTo(report.messages() == 0 ? 0 : 10);
      assertThat(report.mended().erasures()).isEqualTo(seed % 2 == 0 ? due.size() : 0);
    }
  }

  @Test
  void damageIsMendedReportedAndToldToWhomItConcerns() throws Exception {
    scene.manyLogs(new Random(3), 8, 30);
    scene.feed.roundsToTheEnd(40);
    scene.feed.eraseAll();
    List<String> right = scene.content();
    ConversationId whole = scene.logs.keySet().iterator().next();
    long versionOfAda = scene.number("SELECT version FROM user_feed WHERE user_id = 'u_ada'");
    String ofAda =
        "(SELECT conversation_id FROM conversation_summary WHERE user_id = 'u_ada'"
            + " ORDER BY 1 LIMIT 1)";
    scene.feed.database.execute(
        "UPDATE conversation_summary SET unread = unread + 5 WHERE user_id = 'u_ada'"
            + " AND conversation_id = "
            + ofAda);
    scene.feed.database.execute("DELETE FROM message WHERE conversation_id = '" + whole + "'");
    scene.feed.database.execute(
        "UPDATE message SET body = 'wrong', at = 1 WHERE ctid = (SELECT max(ctid) FROM message)");
    scene.feed.database.execute(
        "DELETE FROM message_edit WHERE ctid = (SELECT min(ctid) FROM message_edit)");
    scene.feed.database.execute(
        "INSERT INTO reaction SELECT conversation_id, of_seq, 'z', user_id FROM reaction LIMIT 1");
    scene.feed.database.execute(
        "INSERT INTO message VALUES ('"
            + whole
            + "', 999999, 'u_ada', 1, 'x', NULL, FALSE, FALSE, 'u_bob', 1, 'x', '{}')");

    RebuildReport report = scene.rebuild();

    assertThat(scene.content()).isEqualTo(right);
    assertThat(report.mended().summaries()).isEqualTo(1);
    assertThat(report.mended().messages()).isGreaterThan(2);
    assertThat(report.mended().edits()).isEqualTo(1);
    assertThat(report.mended().reactions()).isEqualTo(1);
    assertThat(report.mended().orphans()).isZero();
    // Whoever asks what changed since is told.
    assertThat(scene.number("SELECT version FROM user_feed WHERE user_id = 'u_ada'"))
        .isGreaterThan(versionOfAda);
    assertThat(
            scene.number(
                "SELECT max(version) FROM conversation_summary WHERE user_id = 'u_ada'"
                    + " AND conversation_id = "
                    + ofAda))
        .isGreaterThan(versionOfAda);
    assertThat(scene.rebuild().mended()).isEqualTo(Mended.NOTHING);
  }

  @Test
  void whatTheJournalKnowsNothingOfIsRemoved() throws Exception {
    scene.manyLogs(new Random(5), 4, 15);
    scene.feed.roundsToTheEnd(40);
    scene.feed.eraseAll();
    List<String> right = scene.content();
    scene.feed.database.execute(
        "INSERT INTO conversation_summary SELECT 'c_0123456789abcdef', user_id, peer_id, as_of,"
            + " unread, my_delivered, my_read, peer_delivered, peer_read, last_seq, last_by,"
            + " last_at, last_preview, last_erased, activity, version FROM conversation_summary"
            + " WHERE conversation_id = (SELECT min(conversation_id) FROM conversation_summary)");
    // More than one transaction takes, and an id that never was one.
    scene.feed.database.execute(
        "INSERT INTO message SELECT 'gone', n, 'u_ada', 1, 'x', NULL, FALSE, FALSE, 'u_bob', 1, 'x', '{}'"
            + " FROM generate_series(1, 1200) n");
    scene.feed.database.execute("INSERT INTO message_edit VALUES ('gone too', 1, 2)");
    scene.feed.database.execute("INSERT INTO reaction VALUES ('gone as well', 1, 'a', 'u_ada')");
    scene.feed.database.execute("INSERT INTO erasure VALUES (3, 'c_fedcba9876543210', 1)");

    RebuildReport report = scene.rebuild();

    assertThat(scene.content()).isEqualTo(right);
    assertThat(report.mended().orphans()).isEqualTo(5);
    assertThat(report.mended().messages()).isEqualTo(1_200);
    assertThat(report.conversations()).isEqualTo(scene.logs.size());
  }

  @Test
  void aDeletedTextThatNothingWasGoingToEraseIsErased() throws Exception {
    ConversationId conversation = ConversationId.random();
    TestLog.store(
        scene.feed.database,
        conversation,
        1,
        TestEvents.opened(ADA, BOB),
        scene.events.message(ADA, "secret"),
        scene.events.edit(ADA, 2, "secret still"),
        scene.events.delete(ADA, 2));
    scene.feed.roundsToTheEnd(10);
    scene.feed.database.execute("DELETE FROM erasure");

    assertThat(scene.rebuild().mended().erasures()).isEqualTo(2);
    scene.feed.eraseAll();
    assertThat(scene.erasedInJournal()).isEqualTo(2);
    assertThat(scene.rebuild().mended()).isEqualTo(Mended.NOTHING);
  }

  @Test
  void aLogThatCantBeFoldedIsNamedAndTheOthersAreDone() throws Exception {
    scene.manyLogs(new Random(31), 6, 10);
    scene.feed.roundsToTheEnd(200);
    scene.feed.eraseAll();
    List<String> right = scene.content();
    ConversationId broken = scene.logs.keySet().iterator().next();
    scene.feed.database.execute(
        "UPDATE event_journal SET event_ser_manifest = 'song-7' WHERE seq_nr = 3"
            + " AND persistence_id = 'Conversation|"
            + broken
            + "'");
    scene.feed.database.execute(
        "UPDATE conversation_summary SET unread = 77 WHERE conversation_id <> '" + broken + "'");

    RebuildReport report = scene.rebuild();

    assertThat(scene.content()).isEqualTo(right);
    assertThat(report.unfoldable()).hasSize(1);
    assertThat(report.unfoldable().get(0)).contains(broken.value()).contains("song-7");
    assertThat(report.conversations()).isEqualTo(scene.logs.size() - 1L);
  }

  @Test
  void twoDontRunAtOnce() throws Exception {
    try (Connection other = scene.feed.database.connection();
        var statement = other.createStatement()) {
      statement.execute("SELECT pg_advisory_lock(" + 0x7061726c65790002L + ")");
      assertThatThrownBy(scene::rebuild)
          .isInstanceOf(RebuildRefusedException.class)
          .hasMessageContaining("Another rebuild is running");
    }
  }

  @Test
  void everyTableThatTheFoldWritesHasItsShadow() throws Exception {
    // One that hasn't would be written by the fold itself: the transaction is read-only.
    try (RebuildConnection unprepared = new RebuildConnection(scene.own)) {
      ConversationId conversation = ConversationId.random();
      TestLog.store(
          scene.feed.database,
          conversation,
          1,
          TestEvents.opened(ADA, BOB),
          scene.events.message(ADA, "a"));
      scene.feed.roundsToTheEnd(10);
      RebuildBatch batch =
          new RebuildBatch(
              unprepared,
              new PageApplication(scene.own, Runnable::run, 160),
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
}

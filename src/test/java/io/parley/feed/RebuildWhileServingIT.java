package io.parley.feed;

import static io.parley.feed.FeedFixture.now;
import static io.parley.feed.RebuildFixture.ADA;
import static io.parley.feed.RebuildFixture.BOB;
import static io.parley.feed.RebuildFixture.unchecked;
import static io.parley.testing.OwnThread.OWN_THREAD;
import static org.assertj.core.api.Assertions.assertThat;

import io.parley.feed.RebuildFixture.Work;
import io.parley.feed.RebuildReport.Mended;
import io.parley.model.ConversationEvent;
import io.parley.model.ConversationId;
import io.parley.model.UserId;
import io.parley.testing.TestEvents;
import io.parley.testing.TestLog;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Events come, the feed applies them, texts are erased, connections are lost: meanwhile. */
class RebuildWhileServingIT {
  private final RebuildFixture scene;

  RebuildWhileServingIT() throws SQLException {
    this.scene = new RebuildFixture();
  }

  @AfterEach
  void close() throws Exception {
    scene.close();
  }

  @Test
  void whileEventsComeAndTheFeedAppliesThemNothingGoesBackAndNothingDiffers() throws Exception {
    Random random = new Random(77);
    scene.manyLogs(random, 6, 60);
    scene.feed.roundsToTheEnd(100);
    scene.feed.eraseAll();
    AtomicBoolean ended = new AtomicBoolean();
    CompletableFuture<Void> chat = background(ended, () -> scene.storeSome(random, 3));
    CompletableFuture<Void> worker =
        background(
            ended,
            () -> {
              scene.feed.round(20);
              scene.feed.eraseAll();
            });
    CompletableFuture<Void> reader = background(ended, new Watch());
    Mended mended = Mended.NOTHING;
    for (int i = 0; i < 15; i++) {
      mended = mended.and(scene.rebuild().mended());
    }
    ended.set(true);
    for (CompletableFuture<Void> one : List.of(chat, worker, reader)) {
      now(one.thenApply(done -> true));
    }
    scene.feed.roundsToTheEnd(100);
    scene.feed.eraseAll();

    assertThat(mended).isEqualTo(Mended.NOTHING);
    scene.assertEqualsFoldFromScratch();
  }

  @Test
  void damagedWhileEventsComeItEndsAsAFoldFromScratch() throws Exception {
    Random random = new Random(78);
    scene.manyLogs(random, 6, 60);
    scene.feed.roundsToTheEnd(100);
    scene.feed.eraseAll();
    AtomicBoolean ended = new AtomicBoolean();
    CompletableFuture<Void> chat = background(ended, () -> scene.storeSome(random, 3));
    CompletableFuture<Void> worker = background(ended, () -> scene.feed.round(20));
    Mended mended = Mended.NOTHING;
    for (int i = 0; i < 10; i++) {
      scene.feed.database.execute(
          "LOCK TABLE feed_offset IN EXCLUSIVE MODE;"
              + "UPDATE conversation_summary SET unread = unread + 1; DELETE FROM reaction;"
              + "DELETE FROM message WHERE seq % 3 = "
              + i % 3);
      mended = mended.and(scene.rebuild().mended());
    }
    ended.set(true);
    now(chat.thenApply(done -> true));
    now(worker.thenApply(done -> true));
    assertThat(mended.messages()).isGreaterThan(100);
    assertThat(mended.summaries()).isGreaterThan(10);
    scene.feed.roundsToTheEnd(100);
    scene.rebuild();
    scene.feed.eraseAll();
    scene.assertEqualsFoldFromScratch();
  }

  @Test
  void aLongConversationIsMendedInWindowsWhileTheFeedChangesAllOfThem() throws Exception {
    ConversationId conversation = ConversationId.random();
    List<ConversationEvent> log = new ArrayList<>(List.of(TestEvents.opened(ADA, BOB)));
    for (int i = 0; i < 2_400; i++) {
      log.add(scene.events.message(i % 2 == 0 ? ADA : BOB, "text " + i));
    }
    TestLog.insert(scene.connection, conversation, 1, log);
    scene.connection.commit();
    scene.feed.roundsToTheEnd(500);
    scene.feed.database.execute("DELETE FROM message WHERE seq % 2 = 0");
    scene.feed.database.execute("UPDATE message SET body = 'wrong'");
    Random random = new Random(9);
    AtomicInteger next = new AtomicInteger(log.size() + 1);

    // Called between the transactions: each time, messages of any window change, some twice.
    RebuildReport report =
        scene.rebuild(
            progress ->
                unchecked(
                    () -> {
                      List<ConversationEvent> more = new ArrayList<>();
                      for (int i = 0; i < 6; i++) {
                        long of = 2L + random.nextInt(log.size() - 1);
                        UserId by = of % 2 == 0 ? ADA : BOB;
                        more.add(
                            switch (i % 3) {
                              case 0 -> scene.events.edit(by, of, "edit " + next.get());
                              case 1 -> scene.events.react(BOB, of, "a", true);
                              default -> scene.events.delete(by, of);
                            });
                      }
                      TestLog.insert(scene.connection, conversation, next.getAndAdd(6), more);
                      scene.connection.commit();
                      scene.feed.round(100);
                      scene.feed.eraseAll();
                    }));

    assertThat(report.mended().messages()).isGreaterThan(2_000);
    scene.feed.roundsToTheEnd(100);
    scene.feed.eraseAll();
    scene.assertEqualsFoldFromScratch();
  }

  @Test
  void longTextsThatTheFeedAppliesBeforeTheLockAreAllCaughtUpWith() throws Exception {
    ConversationId conversation = ConversationId.random();
    TestLog.store(
        scene.feed.database,
        conversation,
        1,
        TestEvents.opened(ADA, BOB),
        scene.events.message(ADA, "first"));
    scene.feed.roundsToTheEnd(10);
    AtomicBoolean said = new AtomicBoolean();

    RebuildReport report =
        scene.rebuild(
            progress -> {
              if (!said.getAndSet(true)) {
                unchecked(
                    () -> {
                      // Fewer rows than one transaction takes, and more bytes than one page.
                      List<ConversationEvent> more = new ArrayList<>();
                      for (int i = 0; i < 120; i++) {
                        more.add(scene.events.message(BOB, "x".repeat(16_000)));
                      }
                      TestLog.insert(scene.connection, conversation, 3, more);
                      scene.connection.commit();
                      scene.feed.roundsToTheEnd(500);
                    });
              }
            });

    assertThat(report.mended()).isEqualTo(Mended.NOTHING);
    scene.assertEqualsFoldFromScratch();
  }

  @Test
  void textsThatAreErasedWhileItRunsDontComeBackAndErasuresArentLost() throws Exception {
    ConversationId conversation = ConversationId.random();
    TestLog.store(
        scene.feed.database,
        conversation,
        1,
        TestEvents.opened(ADA, BOB),
        scene.events.message(ADA, "secret"),
        scene.events.edit(ADA, 2, "secret still"),
        scene.events.message(ADA, "kept"));
    scene.feed.roundsToTheEnd(10);
    scene.feed.database.execute("UPDATE message SET body = 'secret of old' WHERE seq = 2");
    AtomicBoolean deleted = new AtomicBoolean();

    scene.rebuild(
        progress -> {
          if (!deleted.getAndSet(true)) {
            // The shadow holds the text by now; the deletion is applied, and one part erased.
            unchecked(
                () -> {
                  TestLog.store(scene.feed.database, conversation, 5, scene.events.delete(ADA, 2));
                  scene.feed.roundsToTheEnd(10);
                  scene.feed.eraseAll();
                });
          }
        });

    assertThat(scene.feed.database.texts("SELECT body FROM message ORDER BY seq"))
        .containsExactly("", "kept");
    assertThat(scene.feed.database.texts("SELECT seq FROM erasure")).isEmpty();
    assertThat(scene.erasedInJournal()).isEqualTo(2);
  }

  @Test
  void aConnectionThatIsLostCostsTimeAndNothingElse() throws Exception {
    scene.manyLogs(new Random(21), 30, 60);
    scene.feed.roundsToTheEnd(200);
    scene.feed.eraseAll();
    List<String> right = scene.content();
    scene.feed.database.execute("UPDATE conversation_summary SET unread = 77");
    scene.feed.database.execute("DELETE FROM message");
    AtomicInteger cuts = new AtomicInteger();

    scene.rebuild(
        progress -> {
          if (progress.events() > 100L * cuts.get() && cuts.getAndIncrement() < 4) {
            unchecked(
                () ->
                    scene.feed.database.texts(
                        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                            + " WHERE application_name = 'parley rebuild'"
                            + " AND datname = current_database()"));
          }
        });

    assertThat(cuts.get()).isGreaterThan(3);
    assertThat(scene.content()).isEqualTo(right);
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
          scene.feed.database.texts(
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
}

package io.parley.feed;

import static io.parley.feed.FeedFixture.now;
import static io.parley.testing.OwnThread.OWN_THREAD;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.parley.model.ConversationId;
import io.parley.model.UserId;
import io.parley.testing.TestLog;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the tables hold is what the plain account of the same logs says. */
class FeedEquivalenceIT {
  private static final List<UserId> PEOPLE =
      List.of(new UserId("u_ada"), new UserId("u_bob"), new UserId("u_cyd"), new UserId("u_dan"));

  private final FeedFixture feed = new FeedFixture();
  private final Map<ConversationId, RandomLog> logs = new LinkedHashMap<>();
  private final Map<ConversationId, List<CommittedEvent>> stored = new LinkedHashMap<>();

  private final Connection connection;

  FeedEquivalenceIT() throws SQLException {
    this.connection = feed.database.connection();
  }

  @AfterEach
  void close() throws SQLException {
    connection.close();
    feed.close();
  }

  @Test
  void tablesEqualThePlainAccountWhateverTheInterleavingAndThePages() throws Exception {
    Random random = new Random(20_261);
    start(random, 12);
    for (int step = 0; step < 40; step++) {
      for (int i = 0; i < 6; i++) {
        storeSome(random);
      }
      feed.round(1 + random.nextInt(60));
      if (random.nextInt(4) == 0) {
        feed.eraseAll();
      }
    }
    feed.roundsToTheEnd(25);
    feed.eraseAll();
    assertEqualsPlainAccount();
  }

  @Test
  void putBackToTheBeginningWhileWritesGoOnItEndsWhereItShouldAndVersionsOnlyRise()
      throws Exception {
    Random random = new Random(7);
    start(random, 6);
    for (int i = 0; i < 40; i++) {
      storeSome(random);
    }
    feed.roundsToTheEnd(100);
    feed.eraseAll();
    long version = now(feed.inbox.version(PEOPLE.get(0)));

    AtomicBoolean rebuilt = new AtomicBoolean();
    CompletableFuture<Void> worker =
        CompletableFuture.runAsync(
            () -> {
              while (!rebuilt.get()) {
                // A round may find its offset moved: that is the point.
                feed.rounds
                    .run(FeedFixture.ALL, 20)
                    .toCompletableFuture()
                    .handle((e, f) -> e)
                    .join();
              }
            },
            OWN_THREAD);
    for (int i = 0; i < 30; i++) {
      storeSome(random);
      if (i % 10 == 5) {
        feed.database.execute(String.join(";", ReadSide.REBUILD));
      }
    }
    rebuilt.set(true);
    now(worker);
    feed.roundsToTheEnd(100);
    feed.eraseAll();
    assertEqualsPlainAccount();
    assertThat(now(feed.inbox.version(PEOPLE.get(0)))).isGreaterThan(version);
  }

  private void start(Random random, int conversations) {
    for (int i = 0; i < conversations; i++) {
      List<UserId> people = new ArrayList<>(PEOPLE);
      Collections.shuffle(people, random);
      ConversationId conversation = ConversationId.random();
      logs.put(conversation, new RandomLog(random, people.get(0), people.get(1)));
      stored.put(conversation, new ArrayList<>());
    }
  }

  /** A batch of the journal: some events of some conversations in one transaction. */
  private void storeSome(Random random) throws Exception {
    for (Map.Entry<ConversationId, RandomLog> log : logs.entrySet()) {
      if (random.nextInt(3) == 0) {
        List<CommittedEvent> all = requireNonNull(stored.get(log.getKey()));
        List<CommittedEvent> next = log.getValue().next(1 + random.nextInt(3));
        TestLog.insert(
            connection,
            log.getKey(),
            all.size() + 1L,
            next.stream().map(event -> event.sequenced().event()).toList());
        all.addAll(next);
      }
    }
    connection.commit();
  }

  private void assertEqualsPlainAccount() throws Exception {
    for (Map.Entry<ConversationId, List<CommittedEvent>> log : stored.entrySet()) {
      if (log.getValue().isEmpty()) {
        continue;
      }
      ConversationId conversation = log.getKey();
      PlainInbox plain = new PlainInbox(log.getValue());
      ConversationView view = plain.view();
      String where = " WHERE conversation_id = '%s' ".formatted(conversation);
      assertThat(
              feed.database.texts(
                  "SELECT concat_ws('|', user_id, peer_id, as_of, unread, my_delivered, my_read,"
                      + " peer_delivered, peer_read, last_seq, last_by, last_at, last_preview,"
                      + " last_erased) FROM conversation_summary"
                      + where
                      + "ORDER BY user_id"))
          .containsExactly(
              line(view, view.participants().first()), line(view, view.participants().second()));
      assertThat(
              feed.database.texts(
                  "SELECT concat_ws('|', author, body, edited::text, erased::text) FROM message"
                      + where
                      + "ORDER BY seq"))
          .containsExactlyElementsOf(plain.messages().values());
      assertThat(
              Set.copyOf(
                  feed.database.texts(
                      "SELECT concat_ws(' ', of_seq, emoji, user_id) FROM reaction" + where)))
          .isEqualTo(plain.reactions());
      assertThat(
              new TreeSet<>(
                  feed.database.texts(
                      "SELECT seq_nr FROM event_journal WHERE event_ser_manifest LIKE '%-erased-1'"
                          + " AND persistence_id = 'Conversation|"
                          + conversation
                          + "'")))
          .isEqualTo(new TreeSet<>(plain.erased().stream().map(String::valueOf).toList()));
    }
    assertThat(feed.database.texts("SELECT seq FROM erasure")).isEmpty();
  }

  private static String line(ConversationView view, UserId user) {
    UserId peer = view.participants().peerOf(user);
    String common =
        "%s|%s|%d|%d|%d|%d|%d|%d"
            .formatted(
                user,
                peer,
                view.asOf(),
                view.side(user).unread(),
                view.side(user).marks().delivered(),
                view.side(user).marks().read(),
                view.side(peer).marks().delivered(),
                view.side(peer).marks().read());
    return view.last()
        .map(
            last ->
                "%s|%d|%s|%d|%s|%s"
                    .formatted(
                        common,
                        last.seq(),
                        last.by(),
                        last.at(),
                        last.preview(),
                        last.erased() ? "t" : "f"))
        .orElse(common);
  }
}

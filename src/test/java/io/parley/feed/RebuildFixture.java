package io.parley.feed;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.database.Database;
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
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Logs, what the feed made of them, and a rebuild of it. */
final class RebuildFixture implements AutoCloseable {
  static final UserId ADA = new UserId("u_ada");
  static final UserId BOB = new UserId("u_bob");
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

  final FeedFixture feed = new FeedFixture();
  final Database own = Database.open(feed.database.database().settings().reservedFor("rebuild", 1));
  final Map<ConversationId, RandomLog> logs = new LinkedHashMap<>();
  final Map<ConversationId, Integer> stored = new HashMap<>();
  final TestEvents events = new TestEvents();
  final Connection connection;

  RebuildFixture() throws SQLException {
    this.connection = feed.database.connection();
  }

  @Override
  public void close() throws SQLException {
    connection.close();
    own.close().toCompletableFuture().orTimeout(10, TimeUnit.SECONDS).join();
    feed.close();
  }

  RebuildReport rebuild() throws InterruptedException {
    return rebuild(progress -> {});
  }

  RebuildReport rebuild(Consumer<RebuildProgress> progress) throws InterruptedException {
    return Rebuild.run(own, FeedFixture.SETTINGS, progress);
  }

  void manyLogs(Random random, int conversations, int rounds) throws SQLException {
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

  void storeSome(Random random, int oneIn) throws SQLException {
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

  interface Work {
    void run() throws Exception;
  }

  static void unchecked(Work work) {
    try {
      work.run();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  void assertEqualsFoldFromScratch() throws Exception {
    List<String> result = content();
    for (String statement : ReadSide.REBUILD) {
      feed.database.execute(statement);
    }
    feed.roundsToTheEnd(200);
    feed.eraseAll();
    assertThat(result).isEqualTo(content());
  }

  List<String> content() throws SQLException {
    List<String> all = new ArrayList<>();
    for (String sql : CONTENT) {
      all.addAll(feed.database.texts(sql));
    }
    return all;
  }

  /** With the transactions that wrote the rows last. */
  List<String> untouched() throws SQLException {
    List<String> all = new ArrayList<>();
    for (String table :
        List.of("conversation_summary", "message", "message_edit", "reaction", "user_feed")) {
      all.addAll(
          feed.database.texts("SELECT xmin || ' ' || to_jsonb(t) FROM " + table + " t ORDER BY 1"));
    }
    return all;
  }

  long erasedInJournal() throws SQLException {
    return number("SELECT count(*) FROM event_journal WHERE event_ser_manifest LIKE '%-erased-1'");
  }

  long number(String sql) throws SQLException {
    return Long.parseLong(feed.database.texts(sql).get(0));
  }
}

package io.parley;

import static io.parley.testing.OwnThread.OWN_THREAD;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.parley.model.ConversationEvent;
import io.parley.model.ConversationId;
import io.parley.model.UserId;
import io.parley.testing.ChatClient;
import io.parley.testing.HttpDoor;
import io.parley.testing.HttpDoor.Account;
import io.parley.testing.ServerProcess;
import io.parley.testing.TestEvents;
import io.parley.testing.TestLog;
import io.parley.testing.TestPostgres;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code ./parley rebuild} as a process, beside a server that people chat on, and alone. */
class RebuildCommandIT {
  private static final int BULK = 400;
  private static final int BULK_EVENTS = 30;

  private final String url = TestPostgres.freshDatabase();

  @Test
  void peopleNoticeNothingAndAKilledRebuildIsRunAgain() throws Exception {
    Map<String, String> settings = Map.of("PARLEY_DATABASE_URL", url, "PARLEY_RATE_LIMITS", "off");
    try (ServerProcess server = ServerProcess.start(ServerProcess.freePort(), settings)) {
      HttpDoor http = new HttpDoor("http://127.0.0.1:" + server.port());
      Account ada = http.account("ada");
      List<String> conversations = new ArrayList<>();
      for (String name : List.of("bob", "cyd", "dan")) {
        conversations.add(http.conversation(ada, http.account(name)));
      }
      storeBulk();
      Awaitility.await("the feed has come through")
          .atMost(Duration.ofSeconds(60))
          .until(
              () ->
                  TestPostgres.number(url, "SELECT count(*) FROM conversation_summary")
                      >= 2 * BULK);
      AtomicBoolean ended = new AtomicBoolean();
      AtomicLong sent = new AtomicLong();
      var chat = chat(server, ada, conversations, http.outbox(ada), sent, ended);
      Awaitility.await("all have a message").until(() -> sent.get() > 30);
      Awaitility.await("and the inbox lists them")
          .until(
              () ->
                  TestPostgres.number(url, "SELECT count(*) FROM conversation_summary")
                      == 2 * BULK + 6);
      var reader = sampleInbox(server, ada, ended);
      TestPostgres.execute(
          url, "UPDATE conversation_summary SET unread = 7777 WHERE user_id LIKE 'u_bulk%'");
      TestPostgres.execute(url, "DELETE FROM message WHERE author LIKE 'u_bulk%' AND seq % 2 = 0");

      ServerProcess killed = begin(settings);
      Awaitility.await("some is mended")
          .atMost(Duration.ofSeconds(60))
          .pollInterval(Duration.ofMillis(5))
          .until(() -> wrong() < 2 * BULK);
      killed.kill();
      assertThat(wrong()).as("left by the one that was killed").isPositive();

      ServerProcess again = begin(settings);
      assertThat(again.exitCode()).as("%s", again.output()).isZero();
      assertThat(again.output()).contains("Rebuilt 4").contains("Differed, and are mended: ");
      ServerProcess third = begin(settings);
      assertThat(third.exitCode()).as("%s", third.output()).isZero();
      assertThat(third.output()).contains("Nothing differed");

      long before = sent.get();
      Awaitility.await("the chat goes on").until(() -> sent.get() > before + 10);
      ended.set(true);
      CompletableFuture.allOf(chat, reader).get(60, TimeUnit.SECONDS);
      assertThat(wrong()).isZero();
      assertThat(
              TestPostgres.number(url, "SELECT count(*) FROM message WHERE author LIKE 'u_bulk%'"))
          .isEqualTo((long) BULK * (BULK_EVENTS - 1));
    }
  }

  @Test
  void itWorksBesideAParleyOnTheEmbeddedPostgresqlAndAloneAndOnNoEmptyFolder(@TempDir Path folder)
      throws Exception {
    Map<String, String> settings = Map.of("PARLEY_DATA_DIR", folder.toString());
    ServerProcess nothing = begin(settings);
    assertThat(nothing.exitCode()).isEqualTo(1);
    assertThat(nothing.output()).contains("There is no database in " + folder);

    try (ServerProcess server = ServerProcess.start(ServerProcess.freePort(), settings)) {
      HttpDoor http = new HttpDoor("http://127.0.0.1:" + server.port());
      Account ada = http.account("ada");
      String conversation = http.conversation(ada, http.account("bob"));
      try (ChatClient client = ChatClient.welcomed(server.port(), ada.token())) {
        client.say(conversation, http.outbox(ada), 1, "hello");
      }
      ServerProcess beside = begin(settings);
      assertThat(beside.exitCode()).as("%s", beside.output()).isZero();
      assertThat(beside.output()).contains("working beside it").contains("Rebuilt 1 conversations");
    }
    ServerProcess alone = begin(settings);
    assertThat(alone.exitCode()).as("%s", alone.output()).isZero();
    assertThat(alone.output()).contains("Rebuilt 1 conversations").contains("Nothing differed");
  }

  @Test
  void whatIsInTheWayIsToldInWords() throws SQLException {
    String empty = TestPostgres.emptyDatabase();
    assertRefused(empty, "has no tables of Parley's yet");
    assertRefused("postgresql://parley:x@127.0.0.1:1/parley", "Can't reach PostgreSQL");
    TestPostgres.execute(url, "UPDATE database_life SET system_identifier = 1");
    assertRefused(url, "Run ./parley restored once");
    TestPostgres.execute(
        url,
        "UPDATE database_life SET system_identifier = (SELECT system_identifier FROM"
            + " pg_control_system())");
    TestPostgres.execute(
        url,
        "DELETE FROM flyway_schema_history WHERE version = (SELECT version FROM"
            + " flyway_schema_history ORDER BY installed_rank DESC LIMIT 1)");
    assertRefused(url, "of an older Parley");
  }

  @Test
  void interruptedItSaysThatItCanBeRunAgain() throws SQLException {
    storeBulk();
    // Nobody has folded them: a long way to go, with nothing up to the offset. Held by the lock.
    try (Connection holder = TestPostgres.connect(url);
        Statement statement = holder.createStatement()) {
      holder.setAutoCommit(false);
      statement.execute("SELECT * FROM feed_offset FOR UPDATE");
      ServerProcess stopped = begin(Map.of("PARLEY_DATABASE_URL", url));
      Awaitility.await("it waits for the lock")
          .atMost(Duration.ofSeconds(60))
          .until(
              () ->
                  TestPostgres.number(
                          url,
                          "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
                              + " AND application_name = 'parley rebuild'")
                      > 0);
      stopped.close();
      assertThat(stopped.output())
          .contains("Stopped after 0 of 400 conversations")
          .contains("starts over");
      assertThat(stopped.exitCode()).isNotZero();
    }
  }

  private static void assertRefused(String databaseUrl, String why) {
    ServerProcess refused = begin(Map.of("PARLEY_DATABASE_URL", databaseUrl));
    assertThat(refused.exitCode()).as("%s", refused.output()).isEqualTo(1);
    assertThat(refused.output()).contains("wasn't rebuilt").contains(why);
  }

  private static ServerProcess begin(Map<String, String> settings) {
    return ServerProcess.begin(ServerProcess.freePort(), settings, "rebuild");
  }

  private static CompletableFuture<Void> chat(
      ServerProcess server,
      Account ada,
      List<String> conversations,
      long outbox,
      AtomicLong sent,
      AtomicBoolean ended) {
    return CompletableFuture.runAsync(
        () -> {
          try (ChatClient client = ChatClient.welcomed(server.port(), ada.token())) {
            for (long n = 1; !ended.get(); n++) {
              for (String conversation : conversations) {
                assertThat(client.say(conversation, outbox, n, "text " + n).path("t").asText())
                    .isEqualTo("accepted");
                sent.incrementAndGet();
              }
            }
          }
        },
        OWN_THREAD);
  }

  /** What somebody sees who comes in again and again: no conversation goes, none goes back. */
  private static CompletableFuture<Void> sampleInbox(
      ServerProcess server, Account ada, AtomicBoolean ended) {
    return CompletableFuture.runAsync(
        () -> {
          Map<String, Long> seen = new HashMap<>();
          while (!ended.get()) {
            try (ChatClient client = ChatClient.welcomed(server.port(), ada.token())) {
              JsonNode listed = client.awaitInbox().path("conversations");
              assertThat(listed).as("%s", listed).hasSize(3);
              for (JsonNode summary : listed) {
                long asOf = summary.path("asOf").asLong();
                assertThat(asOf).isPositive();
                assertThat(seen.getOrDefault(summary.path("id").asText(), 0L))
                    .isLessThanOrEqualTo(asOf);
                seen.put(summary.path("id").asText(), asOf);
                assertThat(summary.path("last").path("preview").asText()).startsWith("text ");
              }
            }
          }
        },
        OWN_THREAD);
  }

  private void storeBulk() throws SQLException {
    TestEvents events = new TestEvents();
    try (Connection connection = TestPostgres.connect(url)) {
      connection.setAutoCommit(false);
      for (int i = 0; i < BULK; i++) {
        UserId one = new UserId("u_bulka" + i);
        UserId other = new UserId("u_bulkb" + i);
        List<ConversationEvent> log = new ArrayList<>(List.of(TestEvents.opened(one, other)));
        while (log.size() < BULK_EVENTS) {
          log.add(events.message(log.size() % 2 == 0 ? one : other, "text " + log.size()));
        }
        TestLog.insert(connection, ConversationId.random(), 1, log);
      }
      connection.commit();
    }
  }

  private long wrong() throws SQLException {
    return TestPostgres.number(
        url, "SELECT count(*) FROM conversation_summary WHERE unread = 7777");
  }
}

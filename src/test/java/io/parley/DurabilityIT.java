package io.parley;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.parley.database.DatabaseAddress;
import io.parley.testing.ChatClient;
import io.parley.testing.FaultProxy;
import io.parley.testing.HttpDoor;
import io.parley.testing.HttpDoor.Account;
import io.parley.testing.ServerProcess;
import io.parley.testing.TestPostgres;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/**
 * The server dies between PostgreSQL's commit and its answer. A proxy in front of PostgreSQL holds
 * the answers back, the server is killed with -9 and started again, and the client sends the same
 * numbers once more: one event each, and the answer that the first attempt would have had.
 *
 * <p>Ten operations are in flight at each kill: some committed, some on the way, some not sent.
 * {@code -Dparley.kills=100} kills a hundred times.
 */
class DurabilityIT {
  private static final int KILLS = Integer.getInteger("parley.kills", 10);
  private static final int CONVERSATIONS = 10;

  private final String databaseUrl = TestPostgres.freshDatabase();
  private final DatabaseAddress database = DatabaseAddress.parse(databaseUrl);
  private final int port = ServerProcess.freePort();
  private final HttpDoor http = new HttpDoor("http://127.0.0.1:" + port);

  @Test
  void aMessageCommittedButNotAnsweredIsOneEventAndGetsTheSameAnswer() throws SQLException {
    try (FaultProxy proxy = FaultProxy.to(database.host(), database.port())) {
      Map<String, String> settings =
          Map.of(
              "PARLEY_DATABASE_URL",
              databaseUrl.replace(":" + database.port() + "/", ":" + proxy.port() + "/"),
              "PARLEY_RATE_LIMITS",
              "off",
              // More statements are in flight when the server dies.
              "PARLEY_JOURNAL_PARALLEL_BATCHES",
              "4");
      ServerProcess server = ServerProcess.start(port, settings);
      try {
        Account ada = http.account("ada");
        List<String> conversations = startConversations(ada);
        long outbox = http.outbox(ada);
        int committed = 0;
        for (int kill = 1; kill <= KILLS; kill++) {
          List<JsonNode> before = warmUp(ada, conversations, outbox, 2L * kill - 1);
          sendAndAwaitCommit(ada, conversations, outbox, 2L * kill, proxy);
          server.kill();
          proxy.heal();
          server = ServerProcess.start(port, settings);
          committed += retry(ada, conversations, outbox, 2L * kill, before);
        }
        assertThat(committed)
            .as("were committed when the server died")
            .isGreaterThanOrEqualTo(KILLS);
        for (String conversation : conversations) {
          assertThat(texts(ada, conversation)).isEqualTo(numbered(conversation, 2L * KILLS));
        }
      } finally {
        server.close();
      }
    }
  }

  private List<String> startConversations(Account ada) {
    List<String> conversations = new ArrayList<>();
    for (int i = 0; i < CONVERSATIONS; i++) {
      conversations.add(http.conversation(ada, http.account("peer" + i)));
    }
    return conversations;
  }

  /** One message each that is answered: memberships are remembered, conversations recovered. */
  private List<JsonNode> warmUp(Account ada, List<String> conversations, long outbox, long n) {
    List<JsonNode> answers = new ArrayList<>();
    try (ChatClient client = ChatClient.welcomed(port, ada.token())) {
      for (String conversation : conversations) {
        answers.add(client.say(conversation, outbox, n, text(conversation, n)));
      }
    }
    return answers;
  }

  private void sendAndAwaitCommit(
      Account ada, List<String> conversations, long outbox, long n, FaultProxy proxy)
      throws SQLException {
    long before = messages();
    try (ChatClient client = ChatClient.welcomed(port, ada.token())) {
      client.awaitType("inbox");
      proxy.holdReplies();
      for (String conversation : conversations) {
        client.message(conversation, outbox, n, text(conversation, n));
      }
      Awaitility.await("some are committed")
          .atMost(Duration.ofSeconds(30))
          .pollInterval(Duration.ofMillis(20))
          .until(() -> messages() > before);
      assertThat(client.drain(Duration.ofMillis(100)))
          .noneMatch(frame -> frame.path("t").asText().equals("accepted"));
    }
  }

  /** How many of the retried were stored already. */
  private int retry(
      Account ada, List<String> conversations, long outbox, long n, List<JsonNode> before) {
    int stored = 0;
    try (ChatClient client = ChatClient.welcomed(port, ada.token())) {
      for (int i = 0; i < conversations.size(); i++) {
        String conversation = conversations.get(i);
        JsonNode answer = client.say(conversation, outbox, n, text(conversation, n));
        assertThat(answer.path("t").asText()).as("%s", answer).isEqualTo("accepted");
        stored += answer.path("duplicate").asBoolean() ? 1 : 0;
        assertThat(answer.path("seq").asLong()).isEqualTo(before.get(i).path("seq").asLong() + 1);
      }
    }
    return stored;
  }

  private static String text(String conversation, long n) {
    return n + " in " + conversation;
  }

  private static List<String> numbered(String conversation, long last) {
    List<String> texts = new ArrayList<>();
    for (long n = 1; n <= last; n++) {
      texts.add(text(conversation, n));
    }
    return texts;
  }

  /** Of all messages in a conversation's log, in order. */
  private List<String> texts(Account ada, String conversation) {
    List<String> texts = new ArrayList<>();
    long after = 0;
    while (true) {
      JsonNode page =
          HttpDoor.expect(
              200,
              http.request(
                  "GET",
                  "/v1/conversations/" + conversation + "/events?after=" + after,
                  ada.token(),
                  ""));
      if (page.path("events").isEmpty()) {
        return texts;
      }
      for (JsonNode event : page.path("events")) {
        assertThat(event.path("seq").asLong()).isEqualTo(++after);
        if (event.path("kind").asText().equals("message")) {
          texts.add(event.path("text").asText());
        }
      }
    }
  }

  /** In PostgreSQL itself, past the proxy. */
  private long messages() throws SQLException {
    try (Connection connection = TestPostgres.connect(databaseUrl);
        Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT count(*) FROM event_journal WHERE event_ser_manifest = 'message-1'")) {
      rows.next();
      return rows.getLong(1);
    }
  }
}

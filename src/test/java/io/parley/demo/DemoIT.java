package io.parley.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.parley.testing.ChatClient;
import io.parley.testing.HttpDoor;
import io.parley.testing.TestPostgres;
import io.parley.testing.TestServer;
import java.net.http.HttpResponse;
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

/** What {@code --demo} does to a server, and what a server without it doesn't. */
class DemoIT {
  private static final Map<String, String> UNLIMITED = Map.of("PARLEY_RATE_LIMITS", "off");

  @Test
  void aNewcomerIsInByALinkAndSeesSomethingAtOnceAndAnotherStartGreetsNobodyAgain()
      throws SQLException {
    String database = TestPostgres.freshDatabase();
    String firstLink;
    try (TestServer server = TestServer.start(UNLIMITED, database)) {
      assertThat(texts(database, "SELECT username FROM users")).isEmpty();
      Demo demo = server.openDemo();
      firstLink = demo.links().get(0).address();
      assertThat(demo.links())
          .extracting(link -> link.person().displayName())
          .containsExactly("Ada", "Bob");
      assertThat(demo.invitation()).contains("private window").contains(firstLink);
      assertThat(firstLink).startsWith(server.url() + "/#link=");

      HttpDoor http = server.http();
      JsonNode ada = HttpDoor.expect(201, use(http, firstLink));
      assertThat(ada.at("/user/username").asText()).isEqualTo("ada");
      assertThat(use(http, firstLink).statusCode()).isEqualTo(401);
      String token = ada.path("token").asText();
      assertThat(peersAndLastWords(http, token))
          .containsExactlyInAnyOrder("echo: " + Replies.GREETING, "bob: " + bobsGreeting());

      String bobsToken = token(http, demo.links().get(1).address());
      assertThat(peersAndLastWords(http, bobsToken))
          .containsExactlyInAnyOrder("echo: " + Replies.GREETING, "ada: " + bobsGreeting());
      assertThat(outbox(http, bobsToken)).as("the first is the demo's").isEqualTo(2);

      Echoes echoes = Echoes.withTheDemosBot(http, ada);
      try (ChatClient client = ChatClient.welcomed(server.port(), token)) {
        echoes.sayPipelined(client, 1, 3);
      }
      echoes.assertEachAnsweredOnce(3);
    }
    assertThat(
            texts(database, "SELECT u.username FROM sign_ins s JOIN users u ON u.id = s.user_id"))
        .as("the bot has signed out")
        .containsExactlyInAnyOrder("ada", "bob");

    try (TestServer server = TestServer.start(UNLIMITED, database)) {
      Demo again = server.openDemo();
      String link = again.links().get(0).address();
      assertThat(link.replaceFirst(".*=", "")).isNotEqualTo(firstLink.replaceFirst(".*=", ""));
      JsonNode ada = HttpDoor.expect(201, use(server.http(), link));
      Echoes echoes = Echoes.withTheDemosBot(server.http(), ada);
      echoes.say(1);
      echoes.awaitAnswers(4);
      assertThat(echoes.answers())
          .containsExactly("message 1", "message 2", "message 3", "message 1");
      assertThat(texts(database, "SELECT username FROM users")).hasSize(3);
      assertThat(echoes.events())
          .filteredOn(event -> event.path("text").asText().equals(Replies.GREETING))
          .hasSize(1);
    }
  }

  @Test
  void whereAdaHasAPasswordThereIsNoDemoAndNobodyIsMade() throws SQLException {
    try (TestServer server = TestServer.start(UNLIMITED)) {
      server.http().account("ada");

      assertThatThrownBy(server::openDemo)
          .hasRootCauseInstanceOf(DemoRefusedException.class)
          .rootCause()
          .hasMessageContaining("ada")
          .hasMessageContaining("PARLEY_DATA_DIR=data-demo ./parley --demo");
      assertThat(texts(server.databaseUrl(), "SELECT username FROM users")).containsExactly("ada");
    }
  }

  private static long outbox(HttpDoor http, String token) {
    return HttpDoor.expect(201, http.request("POST", "/v1/outboxes", token, "{}"))
        .path("outbox")
        .asLong();
  }

  private static String bobsGreeting() {
    return "Hi Ada, Bob here, in the other window. Write to me and watch both sides.";
  }

  private static HttpResponse<String> use(HttpDoor http, String link) {
    String token = link.replaceFirst(".*#link=", "");
    return http.request("POST", "/v1/session", "", "{\"link\":\"" + token + "\"}");
  }

  private static String token(HttpDoor http, String link) {
    return HttpDoor.expect(201, use(http, link)).path("token").asText();
  }

  private static List<String> peersAndLastWords(HttpDoor http, String token) {
    List<String> told = new ArrayList<>();
    Awaitility.await("the feed has come so far")
        .atMost(Duration.ofSeconds(20))
        .until(
            () -> {
              told.clear();
              HttpDoor.expect(200, http.request("GET", "/v1/conversations", token, ""))
                  .path("conversations")
                  .forEach(
                      one ->
                          told.add(
                              one.at("/peer/username").asText()
                                  + ": "
                                  + one.at("/last/preview").asText()));
              return told.size() == 2;
            });
    return told;
  }

  private static List<String> texts(String database, String sql) throws SQLException {
    List<String> texts = new ArrayList<>();
    try (Connection connection = TestPostgres.connect(database);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      while (rows.next()) {
        texts.add(rows.getString(1));
      }
    }
    return texts;
  }
}

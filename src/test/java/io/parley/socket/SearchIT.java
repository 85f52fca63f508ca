package io.parley.socket;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.parley.testing.ChatClient;
import io.parley.testing.HttpDoor;
import io.parley.testing.Op;
import io.parley.testing.Schemas;
import io.parley.testing.TestPostgres;
import io.parley.testing.TestServer;
import io.parley.testing.TwoPeople;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** What was sent is found, by the two who may, as it reads now, within a second of its answer. */
class SearchIT {
  /** What is promised is 1 s; a machine that does ten other things at once gets more. */
  private static final Duration SOON = Duration.ofSeconds(10);

  private final TestServer server = TestServer.hurried();
  private final TwoPeople two = TwoPeople.on(server);
  private final String conversation = two.conversation();

  @Test
  void aMessageIsFoundByBothAndByNobodyElse() {
    HttpDoor.Account eve = server.http().somebody("eve");
    try (ChatClient ada = two.adaOnline()) {
      ada.say(conversation, two.outbox(), 1, "我家的猫 sleeps \uD83D\uDE3A");
      for (String part : List.of("猫", "的猫", "SLEEPS", "\uD83D\uDE3A", "猫 s")) {
        awaitFound(two.ada(), part, 1);
        awaitFound(two.bob(), part, 1);
        assertThat(hits(eve, part)).isEmpty();
      }
    }
    JsonNode hit = hits(two.bob(), "sleeps").get(0);
    assertThat(hit.at("/message/seq").asLong()).isEqualTo(2);
    assertThat(hit.at("/message/by").asText()).isEqualTo(two.ada().id());
    assertThat(hit.at("/peer/id").asText()).isEqualTo(two.ada().id());
    assertThat(hit.path("conversation").asText()).isEqualTo(conversation);
  }

  @Test
  void anEditedMessageIsFoundByItsNewTextOnly() {
    try (ChatClient ada = two.adaOnline()) {
      ada.say(conversation, two.outbox(), 1, "the old wording");
      awaitFound(two.bob(), "old wording", 1);
      ada.outcome(conversation, two.outbox(), 2, Op.edit(2, "a fresh phrase"));
      awaitFound(two.bob(), "fresh phrase", 1);
    }
    assertThat(hits(two.bob(), "old wording")).isEmpty();
    JsonNode hit = hits(two.ada(), "fresh").get(0);
    assertThat(hit.path("edited").asBoolean()).isTrue();
    assertThat(hit.at("/message/seq").asLong()).as("its place is that of the message").isEqualTo(2);
  }

  @Test
  void aDeletedMessageIsFoundNoMoreAndLeavesNothingBehind() throws Exception {
    try (ChatClient ada = two.adaOnline()) {
      ada.say(conversation, two.outbox(), 1, "combination 12-34-56");
      ada.outcome(conversation, two.outbox(), 2, Op.edit(2, "combination 65-43-21"));
      awaitFound(two.bob(), "combination", 1);
      ada.outcome(conversation, two.outbox(), 3, Op.delete(2));
      awaitFound(two.bob(), "combination", 0);
    }
    assertThat(hits(two.ada(), "65-43")).isEmpty();
    assertThat(hits(two.ada(), "12-34")).isEmpty();
    try (Connection connection = TestPostgres.connect(server.databaseUrl());
        PreparedStatement statement =
            connection.prepareStatement(
                "SELECT body || folded || grams::text FROM message WHERE conversation_id = ?")) {
      statement.setString(1, conversation);
      ResultSet rows = statement.executeQuery();
      assertThat(rows.next()).isTrue();
      assertThat(rows.getString(1)).isEqualTo("{}");
    }
  }

  @Test
  void aChangeShowsWithinASecondOfItsAnswer() {
    try (ChatClient ada = two.adaOnline()) {
      ada.say(conversation, two.outbox(), 1, "warm up");
      awaitFound(two.bob(), "warm up", 1);
      long best = Long.MAX_VALUE;
      for (int n = 2; n < 8; n++) {
        long seq = ada.say(conversation, two.outbox(), n, "zebra" + n).path("seq").asLong();
        assertThat(seq).isPositive();
        long answered = System.nanoTime();
        awaitFound(two.bob(), "zebra" + n, 1);
        best = Math.min(best, System.nanoTime() - answered);
      }
      assertThat(Duration.ofNanos(best)).isLessThan(Duration.ofSeconds(1));
    }
  }

  private void awaitFound(HttpDoor.Account account, String text, int count) {
    Awaitility.await()
        .atMost(SOON)
        .pollInterval(Duration.ofMillis(50))
        .until(() -> hits(account, text).size() == count);
  }

  private List<JsonNode> hits(HttpDoor.Account account, String text) {
    String path = "/v1/search?q=" + URLEncoder.encode(text, StandardCharsets.UTF_8);
    var response = server.http().request("GET", path, account.token(), "");
    JsonNode page = HttpDoor.expect(200, response);
    Schemas.assertValidBody("hits", response.body());
    assertThat(page.path("cursor").isNull()).isTrue();
    return List.of(page.path("hits").findParents("message").toArray(JsonNode[]::new));
  }
}

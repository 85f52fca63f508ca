package io.parley.socket;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.parley.testing.ChatClient;
import io.parley.testing.Op;
import io.parley.testing.TestPostgres;
import io.parley.testing.TestServer;
import io.parley.testing.TwoPeople;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** A message is its author's: nobody else changes it, and what was deleted is gone. */
class EditsIT {
  private static final String SECRET = "the combination is 12-34-56";

  private final TestServer server = TestServer.ordinary();
  private final TwoPeople two = TwoPeople.on(server);
  private final String conversation = two.conversation();

  @Test
  void onlyItsAuthorEditsAndDeletesAMessage() {
    try (ChatClient ada = two.adaOnline();
        ChatClient bob = two.bobOnline()) {
      ada.say(conversation, two.outbox(), 1, "mine");
      long n = two.bobsOutbox();
      bob.awaitError(bob.operate(conversation, n, 1, Op.edit(2, "yours")), "forbidden");
      bob.awaitError(bob.operate(conversation, n, 2, Op.delete(2)), "forbidden");
      bob.awaitError(bob.operate(conversation, n, 2, Op.delete(2)), "not_stored");
      JsonNode edited = ada.outcome(conversation, two.outbox(), 2, Op.edit(2, "mine, corrected"));
      assertThat(edited.path("seq").asLong()).as("what was refused left no event").isEqualTo(3);
      JsonNode event = bob.eventsUpTo(conversation, 3).get(2);
      assertThat(event.path("kind").asText()).isEqualTo("edit");
      assertThat(event.path("of").asLong()).isEqualTo(2);
      assertThat(event.path("text").asText()).isEqualTo("mine, corrected");
    }
  }

  @Test
  void whatIsNoMessageIsNeitherEditedNorDeletedNorReactedToNorRepliedTo() {
    try (ChatClient ada = two.adaOnline()) {
      ada.say(conversation, two.outbox(), 1, "a message");
      ada.outcome(conversation, two.outbox(), 2, Op.edit(2, "an edit"));
      long n = 3;
      for (long of : new long[] {1, 3, 4, 1_000_000}) {
        for (JsonNode op :
            List.of(
                Op.edit(of, "x"),
                Op.delete(of),
                Op.react(of, "\uD83D\uDC4D", true),
                Op.reply(of, "x"))) {
          ada.awaitError(ada.operate(conversation, two.outbox(), n++, op), "invalid");
        }
      }
      assertThat(
              ada.outcome(conversation, two.outbox(), n, Op.reply(2, "to it")).path("seq").asLong())
          .as("five named a place where nothing was yet, and left an event that says so")
          .isEqualTo(9);
    }
  }

  @Test
  void aReactionIsOneGraphemeCluster() {
    try (ChatClient ada = two.adaOnline()) {
      ada.say(conversation, two.outbox(), 1, "a message");
      long n = 2;
      for (String wrong : List.of("", " ", "ab", "\uD83D\uDE00\uD83D\uDE00", "\n")) {
        ada.socket()
            .sendText(
                ChatClient.frame("send")
                    .put("id", 900 + n)
                    .put("conversation", conversation)
                    .put("outbox", two.outbox())
                    .put("n", n)
                    .set("op", Op.react(2, wrong, true))
                    .toString());
        ada.awaitError(900 + n++, "invalid");
      }
      String family = "\uD83D\uDC68\u200D\uD83D\uDC69\u200D\uD83D\uDC67\u200D\uD83D\uDC66";
      JsonNode answer = ada.outcome(conversation, two.outbox(), n, Op.react(2, family, true));
      assertThat(answer.path("t").asText()).isEqualTo("accepted");
    }
  }

  @Test
  void aDeletedMessageLeavesTheJournalWithinTwoSecondsAndSoDoItsEdits() throws SQLException {
    try (ChatClient ada = two.adaOnline();
        ChatClient bob = two.bobOnline()) {
      ada.say(conversation, two.outbox(), 1, SECRET);
      ada.outcome(conversation, two.outbox(), 2, Op.edit(2, SECRET + "!"));
      assertThat(rowsWithTheSecret()).isEqualTo(2);
      ada.outcome(conversation, two.outbox(), 3, Op.delete(2));
      Awaitility.await()
          .atMost(Duration.ofSeconds(2))
          .pollInterval(Duration.ofMillis(20))
          .until(() -> rowsWithTheSecret() == 0);
      List<JsonNode> replayed = replayed();
      assertThat(replayed)
          .extracting(event -> event.path("kind").asText())
          .containsExactly("opened", "message", "edit", "delete");
      assertThat(replayed.subList(1, 3))
          .allMatch(event -> event.path("erased").asBoolean() && !event.has("text"));
      assertThat(replayed.get(2).path("of").asLong()).isEqualTo(2);
      assertThat(pageOf(bob)).isEqualTo(pageOf(ada)).isEqualTo(replayed.toString());
      afterwards(ada, bob);
    }
  }

  /** Nothing changes a deleted message; a retry of what it was gets its first answer. */
  private void afterwards(ChatClient ada, ChatClient bob) {
    ada.awaitError(ada.operate(conversation, two.outbox(), 4, Op.edit(2, "back?")), "gone");
    ada.awaitError(ada.operate(conversation, two.outbox(), 5, Op.delete(2)), "gone");
    bob.awaitError(
        bob.operate(conversation, two.bobsOutbox(), 1, Op.react(2, "\uD83D\uDC4D", true)), "gone");
    JsonNode again = ada.say(conversation, two.outbox(), 1, "nobody can tell any more");
    assertThat(again.path("duplicate").asBoolean()).isTrue();
    assertThat(again.path("seq").asLong()).isEqualTo(2);
  }

  private List<JsonNode> replayed() {
    try (ChatClient ada =
        ChatClient.welcomed(
            server.port(), ChatClient.cursor(ChatClient.helloOf(two.ada()), conversation, 0))) {
      List<JsonNode> events = new ArrayList<>();
      ada.eventsUpTo(conversation, 4).forEach(event -> events.add(anonymous(event)));
      return events;
    }
  }

  private String pageOf(ChatClient client) {
    List<JsonNode> events = new ArrayList<>();
    client
        .awaitReply(client.request(ChatClient.frame("page").put("conversation", conversation)))
        .path("events")
        .forEach(event -> events.add(anonymous(event)));
    return events.toString();
  }

  private static JsonNode anonymous(JsonNode event) {
    ObjectNode copy = event.deepCopy();
    copy.remove(List.of("outbox", "n"));
    return copy;
  }

  private long rowsWithTheSecret() throws SQLException {
    try (Connection connection = TestPostgres.connect(server.databaseUrl());
        PreparedStatement statement =
            connection.prepareStatement(
                "SELECT count(*) FROM event_journal WHERE persistence_id = ?"
                    + " AND position(convert_to(?, 'UTF8') IN event_payload) > 0")) {
      statement.setString(1, "Conversation|" + conversation);
      statement.setString(2, SECRET);
      try (ResultSet rows = statement.executeQuery()) {
        rows.next();
        return rows.getLong(1);
      }
    }
  }
}

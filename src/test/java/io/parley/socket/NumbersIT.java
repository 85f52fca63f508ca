package io.parley.socket;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.parley.testing.ChatClient;
import io.parley.testing.HttpDoor;
import io.parley.testing.Op;
import io.parley.testing.TestServer;
import io.parley.testing.TwoPeople;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A number names one operation for ever: retries of any age, gaps, skips, refusals, strangers. */
class NumbersIT {
  private final TestServer server = TestServer.hurried();
  private final TwoPeople two = TwoPeople.on(server);
  private final String conversation = two.conversation();
  private final long outbox = two.outbox();

  @Test
  void aRetryOfAnyAgeGetsTheAnswerThatItGotAtFirst() {
    try (ChatClient ada = two.adaOnline()) {
      List<JsonNode> answers = new ArrayList<>();
      for (int n = 1; n <= 20; n++) {
        answers.add(ada.say(conversation, outbox, n, "message " + n));
      }
      for (int n : new int[] {20, 13, 12, 5, 1}) {
        JsonNode again = ada.say(conversation, outbox, n, "message " + n);
        assertDuplicate(again, answers.get(n - 1));
      }
      assertThat(ada.say(conversation, outbox, 1, "other").path("code").asText())
          .as("a number far outside of what is remembered")
          .isEqualTo("conflict");
      assertThat(head(ada)).isEqualTo(21);
    }
  }

  @Test
  void aRetryOverHttpIsTheSameOperation() {
    try (ChatClient ada = two.adaOnline()) {
      JsonNode answer = ada.say(conversation, outbox, 1, "once");
      ObjectNode body = ChatClient.JSON.createObjectNode().put("outbox", outbox).put("n", 1);
      body.set("op", Op.message("once").putNull("replyTo"));
      JsonNode again =
          HttpDoor.expect(
              200,
              server
                  .http()
                  .request(
                      "POST",
                      "/v1/conversations/" + conversation + "/operations",
                      two.ada().token(),
                      body.toString()));
      assertDuplicate(again, answer);
    }
  }

  @Test
  void anOutboxThatIsForgottenIsFoundInTheLogOrExpired() {
    try (ChatClient ada = two.adaOnline()) {
      JsonNode first = ada.say(conversation, outbox, 1, "the oldest outbox");
      for (int i = 0; i < 32; i++) {
        long next = server.http().outbox(two.ada());
        assertThat(ada.say(conversation, next, 1, "outbox " + i).path("t").asText())
            .isEqualTo("accepted");
      }
      assertDuplicate(ada.say(conversation, outbox, 1, "the oldest outbox"), first);
      ada.awaitError(ada.message(conversation, outbox, 1, "not that"), "conflict");
      ada.awaitError(ada.message(conversation, outbox, 2, "new"), "outbox_expired");
      assertThat(ada.outcome(conversation, outbox, 2, Op.skip()).path("t").asText())
          .isEqualTo("skipped");
      assertThat(head(ada)).isEqualTo(34);
    }
  }

  @Test
  void aHigherNumberIsOutOfOrderAndStoresNothing() {
    try (ChatClient ada = two.adaOnline()) {
      JsonNode error = ada.awaitError(ada.message(conversation, outbox, 3, "c"), "out_of_order");
      assertThat(error.path("expected").asLong()).isEqualTo(1);
      assertThat(error.path("retryable").asBoolean()).isTrue();
      JsonNode skip =
          ada.awaitError(ada.operate(conversation, outbox, 3, Op.skip()), "out_of_order");
      assertThat(skip.path("expected").asLong()).isEqualTo(1);
      ada.say(conversation, outbox, 1, "a");
      error = ada.awaitError(ada.message(conversation, outbox, 3, "c"), "out_of_order");
      assertThat(error.path("expected").asLong()).isEqualTo(2);
      assertThat(head(ada)).isEqualTo(2);
    }
  }

  @Test
  void aSkipSettlesWhetherTheNumberWasUsed() {
    try (ChatClient ada = two.adaOnline()) {
      JsonNode accepted = ada.say(conversation, outbox, 1, "stored");
      assertDuplicate(ada.outcome(conversation, outbox, 1, Op.skip()), accepted);
      assertThat(ada.outcome(conversation, outbox, 2, Op.skip()).path("t").asText())
          .isEqualTo("skipped");
      ada.awaitError(ada.message(conversation, outbox, 2, "a late copy"), "not_stored");
      assertThat(ada.outcome(conversation, outbox, 2, Op.skip()).path("t").asText())
          .as("a skip again")
          .isEqualTo("skipped");
      assertThat(ada.say(conversation, outbox, 3, "next").path("seq").asLong())
          .as("the skip took the place before")
          .isEqualTo(4);
      ada.awaitError(ada.message(conversation, outbox, 2, "still later"), "not_stored");
    }
  }

  @Test
  void whateverIsRefusedForGoodSpendsItsNumber() {
    try (ChatClient ada = two.adaOnline()) {
      long n = 1;
      for (String[] refused :
          new String[][] {
            {"invalid_text", "{\"kind\":\"message\",\"text\":\"\\u0000\"}"},
            {"invalid_text", "{\"kind\":\"message\",\"text\":\" \"}"},
            {"too_long", "{\"kind\":\"message\",\"text\":\"" + "x".repeat(8001) + "\"}"},
            {"invalid", "{\"kind\":\"message\",\"text\":\"to what?\",\"replyTo\":99}"},
            {"invalid", "{\"kind\":\"delete\",\"of\":99}"},
            {"bad_frame", "{\"kind\":\"message\"}"},
            {"bad_frame", "{\"kind\":\"message\",\"text\":7}"},
            {"unsupported", "{\"kind\":\"dance\"}"},
          }) {
        sendRaw(ada, n, refused[1]);
        JsonNode error = ada.awaitError(n, refused[0]);
        assertThat(error.path("retryable").asBoolean()).isFalse();
        sendRaw(ada, n, "{\"kind\":\"message\",\"text\":\"in its place\"}");
        ada.awaitError(n, "not_stored");
        n++;
      }
      sendRaw(ada, n, "{\"kind\":\"message\",\"text\":\"at last\"}");
      assertThat(ada.awaitReply(n).path("seq").asLong())
          .as("behind the opening, and one event for each number that was spent")
          .isEqualTo(n + 1);
    }
  }

  @Test
  void aSkippedNumberIsNeverStoredHoweverOldItIs() {
    try (ChatClient ada = two.adaOnline()) {
      assertThat(ada.outcome(conversation, outbox, 1, Op.skip()).path("t").asText())
          .isEqualTo("skipped");
      for (int n = 2; n <= 20; n++) {
        ada.say(conversation, outbox, n, "message " + n);
      }
      ada.awaitError(ada.message(conversation, outbox, 1, "far too late"), "not_stored");
      assertThat(ada.outcome(conversation, outbox, 1, Op.skip()).path("t").asText())
          .isEqualTo("skipped");
      for (int i = 0; i < 32; i++) {
        ada.say(conversation, server.http().outbox(two.ada()), 1, "outbox " + i);
      }
      ada.awaitError(ada.message(conversation, outbox, 1, "later still"), "not_stored");
      assertThat(ada.outcome(conversation, outbox, 1, Op.skip()).path("t").asText())
          .as("of an outbox that only the log knows")
          .isEqualTo("skipped");
      assertThat(head(ada)).isEqualTo(1 + 20 + 32);
    }
  }

  @Test
  void aSkipIsSeenByBothAndIsNoMessage() {
    try (ChatClient ada = two.adaOnline();
        ChatClient bob = two.bobOnline()) {
      ada.say(conversation, outbox, 1, "the only message");
      ada.outcome(conversation, outbox, 2, Op.skip());
      JsonNode own = page(ada).get(2);
      assertThat(own.path("kind").asText()).isEqualTo("skipped");
      assertThat(own.path("outbox").asLong()).isEqualTo(outbox);
      assertThat(own.path("n").asLong()).isEqualTo(2);
      JsonNode peers = page(bob).get(2);
      assertThat(peers.path("kind").asText()).isEqualTo("skipped");
      assertThat(peers.has("outbox") || peers.has("n")).isFalse();
      ada.awaitError(ada.operate(conversation, outbox, 3, Op.delete(3)), "invalid");
    }
  }

  private JsonNode page(ChatClient client) {
    return client
        .awaitReply(client.request(ChatClient.frame("page").put("conversation", conversation)))
        .path("events");
  }

  /** With the number as the id of the request. */
  private void sendRaw(ChatClient ada, long n, String op) {
    ada.socket()
        .sendText(
            "{\"t\":\"send\",\"id\":%d,\"conversation\":\"%s\",\"outbox\":%d,\"n\":%d,\"op\":%s}"
                .formatted(n, conversation, outbox, n, op));
  }

  @Test
  void anOutboxOfSomebodyElseIsInvalidAndStoresNothing() {
    long onlyAdas = server.http().outbox(two.ada());
    assertThat(onlyAdas).isGreaterThan(two.bobsOutbox());
    try (ChatClient ada = two.adaOnline();
        ChatClient bob = two.bobOnline()) {
      bob.awaitError(bob.message(conversation, onlyAdas, 1, "mine"), "invalid");
      bob.awaitError(bob.operate(conversation, onlyAdas, 1, Op.skip()), "invalid");
      assertThat(ada.say(conversation, onlyAdas, 1, "mine").path("seq").asLong()).isEqualTo(2);
      ada.awaitError(ada.message(conversation, 1_000_000, 1, "nobody's"), "invalid");
    }
  }

  @Test
  void theSameOrdinalOfTwoPeopleIsTwoOutboxes() {
    assertThat(two.bobsOutbox()).isEqualTo(outbox);
    try (ChatClient ada = two.adaOnline();
        ChatClient bob = two.bobOnline()) {
      assertThat(ada.say(conversation, outbox, 1, "from ada").path("duplicate").asBoolean())
          .isFalse();
      JsonNode answer = bob.say(conversation, outbox, 1, "from bob");
      assertThat(answer.path("t").asText()).isEqualTo("accepted");
      assertThat(answer.path("duplicate").asBoolean()).isFalse();
      assertThat(answer.path("seq").asLong()).isEqualTo(3);
    }
  }

  @Test
  void whatIsPipelinedIsStoredInTheOrderSent() {
    try (ChatClient ada = two.adaOnline()) {
      List<Long> ids = new ArrayList<>();
      for (int n = 1; n <= 8; n++) {
        ids.add(ada.message(conversation, outbox, n, "message " + n));
      }
      for (int n = 1; n <= 8; n++) {
        assertThat(ada.awaitReply(ids.get(n - 1)).path("seq").asLong()).isEqualTo(n + 1L);
      }
    }
  }

  @Test
  void copiesRacingFromSeveralSessionsMakeOneEvent() {
    try (ChatClient one = two.adaOnline();
        ChatClient other = two.adaOnline();
        ChatClient third = two.adaOnline()) {
      for (int n = 1; n <= 10; n++) {
        long a = one.message(conversation, outbox, n, "message " + n);
        long b = other.message(conversation, outbox, n, "message " + n);
        long c = third.message(conversation, outbox, n, "message " + n);
        List<JsonNode> answers =
            List.of(one.awaitReply(a), other.awaitReply(b), third.awaitReply(c));
        assertThat(answers).extracting(answer -> answer.path("seq").asLong()).containsOnly(n + 1L);
        assertThat(answers).filteredOn(answer -> !answer.path("duplicate").asBoolean()).hasSize(1);
      }
    }
  }

  private static void assertDuplicate(JsonNode again, JsonNode original) {
    assertThat(again.path("duplicate").asBoolean()).as("%s", again).isTrue();
    for (String same : List.of("conversation", "outbox", "n", "seq", "at")) {
      assertThat(again.path(same)).isEqualTo(original.path(same));
    }
  }

  private long head(ChatClient client) {
    return client
        .awaitReply(client.request(ChatClient.frame("page").put("conversation", conversation)))
        .path("head")
        .asLong();
  }
}

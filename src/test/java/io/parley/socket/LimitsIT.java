package io.parley.socket;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.parley.testing.ChatClient;
import io.parley.testing.Op;
import io.parley.testing.TestServer;
import io.parley.testing.TwoPeople;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Each limit as it is shipped: what is at it passes, what is one past it is refused. */
class LimitsIT {
  private static final int FRAME_BYTES = 64 * 1024;

  private final TestServer server = TestServer.ordinary();
  private final TwoPeople two = TwoPeople.on(server);
  private final String conversation = two.conversation();

  @Test
  void aTextHasEightThousandCodePointsAndSixteenKibibytes() {
    try (ChatClient ada = two.adaOnline()) {
      assertAccepted(ada, 1, "x".repeat(8_000));
      assertTooLong(ada, 2, "x".repeat(8_001));
      assertAccepted(ada, 3, "\uD83D\uDE00".repeat(4_096));
      assertTooLong(ada, 4, "\uD83D\uDE00".repeat(4_096) + "x");
      assertAccepted(ada, 5, "é".repeat(8_000));
      assertTooLong(ada, 6, "\u0001".repeat(8_001));
      ObjectNode edit = Op.edit(2, "y".repeat(8_001));
      ada.awaitError(sendRaw(ada, 7, edit), "too_long");
    }
  }

  private void assertAccepted(ChatClient ada, long n, String text) {
    assertThat(ada.say(conversation, two.outbox(), n, text).path("t").asText())
        .isEqualTo("accepted");
  }

  private void assertTooLong(ChatClient ada, long n, String text) {
    JsonNode error = ada.awaitError(sendRaw(ada, n, Op.message(text)), "too_long");
    assertThat(error.path("retryable").asBoolean()).isFalse();
  }

  private long sendRaw(ChatClient ada, long n, ObjectNode op) {
    ObjectNode send =
        ChatClient.frame("send")
            .put("id", 1_000 + n)
            .put("conversation", conversation)
            .put("outbox", two.outbox())
            .put("n", n);
    send.set("op", op);
    ada.socket().sendText(send.toString());
    return 1_000 + n;
  }

  @Test
  void aFrameHasSixtyFourKibibytes() {
    try (ChatClient ada = two.adaOnline()) {
      ada.socket().sendText(pingOf(FRAME_BYTES));
      assertThat(ada.awaitReply(77).path("t").asText()).isEqualTo("pong");
      ada.socket().sendText(pingOf(FRAME_BYTES + 1));
      assertThat(ada.awaitBye("protocol_error").path("reconnect").asBoolean()).isTrue();
    }
  }

  @Test
  void bytesOfAFrameCountAndNotItsCharacters() {
    try (ChatClient ada = two.adaOnline()) {
      String padding = "é".repeat(FRAME_BYTES / 2);
      ada.socket().sendText("{\"t\":\"ping\",\"id\":77,\"x\":\"" + padding + "\"}");
      ada.awaitBye("protocol_error");
    }
  }

  private static String pingOf(int bytes) {
    String frame = "{\"t\":\"ping\",\"id\":77,\"x\":\"\"}";
    return frame.replace("\"\"", "\"" + "x".repeat(bytes - frame.length()) + "\"");
  }

  @Test
  void aFrameHasAHundredCursors() {
    try (ChatClient ada = two.adaOnline()) {
      assertThat(ada.awaitReply(ada.request(resumeOf(100))).path("t").asText()).isEqualTo("ok");
      for (int i = 0; i < 100; i++) {
        assertThat(ada.awaitType("error").path("code").asText()).isEqualTo("resync");
      }
      ada.socket().sendText(resumeOf(101).put("id", 900).toString());
      ada.awaitError(900, "invalid");
      ObjectNode twice = ChatClient.frame("resume").put("id", 901);
      ChatClient.cursor(ChatClient.cursor(twice, conversation, 0), conversation, 0);
      ada.socket().sendText(twice.toString());
      ada.awaitError(901, "invalid");
    }
  }

  @Test
  void aHelloOfTooManyCursorsIsRefusedAndMayBeSaidAgain() {
    try (ChatClient ada = ChatClient.open(server.port())) {
      ObjectNode hello = ChatClient.helloOf(two.ada()).put("id", 900);
      hello.set("cursors", resumeOf(101).path("cursors"));
      ada.socket().sendText(hello.toString());
      ada.awaitError(900, "invalid");
      ada.hello(two.ada().token());
      ada.awaitType("welcome");
    }
  }

  private static ObjectNode resumeOf(int cursors) {
    ObjectNode resume = ChatClient.frame("resume");
    for (int i = 0; i < cursors; i++) {
      ChatClient.cursor(resume, "c_absent" + i, 0);
    }
    return resume;
  }

  @Test
  void fiftyPeopleAreWatched() {
    try (ChatClient ada = two.adaOnline()) {
      ada.send(watch(50));
      for (int i = 0; i < 50; i++) {
        assertThat(ada.awaitType("presence").path("online").asBoolean()).isFalse();
      }
      ada.socket().sendText(watch(51).toString());
      assertThat(ada.awaitType("error").path("code").asText()).isEqualTo("invalid");
    }
  }

  private static ObjectNode watch(int people) {
    ObjectNode watch = ChatClient.frame("watch");
    ArrayNode users = watch.putArray("users");
    for (int i = 0; i < people; i++) {
      users.add("u_absent" + i);
    }
    return watch;
  }

  @Test
  void aPageHasAHundredEventsAndOneBound() {
    try (ChatClient ada = two.adaOnline()) {
      assertThat(ada.awaitReply(ada.request(page().put("limit", 100))).path("t").asText())
          .isEqualTo("page");
      long id = 900;
      for (ObjectNode wrong :
          List.of(
              page().put("limit", 101),
              page().put("limit", 0),
              page().put("limit", -1),
              page().put("before", 5).put("after", 1),
              page().put("before", 0))) {
        ada.socket().sendText(wrong.put("id", ++id).toString());
        ada.awaitError(id, "invalid");
      }
    }
  }

  private ObjectNode page() {
    return ChatClient.frame("page").put("conversation", conversation);
  }

  @Test
  void thirtyOperationsGoAtOnceAndOnesPastThatAreToldWhenToComeAgain() {
    try (ChatClient ada = two.adaOnline()) {
      List<Long> ids = new ArrayList<>();
      for (int i = 0; i < 60; i++) {
        // Each in another place, so that none waits for another.
        ids.add(ada.message("c_absent" + i, two.outbox(), 1, "x"));
      }
      List<JsonNode> answers = ids.stream().map(ada::awaitReply).toList();
      assertThat(answers.subList(0, 30))
          .extracting(answer -> answer.path("code").asText())
          .containsOnly("not_found");
      List<JsonNode> limited =
          answers.stream()
              .filter(answer -> answer.path("code").asText().equals("rate_limited"))
              .toList();
      assertThat(limited).isNotEmpty();
      assertThat(limited).allMatch(answer -> answer.path("retryable").asBoolean());
      assertThat(limited).allMatch(answer -> answer.path("retryAfterMs").asLong() > 0);
      Awaitility.await()
          .atMost(Duration.ofSeconds(5))
          .until(
              () ->
                  ada.say(conversation, two.outbox(), 1, "later")
                      .path("t")
                      .asText()
                      .equals("accepted"));
    }
  }

  @Test
  void aPersonHasTenSessionsAndTheEleventhIsToldSo() {
    List<ChatClient> sessions = new ArrayList<>();
    try {
      for (int i = 0; i < 10; i++) {
        sessions.add(ChatClient.welcomed(server.port(), two.ada().token()));
      }
      try (ChatClient eleventh = ChatClient.open(server.port())) {
        eleventh.hello(two.ada().token());
        JsonNode bye = eleventh.awaitBye("too_many_sessions");
        assertThat(bye.path("reconnect").asBoolean()).isFalse();
      }
      sessions.forEach(
          session ->
              assertThat(
                      session
                          .awaitReply(session.request(ChatClient.frame("ping")))
                          .path("t")
                          .asText())
                  .isEqualTo("pong"));
      sessions.remove(0).close();
      Awaitility.await().atMost(Duration.ofSeconds(5)).until(this::adaIsWelcome);
    } finally {
      sessions.forEach(ChatClient::close);
    }
  }

  @Test
  void socketsThatVanishedWithoutAWordKeepNobodyOut() {
    List<ChatClient> sessions = new ArrayList<>();
    try (ChatClient bob = two.bobOnline()) {
      for (int i = 0; i < 10; i++) {
        sessions.add(ChatClient.welcomed(server.port(), two.ada().token()));
      }
      sessions.subList(0, 5).forEach(ChatClient::stopAnsweringPings);
      for (int i = 0; i < 5; i++) {
        sessions.add(ChatClient.welcomed(server.port(), two.ada().token()));
      }
      // They may be welcome and not attached yet: who isn't in the end is parted with.
      ChatClient last = sessions.get(14);
      assertThat(last.drainFor(Duration.ofSeconds(5)))
          .noneMatch(frame -> frame.path("t").asText().equals("bye"));
      bob.say(conversation, two.bobsOutbox(), 1, "all of you?");
      for (ChatClient session : sessions) {
        assertThat(session.awaitText()).isEqualTo("all of you?");
      }
    } finally {
      sessions.forEach(ChatClient::close);
    }
  }

  private boolean adaIsWelcome() {
    try (ChatClient again = ChatClient.open(server.port())) {
      again.hello(two.ada().token());
      return again
          .await(frame -> !frame.path("t").asText().equals("inbox"), "an answer")
          .path("t")
          .asText()
          .equals("welcome");
    }
  }

  @Test
  void aMessageHasTwentyDifferentReactions() {
    try (ChatClient ada = two.adaOnline();
        ChatClient bob = two.bobOnline()) {
      ada.say(conversation, two.outbox(), 1, "react!");
      for (int i = 0; i < 20; i++) {
        JsonNode answer = bob.outcome(conversation, two.bobsOutbox(), i + 1, react(i, true));
        assertThat(answer.path("t").asText()).isEqualTo("accepted");
      }
      bob.awaitError(bob.operate(conversation, two.bobsOutbox(), 21, react(20, true)), "invalid");
      ada.awaitError(ada.operate(conversation, two.outbox(), 2, react(20, true)), "invalid");
      assertThat(ada.outcome(conversation, two.outbox(), 3, react(3, true)).path("t").asText())
          .as("one that is there already")
          .isEqualTo("accepted");
      bob.outcome(conversation, two.bobsOutbox(), 22, react(7, false));
      assertThat(
              bob.outcome(conversation, two.bobsOutbox(), 23, react(20, true)).path("t").asText())
          .as("another one after one was taken off")
          .isEqualTo("accepted");
    }
  }

  private static ObjectNode react(int which, boolean on) {
    return Op.react(2, Character.toString(0x1F600 + which), on);
  }
}

package io.parley.socket;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.parley.testing.ChatClient;
import io.parley.testing.HttpDoor.Account;
import io.parley.testing.Op;
import io.parley.testing.TestServer;
import io.parley.testing.TwoPeople;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Nothing of Ada's and Bob's conversation ever reaches Eve, not even that it exists. */
class IsolationIT {
  private static final String ABSENT = "c_0000000000000000";
  private static final List<String> MALFORMED =
      List.of("", "c_", "C_ABC", "u_0000000000000000", "c_none", "../x", "' OR 1=1 --", "c_é");

  private final TestServer server = TestServer.hurried();
  private final TwoPeople two = TwoPeople.on(server);
  private final Account eve = server.http().somebody("eve");
  private final long evesOutbox = server.http().outbox(eve);

  @Test
  void aForeignConversationAnswersEveryFrameAsAnAbsentOneByteForByte() {
    try (ChatClient ada = two.adaOnline()) {
      two.adaSays(ada, 1, 5);
    }
    try (ChatClient client = two.online(eve)) {
      for (Function<String, ObjectNode> frame : frames()) {
        String absent = answers(client, frame, ABSENT);
        assertThat(answers(client, frame, two.conversation())).isEqualTo(absent);
        for (String malformed : MALFORMED) {
          // A malformed id isn't repeated to whoever sent it.
          assertThat(answers(client, frame, malformed).replace("c_none", "«id»"))
              .as("%s", malformed)
              .isEqualTo(absent);
        }
      }
    }
  }

  private List<Function<String, ObjectNode>> frames() {
    return List.of(
        id -> send(id, 1, Op.message("hello?")),
        id -> send(id, 2, Op.message("hello?")),
        id -> send(id, 1, Op.skip()),
        id -> send(id, 1, Op.edit(2, "x")),
        id -> send(id, 1, Op.delete(2)),
        id -> send(id, 1, Op.react(2, "\uD83D\uDC4D", true)),
        id -> send(id, 1, Op.message("x".repeat(8_001))),
        id -> send(id, 1, ChatClient.JSON.createObjectNode().put("kind", "dance")),
        id -> ChatClient.frame("page").put("conversation", id),
        id -> ChatClient.frame("page").put("conversation", id).put("before", 3).put("limit", 2),
        id -> ChatClient.frame("page").put("conversation", id).put("after", 1),
        id -> ChatClient.cursor(ChatClient.frame("resume"), id, 0),
        id -> ChatClient.cursor(ChatClient.frame("resume"), id, 1_000),
        id -> ChatClient.cursorAtHead(ChatClient.frame("resume"), id),
        id -> ChatClient.frame("mark").put("conversation", id).put("read", 2),
        id -> ChatClient.frame("typing").put("conversation", id).put("on", true));
  }

  private ObjectNode send(String conversation, long n, ObjectNode op) {
    ObjectNode send =
        ChatClient.frame("send")
            .put("conversation", conversation)
            .put("outbox", evesOutbox)
            .put("n", n)
            .put("read", 2);
    send.set("op", op);
    return send;
  }

  /** All that comes of a frame, with the id taken out. */
  private static String answers(ChatClient client, Function<String, ObjectNode> frame, String id) {
    ObjectNode sent = frame.apply(id).put("id", 0);
    client.socket().sendText(sent.toString());
    StringBuilder all = new StringBuilder();
    if (!List.of("mark", "typing").contains(sent.path("t").asText())) {
      all.append(client.awaitReply(0)).append('\n');
    }
    // Looked up like the frame, and after it: when it is answered, so is the frame.
    ObjectNode barrier = ChatClient.frame("page").put("conversation", "c_barrier");
    client.awaitReply(client.request(barrier));
    client.drain(Duration.ofMillis(2)).forEach(more -> all.append(more).append('\n'));
    return id.isEmpty() ? all.toString() : all.toString().replace("\"" + id + "\"", "\"«id»\"");
  }

  @Test
  void aHelloWithForeignCursorsIsToldToDropThem() {
    ObjectNode hello = ChatClient.helloOf(eve);
    ChatClient.cursor(hello, two.conversation(), 0);
    ChatClient.cursor(hello, ABSENT, 0);
    try (ChatClient client = ChatClient.welcomed(server.port(), hello)) {
      for (String id : List.of(two.conversation(), ABSENT)) {
        JsonNode error = client.awaitType("error");
        assertThat(error.path("code").asText()).isEqualTo("resync");
        assertThat(error.path("conversation").asText()).isEqualTo(id);
        assertThat(error.has("re")).isFalse();
      }
      assertThat(client.awaitInbox().path("conversations")).isEmpty();
    }
  }

  @Test
  void whatTwoPeopleDoIsPushedToNobodyElse() {
    try (ChatClient stranger = two.online(eve);
        ChatClient ada = two.adaOnline();
        ChatClient bob = two.bobOnline()) {
      ObjectNode watch = ChatClient.frame("watch");
      watch.putArray("users").add(two.ada().id()).add("u_absent");
      stranger.send(watch);
      List<JsonNode> presence =
          List.of(stranger.awaitType("presence"), stranger.awaitType("presence"));
      assertThat(presence)
          .allMatch(frame -> !frame.path("online").asBoolean() && frame.path("lastSeen").isNull());
      ada.say(two.conversation(), two.outbox(), 1, "a secret");
      ada.outcome(two.conversation(), two.outbox(), 2, Op.edit(2, "another"));
      ada.send(ChatClient.frame("typing").put("conversation", two.conversation()).put("on", true));
      bob.awaitType("typing");
      bob.send(ChatClient.frame("mark").put("conversation", two.conversation()).put("read", 2));
      ada.outcome(two.conversation(), two.outbox(), 3, Op.delete(2));
      bob.eventsUpTo(two.conversation(), 5);
      assertThat(stranger.drain(Duration.ofSeconds(1))).isEmpty();
    }
  }

  @Test
  void eventsOfAStrangerNeverEnterTheLog() {
    try (ChatClient ada = two.adaOnline();
        ChatClient stranger = two.online(eve)) {
      two.adaSays(ada, 1, 1);
      for (Function<String, ObjectNode> frame : frames()) {
        stranger.socket().sendText(frame.apply(two.conversation()).put("id", 7).toString());
      }
      stranger.awaitReply(stranger.request(ChatClient.frame("ping")));
      assertThat(two.adaSays(ada, 2, 1).path("seq").asLong()).isEqualTo(3);
      assertThat(ada.drain(Duration.ofMillis(300)).stream().map(JsonNode::toString))
          .noneMatch(frame -> frame.contains(eve.id()) || frame.contains(eve.username()));
    }
  }

  @Test
  void overHttpAForeignConversationAnswersAsAnAbsentOne() {
    ObjectNode operation = send(ABSENT, 1, Op.message("hello?"));
    operation.remove(List.of("t", "conversation"));
    for (String[] call :
        new String[][] {
          {"GET", "/events", ""},
          {"GET", "/events?before=2&limit=1", ""},
          {"POST", "/operations", operation.toString()},
        }) {
      HttpResponse<String> absent = call(call, ABSENT);
      assertThat(absent.statusCode()).isEqualTo(404);
      List<HttpResponse<String>> others = new ArrayList<>();
      Stream.of(two.conversation(), "c_none", "C_ABC", "u_x")
          .forEach(id -> others.add(call(call, id)));
      for (HttpResponse<String> other : others) {
        assertThat(other.statusCode()).isEqualTo(404);
        assertThat(other.body()).isEqualTo(absent.body());
      }
    }
  }

  private HttpResponse<String> call(String[] call, String id) {
    return server
        .http()
        .request(call[0], "/v1/conversations/" + id + call[1], eve.token(), call[2]);
  }

  @Test
  void aPeerWhoDoesNotExistIsNotFoundAndNobodyTalksToThemselves() {
    try (ChatClient stranger = two.online(eve)) {
      stranger.awaitError(
          stranger.request(ChatClient.frame("start").put("peer", "nobody-at-all")), "not_found");
      JsonNode self =
          stranger.awaitReply(
              stranger.request(ChatClient.frame("start").put("peer", eve.username())));
      assertThat(self.path("code").asText()).isIn("invalid", "not_found");
    }
  }
}

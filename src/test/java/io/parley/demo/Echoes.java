package io.parley.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.parley.testing.ChatClient;
import io.parley.testing.HttpDoor;
import io.parley.testing.Op;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;

/** Somebody's conversation with the bot, and what came of it. */
record Echoes(HttpDoor http, String token, String me, String conversation, long outbox) {
  private static final int IN_FLIGHT = 8;

  /** Somebody's who has just signed in, with the demo's bot. */
  static Echoes withTheDemosBot(HttpDoor http, JsonNode signedIn) {
    String token = signedIn.path("token").asText();
    JsonNode started =
        HttpDoor.expect(
            200, http.request("POST", "/v1/conversations", token, "{\"peer\":\"echo\"}"));
    JsonNode minted = HttpDoor.expect(201, http.request("POST", "/v1/outboxes", token, "{}"));
    return new Echoes(
        http,
        token,
        signedIn.at("/user/id").asText(),
        started.at("/conversation/id").asText(),
        minted.path("outbox").asLong());
  }

  /** As many as may be at once, one behind the other. */
  void sayPipelined(ChatClient client, int from, int to) {
    List<Long> underWay = new ArrayList<>();
    for (int n = from; n <= to; n++) {
      underWay.add(client.message(conversation, outbox, n, text(n)));
      if (underWay.size() == IN_FLIGHT || n == to) {
        for (long id : underWay) {
          assertThat(client.awaitReply(id).path("t").asText()).isEqualTo("accepted");
        }
        underWay.clear();
      }
    }
  }

  /** By calls, for while there may be no socket. */
  void say(int n) {
    String body =
        ChatClient.JSON
            .createObjectNode()
            .put("outbox", outbox)
            .put("n", n)
            .set("op", Op.message(text(n)))
            .toString();
    HttpDoor.expect(
        200,
        http.request("POST", "/v1/conversations/" + conversation + "/operations", token, body));
  }

  void awaitAnswers(int count) {
    Awaitility.await("%d answers".formatted(count))
        .atMost(Duration.ofSeconds(60))
        .pollInterval(Duration.ofMillis(100))
        .until(() -> answers().size() >= count);
  }

  /** Each of the first so many messages was answered once, in their order, and nothing else was. */
  void assertEachAnsweredOnce(int count) {
    awaitAnswers(count);
    List<String> expected = new ArrayList<>();
    for (int n = 1; n <= count; n++) {
      expected.add(text(n));
    }
    assertThat(answers()).isEqualTo(expected);
  }

  /** The texts of the bot but for its greeting. */
  List<String> answers() {
    List<String> texts = new ArrayList<>();
    for (JsonNode event : events()) {
      boolean message = event.path("kind").asText().equals("message");
      String text = event.path("text").asText();
      if (message && !event.path("by").asText().equals(me) && !text.equals(Replies.GREETING)) {
        texts.add(text);
      }
    }
    return texts;
  }

  List<JsonNode> events() {
    List<JsonNode> events = new ArrayList<>();
    while (true) {
      JsonNode page =
          HttpDoor.expect(
              200,
              http.request(
                  "GET",
                  "/v1/conversations/" + conversation + "/events?after=" + events.size(),
                  token,
                  ""));
      if (page.path("events").isEmpty()) {
        return events;
      }
      page.path("events").forEach(events::add);
    }
  }

  private static String text(int n) {
    return "message " + n;
  }
}

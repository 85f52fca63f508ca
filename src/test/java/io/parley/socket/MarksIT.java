package io.parley.socket;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.parley.testing.ChatClient;
import io.parley.testing.Op;
import io.parley.testing.TestServer;
import io.parley.testing.TwoPeople;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Marks rise only, name messages of the peer, and cost an event a second at most. */
class MarksIT {
  private final TestServer server = TestServer.hurried();
  private final TwoPeople two = TwoPeople.on(server);
  private final String conversation = two.conversation();

  @Test
  void aMarkIsLoweredToTheNewestMessageOfThePeer() {
    try (ChatClient ada = two.adaOnline();
        ChatClient bob = two.bobOnline()) {
      two.adaSays(ada, 1, 2);
      bob.say(conversation, two.bobsOutbox(), 1, "my own");
      bob.send(mark().put("delivered", 1_000_000).put("read", 4));
      JsonNode marked = ada.eventsUpTo(conversation, 5).get(4);
      assertThat(marked.path("kind").asText()).isEqualTo("marked");
      assertThat(marked.path("by").asText()).isEqualTo(two.bob().id());
      assertThat(marked.path("delivered").asLong()).isEqualTo(3);
      assertThat(marked.path("read").asLong()).isEqualTo(3);
      assertThat(bob.eventsUpTo(conversation, 5)).hasSize(5);
    }
  }

  @Test
  void readImpliesDelivered() {
    try (ChatClient ada = two.adaOnline();
        ChatClient bob = two.bobOnline()) {
      two.adaSays(ada, 1, 1);
      bob.send(mark().put("read", 2));
      JsonNode marked = ada.eventsUpTo(conversation, 3).get(2);
      assertThat(marked.path("delivered").asLong()).isEqualTo(2);
      assertThat(marked.path("read").asLong()).isEqualTo(2);
    }
  }

  @Test
  void aMarkThatPassesNothingMakesNoEvent() {
    try (ChatClient ada = two.adaOnline();
        ChatClient bob = two.bobOnline()) {
      bob.send(mark().put("read", 5));
      two.adaSays(ada, 1, 2);
      // Only what was opened lies at or below the first; the author marks his own.
      bob.send(mark().put("read", 1));
      ada.send(mark().put("read", 3));
      bob.send(mark().put("read", 3));
      ada.eventsUpTo(conversation, 4);
      bob.send(mark().put("read", 2));
      bob.send(mark().put("delivered", 3));
      bob.send(mark().put("read", 0));
      assertThat(ada.drain(Duration.ofMillis(1_500)).stream().map(JsonNode::toString))
          .noneMatch(frame -> frame.contains("\"events\""));
      assertThat(two.adaSays(ada, 3, 1).path("seq").asLong()).isEqualTo(5);
    }
  }

  @Test
  void manyMarksMakeOneEventAtOnceAndThenOneASecond() {
    try (ChatClient ada = two.adaOnline();
        ChatClient bob = two.bobOnline()) {
      two.adaSays(ada, 1, 30);
      ada.eventsUpTo(conversation, 31);
      long began = System.nanoTime();
      for (int seq = 2; seq <= 31; seq++) {
        bob.send(mark().put("read", seq));
      }
      List<JsonNode> first = ada.eventsUpTo(conversation, 32);
      assertThat(first).hasSize(1);
      assertThat(first.get(0).path("read").asLong()).isEqualTo(2);
      List<JsonNode> second = ada.eventsUpTo(conversation, 33);
      long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
      assertThat(second).hasSize(1);
      assertThat(second.get(0).path("read").asLong()).isEqualTo(31);
      assertThat(millis).isGreaterThanOrEqualTo(900);
      assertThat(second.get(0).path("at").asLong() - first.get(0).path("at").asLong())
          .isGreaterThanOrEqualTo(900);
    }
  }

  @Test
  void aSendCarriesMarksInsideItsOwnEventLoweredAsOthersAre() {
    try (ChatClient ada = two.adaOnline();
        ChatClient bob = two.bobOnline()) {
      two.adaSays(ada, 1, 2);
      ObjectNode send =
          ChatClient.frame("send")
              .put("conversation", conversation)
              .put("outbox", two.bobsOutbox())
              .put("n", 1)
              .put("delivered", 99)
              .put("read", 2);
      send.set("op", Op.message("seen"));
      assertThat(bob.awaitReply(bob.request(send)).path("seq").asLong()).isEqualTo(4);
      JsonNode event = ada.eventsUpTo(conversation, 4).get(3);
      assertThat(event.path("text").asText()).isEqualTo("seen");
      assertThat(event.path("delivered").asLong()).isEqualTo(3);
      assertThat(event.path("read").asLong()).isEqualTo(2);
      assertThat(bob.awaitReply(bob.request(send)).path("duplicate").asBoolean())
          .as("marks don't tell one operation from another")
          .isTrue();
    }
  }

  @Test
  void unreadFollowsWithinASecond() {
    try (ChatClient ada = two.adaOnline();
        ChatClient bob = two.bobOnline()) {
      two.adaSays(ada, 1, 3);
      awaitUnread(3);
      ada.outcome(conversation, two.outbox(), 4, Op.delete(3));
      awaitUnread(2);
      bob.send(mark().put("read", 2));
      awaitUnread(1);
      bob.send(mark().put("read", 4));
      awaitUnread(0);
    }
  }

  /** One more second than promised, for the mark itself may have to wait that long. */
  private void awaitUnread(long unread) {
    Awaitility.await("unread " + unread)
        .atMost(Duration.ofSeconds(2))
        .pollInterval(Duration.ofMillis(50))
        .until(() -> summary().path("unread").asLong() == unread);
  }

  private JsonNode summary() {
    try (ChatClient bob = ChatClient.welcomed(server.port(), two.bob().token())) {
      return bob.awaitInbox().path("conversations").path(0);
    }
  }

  private ObjectNode mark() {
    return ChatClient.frame("mark").put("conversation", conversation);
  }
}

package io.parley.socket;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.parley.testing.ChatClient;
import io.parley.testing.HttpDoor.Account;
import io.parley.testing.TestServer;
import io.parley.testing.TwoPeople;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** What a session is told without having asked: who is there, who types, what is new. */
class NoticesIT {
  private final TestServer server = TestServer.hurried();
  private final TwoPeople two = TwoPeople.on(server);
  private final String conversation = two.conversation();

  @Test
  void whoWatchesIsToldAtOnceAndAtEachChange() {
    try (ChatClient ada = two.adaOnline()) {
      ada.send(watch(two.bob()));
      assertPresence(ada, false);
      ChatClient phone = two.bobOnline();
      assertPresence(ada, true);
      ChatClient laptop = two.bobOnline();
      phone.close();
      laptop.awaitReply(laptop.request(ChatClient.frame("ping")));
      assertThat(ada.drain(Duration.ofMillis(300))).as("one of two sessions ends").isEmpty();
      laptop.socket().reset();
      JsonNode gone = assertPresence(ada, false);
      assertThat(gone.path("lastSeen").asLong() % 60_000).isZero();
      assertThat(gone.path("lastSeen").asLong()).isPositive();
    }
  }

  @Test
  void aWatchReplacesTheOneBefore() {
    Account carol = server.http().somebody("carol");
    server.http().conversation(two.ada(), carol);
    try (ChatClient ada = two.adaOnline()) {
      ada.send(watch(two.bob()));
      assertPresence(ada, false);
      ada.send(watch(carol));
      assertThat(assertPresence(ada, false).path("user").asText()).isEqualTo(carol.id());
      try (ChatClient bob = two.bobOnline()) {
        bob.awaitReply(bob.request(ChatClient.frame("ping")));
        assertThat(ada.drain(Duration.ofMillis(300))).isEmpty();
      }
    }
  }

  private static JsonNode assertPresence(ChatClient client, boolean online) {
    JsonNode presence = client.awaitType("presence");
    assertThat(presence.path("online").asBoolean()).as("%s", presence).isEqualTo(online);
    assertThat(presence.path("lastSeen").isNull() || !online).isTrue();
    return presence;
  }

  private static ObjectNode watch(Account account) {
    ObjectNode watch = ChatClient.frame("watch");
    watch.putArray("users").add(account.id());
    return watch;
  }

  @Test
  void typingIsToldToThePeerAloneAndStoredNowhere() {
    try (ChatClient ada = two.adaOnline();
        ChatClient otherAda = two.adaOnline();
        ChatClient bob = two.bobOnline()) {
      ada.send(ChatClient.frame("typing").put("conversation", conversation).put("on", true));
      JsonNode on = bob.awaitType("typing");
      assertThat(on.path("by").asText()).isEqualTo(two.ada().id());
      assertThat(on.path("ttlMs").asLong()).isEqualTo(6_000);
      ada.send(ChatClient.frame("typing").put("conversation", conversation).put("on", false));
      assertThat(bob.awaitType("typing").path("ttlMs").asLong()).isZero();
      assertThat(ada.drain(Duration.ofMillis(100))).isEmpty();
      assertThat(otherAda.drain(Duration.ofMillis(100))).isEmpty();
      assertThat(two.adaSays(ada, 1, 1).path("seq").asLong()).isEqualTo(2);
    }
  }

  @Test
  void aConversationThatASessionWasNotToldOfIsAnnouncedWithItsBase() {
    Account carol = server.http().somebody("carol");
    try (ChatClient ada = two.adaOnline();
        ChatClient other = two.online(carol)) {
      JsonNode started =
          ada.awaitReply(ada.request(ChatClient.frame("start").put("peer", carol.username())));
      String id = started.path("conversation").path("id").asText();
      assertThat(started.path("conversation").path("head").asLong()).isZero();
      assertThat(started.path("conversation").path("last").isNull()).isTrue();
      assertThat(other.drain(Duration.ofMillis(300))).as("a start tells nobody").isEmpty();
      ada.say(id, two.outbox(), 1, "hello Carol");
      JsonNode announced = other.await(frame -> true, "a frame");
      assertThat(announced.path("t").asText()).as("%s", announced).isEqualTo("conversation");
      assertThat(announced.has("re")).isFalse();
      assertThat(announced.path("conversation").path("id").asText()).isEqualTo(id);
      assertThat(announced.path("conversation").path("peer").path("id").asText())
          .isEqualTo(two.ada().id());
      long base = announced.path("conversation").path("head").asLong();
      assertThat(base).isBetween(0L, 2L);
      ada.say(id, two.outbox(), 2, "are you there?");
      List<JsonNode> events = other.eventsUpTo(id, 3);
      for (int i = 0; i < events.size(); i++) {
        assertThat(events.get(i).path("seq").asLong()).isEqualTo(base + 1 + i);
      }
      assertThat(base + events.size()).isEqualTo(3);
    }
  }

  @Test
  void startingAgainFindsTheSameConversationFromBothSides() {
    try (ChatClient ada = two.adaOnline();
        ChatClient bob = two.bobOnline()) {
      for (ChatClient client : List.of(ada, bob)) {
        String peer = client == ada ? two.bob().username() : two.ada().username();
        JsonNode started =
            client.awaitReply(client.request(ChatClient.frame("start").put("peer", peer)));
        assertThat(started.path("conversation").path("id").asText()).isEqualTo(conversation);
      }
    }
  }

  @Test
  void theInboxSinceAPlaceBringsWhatChangedAfterIt() {
    Account carol = server.http().somebody("carol");
    String other = server.http().conversation(two.ada(), carol);
    String since;
    try (ChatClient ada = two.adaOnline()) {
      two.adaSays(ada, 1, 1);
      ada.say(other, two.outbox(), 1, "hello Carol");
      since = awaitSince(2);
      ada.say(other, two.outbox(), 2, "and again");
      Awaitility.await()
          .atMost(Duration.ofSeconds(1))
          .until(() -> changedSince(since).path("conversations").size() == 1);
    }
    JsonNode changed = changedSince(since);
    JsonNode summary = changed.path("conversations").get(0);
    assertThat(summary.path("id").asText()).isEqualTo(other);
    assertThat(summary.path("last").path("preview").asText()).isEqualTo("and again");
    assertThat(changedSince(changed.path("since").asText()).path("conversations")).isEmpty();
    assertThat(changedSince("no place at all").path("conversations")).hasSize(2);
  }

  /** Waits until the inbox shows this many conversations with a message; its place. */
  private String awaitSince(int conversations) {
    return Awaitility.await()
        .atMost(Duration.ofSeconds(2))
        .until(
            () -> {
              try (ChatClient ada = ChatClient.welcomed(server.port(), two.ada().token())) {
                return ada.awaitInbox();
              }
            },
            inbox -> told(inbox) == conversations)
        .path("since")
        .asText();
  }

  private static int told(JsonNode inbox) {
    int told = 0;
    for (JsonNode conversation : inbox.path("conversations")) {
      told += conversation.path("last").isObject() ? 1 : 0;
    }
    return told;
  }

  private JsonNode changedSince(String since) {
    ObjectNode hello = ChatClient.helloOf(two.ada()).put("since", since);
    try (ChatClient ada = ChatClient.welcomed(server.port(), hello)) {
      return ada.awaitInbox();
    }
  }

  @Test
  void aStoredEventReachesEverySessionOfBothWithinASecond() {
    try (ChatClient ada = two.adaOnline();
        ChatClient otherAda = two.adaOnline();
        ChatClient bob = two.bobOnline();
        ChatClient otherBob = two.bobOnline()) {
      long began = System.nanoTime();
      long seq = two.adaSays(ada, 1, 1).path("seq").asLong();
      for (ChatClient session : List.of(ada, otherAda, bob, otherBob)) {
        session.eventsUpTo(conversation, seq);
      }
      assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(1));
    }
  }
}

package io.parley.socket;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.parley.testing.ChatClient;
import io.parley.testing.HttpDoor.Account;
import io.parley.testing.Op;
import io.parley.testing.Schemas;
import io.parley.testing.TestServer;
import io.parley.testing.TwoPeople;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Two people go through everything that the protocol has; each frame is held to its schema. */
class EveryFrameIT {
  private final TestServer server = TestServer.ordinary();
  private final TwoPeople two = TwoPeople.on(server);
  private final Set<String> seen = new HashSet<>();

  @Test
  void everyClientFrameIsAnsweredAndEveryServerFrameComes() throws IOException {
    try (ChatClient ada = ChatClient.open(server.port());
        ChatClient bob = two.bobOnline()) {
      ada.request(ChatClient.helloOf(two.ada()));
      seen(ada.awaitType("welcome"));
      seen(ada.awaitInbox());
      seen(ada.awaitReply(ada.request(ChatClient.frame("ping"))));
      ada.send(ChatClient.frame("pong"));
      seen(
          ada.awaitReply(ada.request(ChatClient.frame("start").put("peer", two.bob().username()))));
      seen(ada.say(two.conversation(), two.outbox(), 1, "hello"));
      seen(ada.outcome(two.conversation(), two.outbox(), 2, Op.skip()));
      seen(ada.awaitType("events"));
      notices(ada, bob);
      ObjectNode page = ChatClient.frame("page").put("conversation", two.conversation());
      seen(ada.awaitReply(ada.request(page)));
      seen(ada.awaitReply(ada.request(resume())));
      seen(ada.awaitType("caught_up"));
      seen(behind());
      ada.socket().sendText("{\"t\":\"unheard_of\"}");
      seen(ada.awaitType("error"));
      ada.request(ChatClient.helloOf(two.ada()));
      seen(ada.awaitBye("protocol_error"));
    }
    // The server's ping takes its time: SilenceIT waits for it.
    seen.add("ping");
    assertThat(seen).isEqualTo(published("server"));
  }

  private ObjectNode resume() {
    return ChatClient.cursor(ChatClient.frame("resume"), two.conversation(), 1);
  }

  private void notices(ChatClient ada, ChatClient bob) {
    ada.send(ChatClient.frame("typing").put("conversation", two.conversation()).put("on", true));
    JsonNode typing = bob.awaitType("typing");
    seen(typing);
    assertThat(typing.path("by").asText()).isEqualTo(two.ada().id());
    bob.send(ChatClient.frame("mark").put("conversation", two.conversation()).put("read", 2));
    assertThat(ada.eventsUpTo(two.conversation(), 4))
        .extracting(event -> event.path("kind").asText())
        .containsExactly("skipped", "marked");
    ObjectNode watch = ChatClient.frame("watch");
    watch.putArray("users").add(two.bob().id());
    ada.send(watch);
    seen(ada.awaitType("presence"));
  }

  private JsonNode behind() {
    ObjectNode hello = ChatClient.helloOf(two.ada()).put("backlog", 1);
    try (ChatClient late =
        ChatClient.welcomed(server.port(), ChatClient.cursor(hello, two.conversation(), 0))) {
      return late.awaitType("behind");
    }
  }

  private void seen(JsonNode frame) {
    seen.add(frame.path("t").asText());
  }

  private static Set<String> published(String side) throws IOException {
    try (Stream<Path> files = Files.list(Schemas.ROOT.resolve(side))) {
      return files
          .map(file -> file.getFileName().toString().replace(".json", ""))
          .collect(Collectors.toSet());
    }
  }

  @Test
  void twoPeopleChatBothWaysAndBothSeeOneLog() {
    try (ChatClient ada = two.adaOnline();
        ChatClient bob = two.bobOnline()) {
      ada.say(two.conversation(), two.outbox(), 1, "hi");
      bob.say(two.conversation(), two.bobsOutbox(), 1, "hi yourself");
      List<JsonNode> adas = ada.eventsUpTo(two.conversation(), 3);
      List<JsonNode> bobs = bob.eventsUpTo(two.conversation(), 3);
      assertThat(adas)
          .extracting(event -> event.path("kind").asText())
          .containsExactly("opened", "message", "message");
      assertThat(bobs.stream().map(EveryFrameIT::anonymous))
          .containsExactlyElementsOf(adas.stream().map(EveryFrameIT::anonymous).toList());
      assertThat(adas.get(1).has("outbox")).as("the author sees the number").isTrue();
      assertThat(bobs.get(1).has("outbox")).as("the peer doesn't").isFalse();
    }
  }

  @Test
  void anAuthorsOtherDeviceSeesTheNumberAndTheSameEvents() {
    String other = server.http().signIn(two.ada().username());
    try (ChatClient phone = two.adaOnline();
        ChatClient laptop = two.online(new Account(two.ada().id(), two.ada().username(), other))) {
      phone.say(two.conversation(), two.outbox(), 1, "from the phone");
      JsonNode event = laptop.eventsUpTo(two.conversation(), 2).get(1);
      assertThat(event.path("outbox").asLong()).isEqualTo(two.outbox());
      assertThat(event.path("n").asLong()).isEqualTo(1);
    }
  }

  /** An event without what only its author sees. */
  private static JsonNode anonymous(JsonNode event) {
    ObjectNode copy = event.deepCopy();
    copy.remove(List.of("outbox", "n"));
    return copy;
  }
}

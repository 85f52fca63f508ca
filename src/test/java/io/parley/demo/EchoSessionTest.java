package io.parley.demo;

import static io.parley.demo.PaperServer.BOT;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

class EchoSessionTest {
  private static final int WORLDS = Integer.getInteger("parley.echoes", 300);
  private static final int STEPS = 150;
  private static final List<String> CONVERSATIONS = List.of("c_1", "c_2", "c_3");

  private final PaperServer server = new PaperServer();
  private EchoSession bot = server.connect();

  @Test
  void whateverIsCutErasedOrCrashesEachMessageIsAnsweredOnceAndInOrder() {
    for (long seed = 1; seed <= WORLDS; seed++) {
      new EchoSessionTest().runWorld(seed);
    }
  }

  private void runWorld(long seed) {
    Random random = new Random(seed);
    List<ObjectNode> said = new ArrayList<>();
    for (int step = 0; step < STEPS; step++) {
      switch (random.nextInt(16)) {
        case 0, 1 -> {
          String conversation = CONVERSATIONS.get(random.nextInt(3));
          String text = "seed " + seed + " step " + step;
          said.add(server.say(conversation, "u_peer", text));
        }
        case 2 -> {
          if (!said.isEmpty() && random.nextInt(3) == 0) {
            PaperServer.erase(said.get(random.nextInt(said.size())));
          }
        }
        case 3 -> {
          if (random.nextInt(4) == 0) {
            bot = server.connect();
          }
        }
        case 4 -> {
          if (random.nextInt(8) == 0) {
            server.crash();
            bot = server.connect();
          }
        }
        case 5, 6, 7 -> pass(Duration.ofMillis(random.nextInt(400)));
        case 8, 9, 10, 11 -> arrive(frame -> random.nextInt(10) == 0);
        default -> hear();
      }
    }
    runUntilQuiet();
    for (String conversation : CONVERSATIONS) {
      assertAnswered(seed, conversation);
    }
  }

  private void assertAnswered(long seed, String conversation) {
    Map<Long, String> answers = new HashMap<>();
    long before = 0;
    for (ObjectNode own : server.mine(conversation)) {
      long read = own.path("read").asLong();
      assertThat(read).as("seed %d: in order, and once", seed).isGreaterThan(before);
      before = read;
      assertThat(own.path("text").asText()).as("seed %d: of an erased one", seed).isNotEmpty();
      answers.put(read, own.path("text").asText());
    }
    for (ObjectNode event : server.logs.getOrDefault(conversation, List.of())) {
      if (!event.path("by").asText().equals(BOT) && !event.has("erased")) {
        assertThat(answers.get(event.path("seq").asLong()))
            .as("seed %d, seq %d", seed, event.path("seq").asLong())
            .isEqualTo(event.path("text").asText());
      }
    }
  }

  @Test
  void typingIsSeenBeforeAnAnswerAndEndsWithIt() {
    server.say("c_1", "u_peer", "hi");
    settle();
    assertThat(server.typing).extracting(frame -> frame.path("on").asBoolean()).contains(true);
    assertThat(server.mine("c_1")).isEmpty();

    runUntilQuiet();
    assertThat(server.mine("c_1")).hasSize(1);
    assertThat(server.typing)
        .extracting(frame -> frame.path("on").asBoolean())
        .containsExactly(true, false);
  }

  @Test
  void aFloodInOneConversationDoesNotKeepAnotherWaiting() {
    for (int i = 0; i < 200; i++) {
      server.say("c_1", "u_peer", "flood " + i);
    }
    server.say("c_2", "u_peer", "hello?");

    for (int i = 0; i < 40 && server.mine("c_2").isEmpty(); i++) {
      pass(Duration.ofMillis(50));
      settle();
    }
    assertThat(server.mine("c_2")).hasSize(1);
    assertThat(server.mine("c_1").size()).isLessThan(30);
  }

  @Test
  void itSendsNoFasterThanASessionMayAndWaitsAsItIsTold() {
    for (int i = 0; i < 100; i++) {
      server.say("c_1", "u_peer", "m" + i);
    }
    pass(Duration.ofMillis(50));
    settle();
    for (int i = 0; i < 60; i++) {
      pass(Duration.ofMillis(50));
      settle();
    }
    assertThat(server.mine("c_1").size()).isBetween(25, 20 + 3 * 8);
  }

  @Test
  void rateLimitedHoldsAllAndTheSameNumberGoesAgain() {
    server.say("c_1", "u_peer", "one");
    server.say("c_2", "u_peer", "two");
    pass(Duration.ofMillis(50));
    settle();
    pass(Duration.ofSeconds(1));
    List<JsonNode> sends = sends();
    assertThat(sends).hasSize(2);
    server.toServer.clear();
    for (JsonNode send : sends) {
      bot.onFrame(
          PaperServer.error("rate_limited", true)
              .put("retryAfterMs", 5_000)
              .put("re", send.path("id").asLong()));
    }

    pass(Duration.ofMillis(4_900));
    assertThat(sends()).isEmpty();
    pass(Duration.ofMillis(200));
    assertThat(sends())
        .extracting(send -> send.path("conversation").asText() + send.path("n") + send.path("op"))
        .containsExactlyInAnyOrderElementsOf(
            sends.stream()
                .map(s -> s.path("conversation").asText() + s.path("n") + s.path("op"))
                .toList());
  }

  @Test
  void anotherBotIsLeftAloneAfterAWhile() {
    server.say("c_1", "u_bot", "hello");
    for (int i = 0; i < 2_000; i++) {
      int before = server.mine("c_1").size();
      pass(Duration.ofMillis(200));
      settle();
      if (server.mine("c_1").size() > before) {
        server.say("c_1", "u_bot", "hello");
      }
    }
    assertThat(server.mine("c_1").size()).isBetween(90, 110);

    server.say("c_1", "u_bot", "something new");
    runUntilQuiet();
    assertThat(server.mine("c_1").get(server.mine("c_1").size() - 1).path("text").asText())
        .isEqualTo("something new");
  }

  @Test
  void itsOwnMessagesAndMarksAreNotAnswered() {
    server.say("c_1", BOT, "from another queue of mine");
    server.say("c_1", "u_peer", "marked").put("kind", "marked").remove("text");
    runUntilQuiet();

    assertThat(server.mine("c_1")).hasSize(1);
  }

  private void arrive(Predicate<JsonNode> loses) {
    if (!server.toServer.isEmpty()) {
      server.arrive(loses);
    }
  }

  private void hear() {
    if (!server.toBot.isEmpty()) {
      bot.onFrame(server.toBot.remove());
    }
  }

  private void pass(Duration time) {
    server.nanos += time.toNanos();
    bot.onTurn();
  }

  /** All that is under way arrives, without any time. */
  private void settle() {
    while (!server.toServer.isEmpty() || !server.toBot.isEmpty()) {
      arrive(frame -> false);
      hear();
    }
  }

  private void runUntilQuiet() {
    for (int i = 0; i < 600; i++) {
      settle();
      pass(Duration.ofMillis(100));
    }
    settle();
  }

  private List<JsonNode> sends() {
    return server.toServer.stream()
        .map(PaperServer.Sent::frame)
        .filter(frame -> frame.path("t").asText().equals("send"))
        .toList();
  }
}

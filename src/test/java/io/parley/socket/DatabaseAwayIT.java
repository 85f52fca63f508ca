package io.parley.socket;

import static io.parley.testing.OwnThread.OWN_THREAD;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.parley.database.DatabaseAddress;
import io.parley.testing.ChatClient;
import io.parley.testing.FaultProxy;
import io.parley.testing.TestPostgres;
import io.parley.testing.TestServer;
import io.parley.testing.TwoPeople;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** PostgreSQL is slow or away: everything is answered, nothing is lost, and sockets stay. */
class DatabaseAwayIT {
  private static Place place;

  /** A server whose way to its database can be disturbed. */
  private record Place(FaultProxy proxy, TestServer server) implements AutoCloseable {
    static Place open() {
      String url = TestPostgres.freshDatabase();
      DatabaseAddress database = DatabaseAddress.parse(url);
      FaultProxy proxy = FaultProxy.to(database.host(), database.port());
      return new Place(
          proxy,
          TestServer.start(
              Map.of("PARLEY_RATE_LIMITS", "off"),
              url.replace(":" + database.port() + "/", ":" + proxy.port() + "/")));
    }

    @Override
    public void close() {
      proxy.heal();
      server.close();
      proxy.close();
    }
  }

  @BeforeAll
  static void start() {
    place = Place.open();
  }

  @AfterAll
  static void stop() {
    place.close();
  }

  @Test
  void theNinthOperationInFlightIsToldOverloadedAndTheOthersAreStored() {
    TwoPeople two = TwoPeople.on(place.server());
    String conversation = two.conversation();
    try (ChatClient ada = two.adaOnline()) {
      two.adaSays(ada, 1, 1);
      place.proxy().holdReplies();
      List<Long> ids = new ArrayList<>();
      for (int n = 2; n <= 9; n++) {
        ids.add(ada.message(conversation, two.outbox(), n, "message " + n));
      }
      long ninth = ada.message(conversation, two.outbox(), 10, "message 10");
      JsonNode error = ada.awaitError(ninth, "overloaded");
      assertThat(error.path("retryable").asBoolean()).isTrue();
      place.proxy().heal();
      for (int i = 0; i < ids.size(); i++) {
        assertThat(ada.awaitReply(ids.get(i)).path("seq").asLong()).isEqualTo(i + 3L);
      }
      assertThat(two.adaSays(ada, 10, 1).path("seq").asLong()).isEqualTo(11);
    }
  }

  @Test
  void readsThatWaitAreBoundedToo() {
    TwoPeople two = TwoPeople.on(place.server());
    try (ChatClient ada = two.adaOnline()) {
      two.adaSays(ada, 1, 1);
      place.proxy().holdReplies();
      ObjectNode page = ChatClient.frame("page").put("conversation", two.conversation());
      List<Long> ids = new ArrayList<>();
      for (int i = 0; i < 12; i++) {
        ids.add(ada.request(page.deepCopy()));
      }
      ada.awaitError(ids.get(11), "overloaded");
      place.proxy().heal();
      assertThat(ada.awaitReply(ids.get(0)).path("t").asText()).isEqualTo("page");
    }
  }

  @Test
  void whileItIsAwayNothingIsAcceptedAndEverythingIsAnsweredWithinTwentySeconds() {
    // Both ways of being away take their time, and a server each.
    CompletableFuture<Void> swallowing =
        CompletableFuture.runAsync(
            () -> {
              try (Place other = Place.open()) {
                away(other, other.proxy()::blackhole);
              }
            },
            OWN_THREAD);
    away(
        place,
        () -> {
          place.proxy().refuse();
          place.proxy().reset();
        });
    swallowing.join();
  }

  private static void away(Place place, Runnable fault) {
    TwoPeople two = TwoPeople.on(place.server());
    try (ChatClient ada = two.adaOnline();
        ChatClient bob = two.bobOnline()) {
      two.adaSays(ada, 1, 1);
      bob.eventsUpTo(two.conversation(), 2);
      fault.run();
      assertUnavailable(two, ada, bob);
      newcomersAreToldToComeBack(two);
      ada.awaitReply(ada.request(ChatClient.frame("ping")));
      bob.awaitReply(bob.request(ChatClient.frame("ping")));
      place.proxy().heal();
      acceptsAgain(two, ada, bob);
    } finally {
      place.proxy().heal();
    }
  }

  private static void assertUnavailable(TwoPeople two, ChatClient ada, ChatClient bob) {
    long began = System.nanoTime();
    List<Long> ids = new ArrayList<>();
    for (int n = 2; n <= 4; n++) {
      ids.add(ada.message(two.conversation(), two.outbox(), n, "message " + n));
    }
    // Each is checked in the database first, and they don't wait for each other's checks.
    for (int n = 5; n <= 9; n++) {
      ids.add(ada.operate(two.conversation(), two.outbox(), n, reaction()));
    }
    ObjectNode page = ChatClient.frame("page").put("conversation", two.conversation());
    long read = ada.request(page);
    bob.send(ChatClient.frame("mark").put("conversation", two.conversation()).put("read", 2));
    for (long id : ids) {
      JsonNode error = ada.awaitError(id, "unavailable", Duration.ofSeconds(21));
      assertThat(error.path("retryable").asBoolean()).isTrue();
    }
    ada.awaitError(read, "unavailable");
    assertThat(seconds(began)).isLessThanOrEqualTo(20);
  }

  private static ObjectNode reaction() {
    return JsonNodeFactory.instance
        .objectNode()
        .put("kind", "react")
        .put("of", 2)
        .put("emoji", "\uD83D\uDC4D")
        .put("on", true);
  }

  private static void newcomersAreToldToComeBack(TwoPeople two) {
    try (ChatClient newcomer = ChatClient.open(two.server().port())) {
      newcomer.hello(two.ada().token());
      JsonNode bye = newcomer.awaitBye("unavailable");
      assertThat(bye.path("reconnect").asBoolean()).isTrue();
      assertThat(bye.path("retryAfterMs").asLong()).isPositive();
    }
  }

  /** The same numbers again, on the same sockets: each once, in order. */
  private static void acceptsAgain(TwoPeople two, ChatClient ada, ChatClient bob) {
    long healed = System.nanoTime();
    for (int n = 2; n <= 4; n++) {
      JsonNode answer = ada.say(two.conversation(), two.outbox(), n, "message " + n);
      while (answer.path("code").asText().equals("unavailable") && seconds(healed) < 15) {
        answer = ada.say(two.conversation(), two.outbox(), n, "message " + n);
      }
      assertThat(answer.path("t").asText()).as("%s", answer).isEqualTo("accepted");
    }
    assertThat(seconds(healed)).isLessThanOrEqualTo(15);
    List<String> texts = new ArrayList<>();
    while (texts.size() < 3) {
      for (JsonNode event : bob.awaitType("events").path("events")) {
        if (event.path("kind").asText().equals("message")) {
          texts.add(event.path("text").asText());
        }
      }
    }
    assertThat(texts).containsExactly("message 2", "message 3", "message 4");
  }

  private static long seconds(long sinceNanos) {
    return TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - sinceNanos);
  }
}

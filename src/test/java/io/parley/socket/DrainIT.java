package io.parley.socket;

import static io.parley.testing.OwnThread.OWN_THREAD;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.parley.testing.ChatClient;
import io.parley.testing.TestServer;
import io.parley.testing.TwoPeople;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A node that stops answers what is under way, says goodbye, and closes the door before. */
class DrainIT {
  @Test
  void everySessionIsAnsweredAndToldToComeBackAndNothingAcceptedIsLost() throws Exception {
    TestServer server = TestServer.start(Map.of("PARLEY_RATE_LIMITS", "off"));
    TwoPeople two = TwoPeople.on(server);
    List<Long> ids = new ArrayList<>();
    long accepted = 0;
    try (ChatClient ada = two.adaOnline();
        ChatClient bob = two.bobOnline()) {
      two.adaSays(ada, 1, 1);
      for (int n = 2; n <= 9; n++) {
        ids.add(ada.message(two.conversation(), two.outbox(), n, "message " + n));
      }
      CompletableFuture<Void> stopped = CompletableFuture.runAsync(server::close, OWN_THREAD);
      for (ChatClient client : List.of(ada, bob)) {
        JsonNode bye = client.awaitType("bye");
        assertThat(bye.path("code").asText()).isEqualTo("draining");
        assertThat(bye.path("reconnect").asBoolean()).isTrue();
        assertThat(bye.path("retryAfterMs").asLong()).isBetween(0L, 3_000L);
        client.awaitType("closed");
      }
      stopped.get(40, TimeUnit.SECONDS);
      for (long id : ids) {
        accepted += ada.replied(id).filter(DrainIT::isAccepted).isPresent() ? 1 : 0;
      }
    }
    TestServer next = TestServer.start(Map.of(), server.databaseUrl());
    try (ChatClient ada = ChatClient.welcomed(next.port(), two.ada().token())) {
      List<JsonNode> retried = new ArrayList<>();
      for (int n = 2; n <= 9; n++) {
        retried.add(ada.say(two.conversation(), two.outbox(), n, "message " + n));
      }
      assertThat(retried).extracting(answer -> answer.path("t").asText()).containsOnly("accepted");
      assertThat(retried)
          .filteredOn(answer -> answer.path("duplicate").asBoolean())
          .hasSize(Math.toIntExact(accepted));
    } finally {
      next.close();
    }
  }

  private static boolean isAccepted(JsonNode answer) {
    return answer.path("t").asText().equals("accepted");
  }
}

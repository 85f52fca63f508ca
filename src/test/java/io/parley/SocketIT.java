package io.parley;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.parley.testing.ChatClient;
import io.parley.testing.HttpDoor.Account;
import io.parley.testing.TestServer;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class SocketIT {
  private static TestServer server;

  @BeforeAll
  static void start() {
    server = TestServer.start();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void twoPeopleChat() {
    Account ada = server.http().account("ada");
    Account bob = server.http().account("bob");
    String conversation = server.http().conversation(ada, bob);
    long outbox = server.http().outbox(ada);
    try (ChatClient a = ChatClient.welcomed(server.port(), ada.token());
        ChatClient b = ChatClient.welcomed(server.port(), bob.token())) {
      JsonNode accepted = a.say(conversation, outbox, 1, "hi");
      assertThat(accepted.path("seq").asLong()).isEqualTo(2);
      List<JsonNode> seen = b.eventsUpTo(conversation, 2);
      assertThat(seen)
          .extracting(event -> event.path("kind").asText())
          .containsExactly("opened", "message");
      assertThat(a.say(conversation, outbox, 1, "hi").path("duplicate").asBoolean()).isTrue();
      assertThat(a.say(conversation, outbox, 1, "ho").path("code").asText()).isEqualTo("conflict");
    }
  }
}

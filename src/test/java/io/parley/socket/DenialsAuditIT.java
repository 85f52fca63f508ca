package io.parley.socket;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.parley.testing.ChatClient;
import io.parley.testing.HttpDoor;
import io.parley.testing.HttpDoor.Account;
import io.parley.testing.LogTap;
import io.parley.testing.RawSocket;
import io.parley.testing.TestServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who is turned away is in the audit log, once, and nothing secret is in any. */
class DenialsAuditIT {
  private static final String CANARY = "canary: what Ada says is nobody's business";
  private static final TestServer SERVER =
      TestServer.start(
          Map.of(
              "PARLEY_EDGE_SOCKETS_PER_ADDRESS", "3",
              "PARLEY_EDGE_TRUSTED_PROXIES", "127.0.0.1",
              "PARLEY_LIMITS_SESSIONS_PER_USER", "1",
              "PARLEY_LIMITS_BURST", "3",
              "PARLEY_LIMITS_MESSAGES_PER_SECOND", "1",
              "PARLEY_LIMITS_BAD_FRAMES_PER_MINUTE", "3",
              "PARLEY_ORIGINS", TestServer.ORIGIN));

  private final LogTap log = LogTap.on("ROOT");
  private final Account ada = SERVER.http().somebody("ada");

  @AfterAll
  static void stop() {
    SERVER.close();
  }

  @AfterEach
  void nothingSecretWasLogged() {
    log.close();
    assertThat(log.lines())
        .noneMatch(line -> line.contains(ada.token()))
        .noneMatch(line -> line.contains(HttpDoor.PASSWORD))
        .noneMatch(line -> line.contains("canary"));
  }

  @Test
  void aPageOfAnotherSiteThatWantsASocket() {
    for (int i = 0; i < 3; i++) {
      Map<String, String> headers = from("192.0.2.1");
      headers.put("Origin", "https://canary.example.org");
      headers.put("Cookie", "parley=" + ada.token());
      try (RawSocket refused = RawSocket.open(SERVER.port(), "/v1/socket", headers)) {
        assertThat(refused.status()).isEqualTo(403);
      }
    }
    assertOnce("denied", "socket-origin", "address=\"192.0.2.1\"");
  }

  @Test
  void aPageOfAnotherSiteThatWantsToWrite() {
    String address = "192.0.2.2";
    for (int i = 0; i < 3; i++) {
      assertThat(
              post(
                  "/v1/outboxes",
                  Map.of(
                      "Origin",
                      "https://canary.example.org",
                      "Cookie",
                      "parley=" + ada.token(),
                      "X-Forwarded-For",
                      address),
                  "{\"text\":\"" + CANARY + "\"}"))
          .isEqualTo(403);
    }
    assertOnce("denied", "cross-site-write", "address=\"192.0.2.2\"");
  }

  @Test
  void somebodyWhoNamesAConversationThatIsNotTheirs() {
    long outbox = SERVER.http().outbox(ada);
    try (ChatClient client = ChatClient.welcomed(SERVER.port(), ada.token())) {
      client.awaitError(client.message("c_foreign", outbox, 1, CANARY), "not_found");
      ObjectNode page = ChatClient.frame("page").put("conversation", "c_foreign");
      client.awaitError(client.request(page), "not_found");
    }
    assertOnce("denied", "conversation", "user=\"" + ada.id() + "\"");
  }

  @Test
  void aSessionThatSendsFasterThanItMay() {
    long outbox = SERVER.http().outbox(ada);
    try (ChatClient client = ChatClient.welcomed(SERVER.port(), ada.token())) {
      List<Long> sent = new ArrayList<>();
      for (int i = 0; i < 12; i++) {
        sent.add(client.message("c_absent" + i, outbox, 1, CANARY));
      }
      sent.forEach(client::awaitReply);
    }
    assertOnce("limit reached", "operation-rate", "user=\"" + ada.id() + "\"");
  }

  @Test
  void anAddressWithTooManySockets() {
    List<RawSocket> sockets = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      sockets.add(RawSocket.open(SERVER.port(), "/v1/socket", from("192.0.2.3")));
    }
    assertThat(sockets).extracting(RawSocket::status).containsExactly(101, 101, 101, 429, 429);
    sockets.forEach(RawSocket::close);
    assertOnce("limit reached", "sockets-per-address", "address=\"192.0.2.3\"");
  }

  @Test
  void aPersonWithTooManySessions() {
    try (ChatClient first = ChatClient.welcomed(SERVER.port(), ada.token())) {
      for (int i = 0; i < 3; i++) {
        try (ChatClient next = ChatClient.open(SERVER.port(), from("192.0.2.4"))) {
          next.hello(ada.token());
          next.awaitBye("too_many_sessions");
        }
      }
      first.awaitReply(first.request(ChatClient.frame("ping")));
    }
    assertOnce("limit reached", "sessions-per-user", "user=\"" + ada.id() + "\"");
  }

  @Test
  void aClientThatSpeaksNoProtocolBeforeAndAfterItHasSignedIn() {
    try (ChatClient stranger = ChatClient.open(SERVER.port(), from("192.0.2.5"))) {
      stranger.socket().sendText("{\"t\":\"ping\",\"id\":1}");
      stranger.awaitBye("protocol_error");
    }
    try (ChatClient client = ChatClient.welcomed(SERVER.port(), ada.token())) {
      for (int i = 0; i < 3; i++) {
        client.socket().sendText("{" + CANARY);
      }
      client.awaitBye("protocol_error");
    }
    assertOnce("protocol error", "protocol-error", "address=\"192.0.2.5\"");
    assertOnce("protocol error", "protocol-error", "user=\"" + ada.id() + "\"");
  }

  @Test
  void anAddressThatTriesTooOften() {
    Map<String, String> headers = Map.of("X-Forwarded-For", "192.0.2.6");
    for (int i = 0; i < 8; i++) {
      int status =
          post(
              "/v1/session", headers, "{\"username\":\"canary\",\"password\":\"canary password\"}");
      assertThat(status).isIn(401, 429);
    }
    assertOnce("attempt delayed", "attempts", "counter=\"password\"");
  }

  private static Map<String, String> from(String address) {
    Map<String, String> headers = new HashMap<>();
    headers.put("Sec-WebSocket-Protocol", "parley.v1");
    headers.put("X-Forwarded-For", address);
    return headers;
  }

  /** The status of the answer. */
  private static int post(String path, Map<String, String> headers, String body) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(SERVER.url() + path))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body));
    headers.forEach(request::header);
    try {
      return HttpClient.newHttpClient()
          .send(request.build(), HttpResponse.BodyHandlers.discarding())
          .statusCode();
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A minute is longer than a test: what comes again is counted, and not told yet. */
  private void assertOnce(String event, String kind, String subject) {
    String line = "%s [kind=\"%s\", %s]".formatted(event, kind, subject);
    Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> log.lines().contains(line));
    assertThat(log.lines()).filteredOn(told -> told.contains(subject)).containsOnlyOnce(line);
  }
}

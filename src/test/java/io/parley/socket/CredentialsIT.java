package io.parley.socket;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.parley.database.DatabaseAddress;
import io.parley.testing.ChatClient;
import io.parley.testing.HttpDoor;
import io.parley.testing.HttpDoor.Account;
import io.parley.testing.RawSocket;
import io.parley.testing.TestServer;
import io.parley.testing.TwoPeople;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Who may come onto the socket, as whom, and for how long. */
class CredentialsIT {
  private final TestServer server = TestServer.ordinary();
  private final TwoPeople two = TwoPeople.on(server);

  @Test
  void aCookieWithATrustedOriginSignsIn() {
    try (ChatClient page = ChatClient.open(server.port(), page(cookie(two.ada())))) {
      page.request(ChatClient.frame("hello"));
      assertThat(page.awaitType("welcome").path("user").path("id").asText())
          .isEqualTo(two.ada().id());
    }
  }

  @Test
  void aCookieOfAnotherPersonThanTheCopiesIsToldSoAndToldNothingElse() {
    try (ChatClient page = ChatClient.open(server.port(), page(cookie(two.bob())))) {
      page.request(
          ChatClient.cursor(
              ChatClient.frame("hello").put("user", two.ada().id()), two.conversation(), 0));
      assertThat(page.awaitBye("other_user").path("reconnect").asBoolean()).isFalse();
      assertThat(page.drain(java.time.Duration.ofMillis(50))).isEmpty();
    }
    try (ChatClient program = ChatClient.open(server.port())) {
      program.request(
          ChatClient.frame("hello").put("token", two.bob().token()).put("user", two.ada().id()));
      program.awaitBye("other_user");
    }
  }

  @Test
  void theTokenInHelloWinsOverTheCookie() {
    try (ChatClient page = ChatClient.open(server.port(), page(cookie(two.ada())))) {
      page.hello(two.bob().token());
      assertThat(page.awaitType("welcome").path("user").path("id").asText())
          .isEqualTo(two.bob().id());
    }
    try (ChatClient page = ChatClient.open(server.port(), page(cookie(two.ada())))) {
      page.hello("not a token");
      page.awaitBye("unauthenticated");
    }
  }

  @Test
  void aCookieWithoutAnOriginSaysNothing() {
    Map<String, String> headers = Map.of("Cookie", cookie(two.ada()));
    try (ChatClient client = ChatClient.open(server.port(), headers)) {
      client.request(ChatClient.frame("hello"));
      client.awaitBye("unauthenticated");
    }
  }

  @Test
  void aPageOfAnotherSiteIsRefusedWithOrWithoutACookie() {
    String cookie = cookie(two.ada());
    for (String origin :
        List.of(
            "https://evil.example.org",
            "http://chat.example.org",
            "https://chat.example.org:8443",
            "https://chat.example.org.evil.net",
            "https://chat.example.org/",
            "null",
            "",
            "*",
            TestServer.ORIGIN + " " + TestServer.ORIGIN,
            TestServer.ORIGIN + ", https://evil.example.org")) {
      assertThat(statusFor(Map.of("Origin", origin, "Cookie", cookie))).as(origin).isEqualTo(403);
      assertThat(statusFor(Map.of("Origin", origin))).as(origin).isEqualTo(403);
    }
    assertThat(statusFor(Map.of("Origin", TestServer.ORIGIN, "Cookie", cookie))).isEqualTo(101);
  }

  @Test
  void anotherSubprotocolOrNoneIsRefused() {
    for (Map<String, String> headers :
        List.of(Map.<String, String>of(), Map.of("Sec-WebSocket-Protocol", "parley.v2, chat"))) {
      try (RawSocket socket = RawSocket.open(server.port(), "/v1/socket", headers)) {
        assertThat(socket.status()).isEqualTo(400);
      }
    }
    try (RawSocket socket =
        RawSocket.open(
            server.port(),
            "/v1/socket",
            Map.of("Sec-WebSocket-Protocol", "parley.v2, parley.v1"))) {
      assertThat(socket.status()).isEqualTo(101);
      assertThat(socket.responseHead()).containsIgnoringCase("Sec-WebSocket-Protocol: parley.v1");
    }
    assertThat(server.http().request("GET", "/v1/socket", "", "").statusCode()).isEqualTo(400);
  }

  private int statusFor(Map<String, String> headers) {
    var all = new java.util.HashMap<>(headers);
    all.put("Sec-WebSocket-Protocol", "parley.v1");
    try (RawSocket socket = RawSocket.open(server.port(), "/v1/socket", all)) {
      return socket.status();
    }
  }

  @Test
  void withoutValidCredentialsNobodyIsWelcome() {
    for (String token : List.of("", "x", two.ada().token() + "x", "\u00e9".repeat(200))) {
      try (ChatClient client = ChatClient.open(server.port())) {
        client.hello(token);
        assertThat(client.awaitBye("unauthenticated").path("reconnect").asBoolean()).isFalse();
      }
    }
    try (ChatClient client = ChatClient.open(server.port())) {
      client.request(ChatClient.frame("hello"));
      client.awaitBye("unauthenticated");
    }
  }

  @Test
  void signingOutClosesItsOwnSocketsWithinTwoSecondsAndNoOthers() {
    String phoneToken = server.http().signIn(two.ada().username());
    try (ChatClient phone = ChatClient.welcomed(server.port(), phoneToken);
        ChatClient second = ChatClient.welcomed(server.port(), phoneToken);
        ChatClient laptop = two.adaOnline()) {
      long began = System.nanoTime();
      assertThat(server.http().request("DELETE", "/v1/session", phoneToken, "").statusCode())
          .isEqualTo(204);
      assertRevoked(phone, began);
      assertRevoked(second, began);
      assertThat(laptop.awaitReply(laptop.request(ChatClient.frame("ping"))).path("t").asText())
          .isEqualTo("pong");
      try (ChatClient again = ChatClient.open(server.port())) {
        again.hello(phoneToken);
        again.awaitBye("unauthenticated");
      }
    }
  }

  @Test
  void aSignInThatIsGoneWithoutAWordTakesItsSocketsWithItWithinFifteenSeconds() throws Exception {
    String token = server.http().signIn(two.ada().username());
    try (ChatClient phone = ChatClient.welcomed(server.port(), token);
        ChatClient laptop = two.adaOnline()) {
      String id =
          HttpDoor.expect(200, server.http().request("GET", "/v1/session", token, ""))
              .at("/signIn/id")
              .asText();
      long began = System.nanoTime();
      DatabaseAddress address = DatabaseAddress.parse(server.databaseUrl());
      try (Connection connection =
              DriverManager.getConnection(address.jdbcUrl(), address.user(), address.password());
          PreparedStatement delete =
              connection.prepareStatement("DELETE FROM sign_ins WHERE id = ?")) {
        delete.setString(1, id);
        assertThat(delete.executeUpdate()).isEqualTo(1);
      }
      assertThat(phone.awaitBye("revoked").path("reconnect").asBoolean()).isFalse();
      assertThat(phone.closedNanos() - began).isLessThan(TimeUnit.SECONDS.toNanos(15));
      assertThat(laptop.awaitReply(laptop.request(ChatClient.frame("ping"))).path("t").asText())
          .isEqualTo("pong");
    }
  }

  @Test
  void aDeviceSignedOutFromAnotherOneIsPartedWith() {
    String phoneToken = server.http().signIn(two.ada().username());
    try (ChatClient phone = ChatClient.welcomed(server.port(), phoneToken);
        ChatClient laptop = two.adaOnline()) {
      JsonNode signIns =
          HttpDoor.expect(200, server.http().request("GET", "/v1/sessions", two.ada().token(), ""));
      for (JsonNode signIn : signIns.path("signIns")) {
        if (!signIn.path("current").asBoolean()) {
          long began = System.nanoTime();
          String path = "/v1/sessions/" + signIn.path("id").asText();
          assertThat(server.http().request("DELETE", path, two.ada().token(), "").statusCode())
              .isEqualTo(204);
          assertRevoked(phone, began);
        }
      }
      assertThat(laptop.closedNanos()).isZero();
    }
  }

  @Test
  void nobodySignsOutSomebodyElse() {
    JsonNode signIns =
        HttpDoor.expect(200, server.http().request("GET", "/v1/sessions", two.ada().token(), ""));
    String path = "/v1/sessions/" + signIns.path("signIns").get(0).path("id").asText();
    try (ChatClient ada = two.adaOnline()) {
      HttpResponse<String> foreign = server.http().request("DELETE", path, two.bob().token(), "");
      HttpResponse<String> absent =
          server.http().request("DELETE", "/v1/sessions/si_absent", two.bob().token(), "");
      assertThat(foreign.statusCode()).isEqualTo(absent.statusCode()).isEqualTo(404);
      assertThat(foreign.body()).isEqualTo(absent.body());
      ada.awaitReply(ada.request(ChatClient.frame("ping")));
    }
  }

  private static void assertRevoked(ChatClient client, long began) {
    assertThat(client.awaitBye("revoked").path("reconnect").asBoolean()).isFalse();
    assertThat(client.closedNanos() - began).isLessThan(TimeUnit.SECONDS.toNanos(2));
  }

  private static Map<String, String> page(String cookie) {
    return Map.of("Origin", TestServer.ORIGIN, "Cookie", cookie);
  }

  private String cookie(Account account) {
    String body =
        ChatClient.JSON
            .createObjectNode()
            .put("username", account.username())
            .put("password", HttpDoor.PASSWORD)
            .put("cookie", true)
            .toString();
    HttpResponse<String> response = server.http().request("POST", "/v1/session", "", body);
    assertThat(HttpDoor.expect(201, response).has("token")).isFalse();
    return response.headers().firstValue("Set-Cookie").orElseThrow().split(";", -1)[0];
  }
}

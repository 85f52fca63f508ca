package io.parley.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.parley.demo.Demo;
import io.parley.testing.ChatClient;
import io.parley.testing.HttpDoor;
import io.parley.testing.HttpDoor.Account;
import io.parley.testing.RawSocket;
import io.parley.testing.ServerProcess;
import io.parley.testing.TestAuthority;
import io.parley.testing.TestPostgres;
import io.parley.testing.TestServer;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** A server that ends TLS itself. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TlsDoorIT {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final int TLS_1_1 = 0x0302;
  private static final int TLS_1_2 = 0x0303;
  private static final int ECDHE_ECDSA_AES_128_GCM = 0xC02B;
  private static final int ECDHE_ECDSA_AES_128_CBC = 0xC023;
  private static final byte ALERT = 21;
  private static final byte HANDSHAKE = 22;
  private static final byte PROTOCOL_VERSION = 70;
  private static final byte HANDSHAKE_FAILURE = 40;

  private final TestAuthority authority = TestAuthority.named("authority");
  private final SSLContext trusting = TlsClient.trusting(authority.certificate());
  private final Path folder;
  private final TestServer server;
  private final HttpDoor http;

  TlsDoorIT(@TempDir Path folder) {
    this.folder = folder;
    authority.issue("first").write(folder);
    this.server =
        TestServer.start(
            Map.of(
                "PARLEY_TLS_CERTIFICATE",
                folder.resolve("node.pem").toString(),
                "PARLEY_TLS_KEY",
                folder.resolve("node.key").toString(),
                "PARLEY_TLS_LOOK_EVERY",
                "100ms",
                "PARLEY_PORT",
                Integer.toString(ServerProcess.freePort()),
                "PARLEY_RATE_LIMITS",
                "off"));
    this.http = new HttpDoor(server.url(), HttpClient.newBuilder().sslContext(trusting).build());
  }

  @AfterAll
  void end() {
    server.close();
  }

  @Test
  void theDoorSpeaksHttpsAndTellsBrowsersToStayThere() {
    assertThat(server.url()).startsWith("https://127.0.0.1:");
    String body =
        "{\"username\":\"%s\",\"password\":\"%s\",\"cookie\":true}"
            .formatted(http.somebody("carl").username(), HttpDoor.PASSWORD);
    HttpResponse<String> in = http.request("POST", "/v1/session", "", body);
    assertThat(in.statusCode()).as(in.body()).isEqualTo(201);
    assertThat(in.headers().firstValue("Strict-Transport-Security")).isPresent();
    assertThat(in.headers().firstValue("Set-Cookie"))
        .hasValueSatisfying(
            cookie -> assertThat(cookie).startsWith("__Host-parley=").contains("; Secure;"));
  }

  @Test
  void aPageOfItsOwnMayComeWithItsCookieAndOneWithoutTlsMayNot() {
    assertThat(upgrade("https://localhost:" + server.port()).status()).isEqualTo(101);
    assertThat(upgrade("http://localhost:" + server.port()).status()).isEqualTo(403);
  }

  private RawSocket upgrade(String origin) {
    return RawSocket.over(
        TlsClient.connect(trusting, server.port()),
        "/v1/socket",
        Map.of("Sec-WebSocket-Protocol", "parley.v1", "Origin", origin));
  }

  @Test
  void anotherCertificateIsTakenIntoUseAndASocketThatIsOpenGoesOn() {
    Account ada = http.somebody("ada");
    Account bob = http.somebody("bob");
    String conversation = http.conversation(ada, bob);
    long outbox = http.outbox(ada);
    try (ChatClient atAda = chat(ada);
        ChatClient atBob = chat(bob)) {
      assertThat(atAda.say(conversation, outbox, 1, "before").path("t").asText())
          .isEqualTo("accepted");
      assertThat(received(atBob)).isEqualTo("before");
      authority.issue("renewed", "RSA", Duration.ofDays(90)).write(folder);
      awaitShown("CN=renewed");
      assertThat(atAda.say(conversation, outbox, 2, "after").path("t").asText())
          .isEqualTo("accepted");
      assertThat(received(atBob)).isEqualTo("after");
    }
  }

  @Test
  void aBrokenPairChangesNothingForWhoeverConnects() {
    authority.issue("sound").write(folder);
    awaitShown("CN=sound");
    TestAuthority.write(folder.resolve("node.key"), authority.issue("other").key());
    Awaitility.await()
        .during(Duration.ofSeconds(1))
        .atMost(PATIENCE)
        .until(() -> TlsClient.subject(trusting, server.port()).equals("CN=sound"));
    authority.issue("mended").write(folder);
    awaitShown("CN=mended");
  }

  @Test
  void whatIsOlderOrWeakerThanTls12WithForwardSecrecyIsRefused() {
    authority.issue("of-ec").write(folder);
    awaitShown("CN=of-ec");
    byte[] fine = TlsClient.hello(server.port(), TLS_1_2, ECDHE_ECDSA_AES_128_GCM);
    assertThat(fine[0]).isEqualTo(HANDSHAKE);
    byte[] old = TlsClient.hello(server.port(), TLS_1_1, ECDHE_ECDSA_AES_128_GCM);
    assertThat(old).startsWith(ALERT).endsWith(2, PROTOCOL_VERSION);
    byte[] weak = TlsClient.hello(server.port(), TLS_1_2, ECDHE_ECDSA_AES_128_CBC);
    assertThat(weak).startsWith(ALERT).endsWith(2, HANDSHAKE_FAILURE);
  }

  @Test
  void plainHttpGetsNoAnswerAndIsClosedAtOnce() {
    byte[] request =
        "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    byte[] answer = TlsClient.say(server.port(), request, 5_000);
    assertThat(new String(answer, StandardCharsets.ISO_8859_1)).doesNotContain("HTTP");
    assertThatThrownBy(() -> new HttpDoor(plainUrl()).somebody("eve"))
        .isInstanceOf(IllegalStateException.class);
  }

  private String plainUrl() {
    return server.url().replace("https:", "http:");
  }

  @Test
  void aSecondHandshakeOnOneConnectionIsRefused() throws IOException {
    authority.issue("process").write(folder.resolve("process"));
    int port = ServerProcess.freePort();
    try (ServerProcess process =
            ServerProcess.start(
                port,
                Map.of(
                    "PARLEY_DATABASE_URL", TestPostgres.freshDatabase(),
                    "PARLEY_TLS_CERTIFICATE", folder.resolve("process/node.pem").toString(),
                    "PARLEY_TLS_KEY", folder.resolve("process/node.key").toString()));
        SSLSocket socket = TlsClient.connect(trusting, port, "TLSv1.2")) {
      assertThat(process.output()).contains("open https://");
      assertThat(process.output()).doesNotContain("BEGIN", "PrivateKey");
      assertThat(socket.getSession().getProtocol()).isEqualTo("TLSv1.2");
      socket.setSoTimeout(5_000);
      assertThatThrownBy(
              () -> {
                socket.startHandshake();
                socket.getInputStream().read();
              })
          .isInstanceOf(IOException.class)
          .isNotInstanceOf(SocketTimeoutException.class);
    }
  }

  @Test
  void theBotOfTheDemoComesInByTheSameDoor() {
    Demo demo = server.openDemo();
    assertThat(demo.links()).allMatch(link -> link.address().startsWith("https://"));
    String link = demo.links().get(0).address().replaceAll(".*#link=", "");
    String token =
        HttpDoor.expect(201, http.request("POST", "/v1/session", "", "{\"link\":\"" + link + "\"}"))
            .path("token")
            .asText();
    String echo =
        HttpDoor.expect(
                200, http.request("POST", "/v1/conversations", token, "{\"peer\":\"echo\"}"))
            .path("conversation")
            .path("id")
            .asText();
    long outbox =
        HttpDoor.expect(201, http.request("POST", "/v1/outboxes", token, "{}"))
            .path("outbox")
            .asLong();
    try (ChatClient ada = chat(token)) {
      ada.say(echo, outbox, 1, "are you there?");
      Awaitility.await().atMost(PATIENCE).until(() -> received(ada).contains("are you there?"));
    }
  }

  private void awaitShown(String subject) {
    Awaitility.await()
        .atMost(PATIENCE)
        .until(() -> TlsClient.subject(trusting, server.port()).equals(subject));
  }

  private ChatClient chat(Account account) {
    return chat(account.token());
  }

  private ChatClient chat(String token) {
    ChatClient client =
        ChatClient.on(
            RawSocket.over(
                TlsClient.connect(trusting, server.port()),
                "/v1/socket",
                Map.of("Sec-WebSocket-Protocol", "parley.v1")));
    client.hello(token);
    client.awaitType("welcome");
    return client;
  }

  private static String received(ChatClient client) {
    for (JsonNode frame = client.awaitType("events"); ; frame = client.awaitType("events")) {
      for (JsonNode event : frame.path("events")) {
        if (event.path("kind").asText().equals("message")) {
          return event.path("text").asText();
        }
      }
    }
  }
}

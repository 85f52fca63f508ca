package io.parley.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import io.parley.audit.Incidents;
import io.parley.model.Limits;
import io.parley.session.Sessions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Optional;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Upgrades at a real port, when there is no session for them. */
class SocketRouteTest {
  private static final String UPGRADE =
      """
      GET /v1/socket HTTP/1.1\r
      Host: 127.0.0.1\r
      Connection: Upgrade\r
      Upgrade: websocket\r
      Sec-WebSocket-Version: 13\r
      Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
      Sec-WebSocket-Protocol: parley.v1\r
      \r
      """;

  private final ActorTestKit testKit =
      ActorTestKit.create(
          ConfigFactory.parseString("pekko.actor.provider = local")
              .withFallback(ConfigFactory.parseResources("pekko.conf"))
              .withFallback(ConfigFactory.load()));
  private final TestProbe<Sessions.Command> sessions = testKit.createTestProbe();

  @AfterEach
  void close() {
    testKit.shutdownTestKit();
  }

  @Test
  void aNodeThatIsTooBusyToMakeASessionSaysThatItIsOverloadedAndWhenToComeBack() throws Exception {
    String answer = answer(open(Duration.ofMillis(100)));
    sessions.expectMessageClass(Sessions.Open.class);
    assertOverloaded(answer);
  }

  @Test
  void aNodeWhoseSessionsHaveEndedSaysSoAtOnce() throws Exception {
    Door door = open(Duration.ofMinutes(5));
    sessions.stop();
    assertOverloaded(answer(door));
  }

  private static void assertOverloaded(String answer) {
    assertThat(answer)
        .startsWith("HTTP/1.1 503 ")
        .contains("Retry-After: 2\r\n")
        .contains("Content-Type: application/problem+json\r\n")
        .contains("\"code\":\"overloaded\"")
        .contains("\"retryAfterMs\":2000");
  }

  private Door open(Duration openWithin) {
    HttpSettings.Bind bind = new HttpSettings.Bind("127.0.0.1", 0);
    HttpSettings settings =
        new HttpSettings(
            bind,
            bind,
            false,
            Origins.ofBind(bind.host(), bind.port(), false),
            TrustedProxies.NONE,
            new HttpSettings.Web(Optional.empty(), Optional.empty(), Duration.ofDays(1)));
    SocketRoute route =
        new SocketRoute(
            testKit.system(),
            sessions.ref(),
            settings,
            Limits.DEFAULT,
            new Incidents(System::nanoTime),
            openWithin);
    return House.join(Doors.open(testKit.system(), bind, route.route()));
  }

  /** All of it, up to the end of the problem details. */
  private static String answer(Door door) throws IOException {
    int port = door.localAddress().getPort();
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(10_000);
      socket.getOutputStream().write(UPGRADE.getBytes(US_ASCII));
      StringBuilder answer = new StringBuilder();
      byte[] buffer = new byte[4_096];
      while (answer.indexOf("}") < 0) {
        int count = socket.getInputStream().read(buffer);
        assertThat(count).as("more than %s", answer).isPositive();
        answer.append(new String(buffer, 0, count, UTF_8));
      }
      return answer.toString();
    }
  }
}

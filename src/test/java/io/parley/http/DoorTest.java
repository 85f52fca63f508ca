package io.parley.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.apache.pekko.http.javadsl.server.Directives.handle;
import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import io.parley.testing.Schemas;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.Done;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What connections at a real port read when the node ends them. */
class DoorTest {
  private static final String REQUEST = "GET /slow HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n";
  private static final String HEAD_END = "\r\n\r\n";

  private final ActorTestKit testKit =
      ActorTestKit.create(
          ConfigFactory.parseString("pekko.actor.provider = local")
              .withFallback(ConfigFactory.parseResources("pekko.conf"))
              .withFallback(ConfigFactory.load()));
  private final BlockingQueue<CompletableFuture<HttpResponse>> underWay =
      new LinkedBlockingQueue<>();
  private final Door door =
      House.join(
          Doors.open(
              testKit.system(),
              new HttpSettings.Bind("127.0.0.1", 0),
              handle(
                  request -> {
                    CompletableFuture<HttpResponse> answer = new CompletableFuture<>();
                    underWay.add(answer);
                    return answer;
                  })));
  private Socket client = new Socket();

  @BeforeEach
  void connect() throws IOException {
    client = new Socket(InetAddress.getLoopbackAddress(), door.localAddress().getPort());
    client.setSoTimeout(10_000);
  }

  @AfterEach
  void close() throws IOException {
    client.close();
    testKit.shutdownTestKit();
  }

  @Test
  void aRequestThatIsUnderWayToTheLastIsToldThatItsOutcomeIsUnknownAndWhenToComeBack()
      throws Exception {
    ask();
    CompletableFuture<HttpResponse> never = awaitUnderWay();
    CompletionStage<Done> ended = door.terminate(Duration.ofMillis(200));
    assertUnavailable(head(), body());
    House.join(ended);
    assertThat(never).as("the answer of the route").isNotDone();
  }

  @Test
  void aRequestThatIsAnsweredInTimeGetsItsOwnAnswer() throws Exception {
    ask();
    CompletableFuture<HttpResponse> answer = awaitUnderWay();
    CompletionStage<Done> ended = door.terminate(Duration.ofSeconds(20));
    answer.complete(new SecurityHeaders(false).on(Bodies.nothing()));
    assertThat(head()).startsWith("HTTP/1.1 204 ").contains("X-Content-Type-Options: nosniff\r\n");
    House.join(ended);
  }

  @Test
  void onceTheDoorIsClosedAConnectionEndsWithItsNextAnswer() throws Exception {
    ask();
    awaitUnderWay().complete(Bodies.json(200, "{}"));
    assertThat(head()).doesNotContain("Connection: close");
    House.join(door.unbind());
    assertThat((char) client.getInputStream().read()).isEqualTo('{');
    assertThat((char) client.getInputStream().read()).isEqualTo('}');
    ask();
    awaitUnderWay().complete(Bodies.json(200, "{}"));
    assertThat(head()).contains("Connection: close\r\n");
    assertThat(body()).isEqualTo("{}");
  }

  private void ask() throws IOException {
    client.getOutputStream().write(REQUEST.getBytes(US_ASCII));
  }

  private CompletableFuture<HttpResponse> awaitUnderWay() throws InterruptedException {
    CompletableFuture<HttpResponse> answer = underWay.poll(10, TimeUnit.SECONDS);
    assertThat(answer).as("a request").isNotNull();
    return answer;
  }

  private static void assertUnavailable(String head, String body) {
    assertThat(head)
        .startsWith("HTTP/1.1 503 ")
        .contains("Retry-After: 2\r\n")
        .contains("Content-Type: application/problem+json\r\n")
        .contains("X-Content-Type-Options: nosniff\r\n")
        .contains("Cache-Control: no-store\r\n");
    Schemas.assertValidBody("problem", body);
    assertThat(body)
        .contains("\"code\":\"unavailable\"")
        .contains("\"retryable\":true")
        .contains("\"retryAfterMs\":2000");
  }

  private String head() throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf(HEAD_END) < 0) {
      int next = client.getInputStream().read();
      assertThat(next).as("more than %s", head).isNotNegative();
      head.append((char) next);
    }
    return head.toString();
  }

  /** What the head left; the connection ends with it. */
  private String body() throws IOException {
    return new String(client.getInputStream().readAllBytes(), UTF_8);
  }
}

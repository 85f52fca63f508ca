package io.parley.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.junit.jupiter.api.Test;

class HealthTest {
  @Test
  void aNodeIsLiveBeforeItIsReadyAndNotReadyWhenItCantTell()
      throws IOException, InterruptedException {
    AtomicReference<CompletionStage<Boolean>> ready =
        new AtomicReference<>(CompletableFuture.completedFuture(false));
    ActorTestKit kit = ActorTestKit.create("health", ConfigFactory.load());
    try {
      Door binding =
          House.join(
              Doors.open(
                  kit.system(), new HttpSettings.Bind("127.0.0.1", 0), Health.routes(ready::get)));
      int port = binding.localAddress().getPort();

      assertThat(status(port, "/health/live")).isEqualTo(200);
      assertThat(status(port, "/health/ready")).isEqualTo(503);
      ready.set(CompletableFuture.completedFuture(true));
      assertThat(status(port, "/health/ready")).isEqualTo(200);
      ready.set(CompletableFuture.failedFuture(new IllegalStateException("away")));
      assertThat(status(port, "/health/ready")).isEqualTo(503);
      assertThat(status(port, "/v1/meta")).isEqualTo(404);
    } finally {
      kit.shutdownTestKit();
    }
  }

  private static int status(int port, String path) throws IOException, InterruptedException {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(Duration.ofSeconds(10))
                .build(),
            HttpResponse.BodyHandlers.discarding())
        .statusCode();
  }
}

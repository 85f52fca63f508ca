package io.parley.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.database.DatabaseAddress;
import io.parley.testing.ChatClient;
import io.parley.testing.FaultProxy;
import io.parley.testing.HttpDoor.Account;
import io.parley.testing.Scrape;
import io.parley.testing.ServerProcess;
import io.parley.testing.TestPostgres;
import io.parley.testing.TestServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Figures are there when they are needed most: while something is away, and while a node stops. */
class ScrapeHazardsIT {
  private static final String LAG = "parley_feed_lag_seconds";
  private static final String DRAINED = "parley_sockets_closed_total{bye=\"draining\"}";
  private static final int SESSIONS = 10;

  private final int management = ServerProcess.freePort();

  private TestServer server(String databaseUrl) {
    return TestServer.start(
        Map.of("PARLEY_RATE_LIMITS", "off", "PARLEY_MANAGEMENT_PORT", Integer.toString(management)),
        databaseUrl);
  }

  @Test
  void withoutTheDatabaseFiguresComeAtOnceAndWhatNobodyKnowsIsAbsent() {
    String url = TestPostgres.freshDatabase();
    DatabaseAddress database = DatabaseAddress.parse(url);
    try (FaultProxy proxy = FaultProxy.to(database.host(), database.port());
        TestServer server =
            server(url.replace(":" + database.port() + "/", ":" + proxy.port() + "/"))) {
      assertThat(server.url()).isNotEmpty();
      await().until(() -> Scrape.of(management).has(LAG));
      proxy.blackhole();
      await()
          .until(
              () -> {
                long began = System.nanoTime();
                Scrape scrape = Scrape.of(management);
                assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(SOON);
                return !scrape.has(LAG) && !scrape.has("parley_database_oldest_write_seconds");
              });
      proxy.heal();
      await().until(() -> Scrape.of(management).has(LAG));
    }
  }

  private static final Duration SOON = Duration.ofSeconds(2);

  private static org.awaitility.core.ConditionFactory await() {
    return Awaitility.await().atMost(Duration.ofSeconds(60)).pollInterval(Duration.ofMillis(50));
  }

  @Test
  void aNodeThatDrainsTellsHowFarItIs() {
    TestServer server = server(TestPostgres.freshDatabase());
    Account ada = server.http().somebody("ada");
    List<ChatClient> sessions = new ArrayList<>();
    for (int i = 0; i < SESSIONS; i++) {
      sessions.add(ChatClient.welcomed(server.port(), ada.token()));
    }
    CompletableFuture<Void> stopped = CompletableFuture.runAsync(server::close);
    await()
        .until(
            () -> {
              double drained = Scrape.of(management).value(DRAINED);
              return drained > 0 && drained < SESSIONS;
            });
    stopped.join();
    sessions.forEach(ChatClient::close);
  }
}

package io.parley.cluster;

import static io.parley.testing.OwnThread.OWN_THREAD;
import static org.assertj.core.api.Assertions.assertThat;

import io.parley.testing.ChatClient;
import io.parley.testing.HttpDoor;
import io.parley.testing.HttpDoor.Account;
import io.parley.testing.ServerProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** All nodes of a cluster stopped at once, as by whoever ends it: nobody stays to take over. */
class StopTogetherClusterIT {
  private static final int PAIRS = 12;

  /** Each session is parted with in a step of its own, 200 ms: 8 sessions a node, 2 s at most. */
  private static final Duration WITHIN = Duration.ofSeconds(20);

  private final NodesOnOneDatabase nodes = new NodesOnOneDatabase();
  private final List<ChatClient> clients = new ArrayList<>();
  private final AtomicLong accepted = new AtomicLong();

  @AfterEach
  void end() {
    clients.forEach(ChatClient::close);
    nodes.close();
  }

  @Test
  void noneOfThemWaitsForAnotherToTakeWhatItHas() {
    for (int i = 0; i < 3; i++) {
      nodes.begin(Map.of());
    }
    nodes.all().forEach(ServerProcess::awaitReady);
    for (int i = 0; i < PAIRS; i++) {
      pairAt(nodes.all().get(i % 3), nodes.all().get((i + 1) % 3));
    }
    Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> accepted.get() > 20 * PAIRS);

    List<CompletableFuture<Void>> stops =
        nodes.all().stream()
            .map(node -> CompletableFuture.runAsync(node::close, OWN_THREAD))
            .toList();
    stops.forEach(stop -> stop.orTimeout(WITHIN.toSeconds(), TimeUnit.SECONDS).join());
    for (ServerProcess node : nodes.all()) {
      assertThat(node.output())
          .contains("Stopping")
          .doesNotContain("timed out")
          .doesNotContain("didn't end");
    }
    assertThat(nodes.rows("SELECT address FROM cluster_member")).isEmpty();
  }

  /** One writes for as long as there is a server, the other listens elsewhere. */
  private void pairAt(ServerProcess one, ServerProcess other) {
    HttpDoor http = new HttpDoor("http://127.0.0.1:" + one.port());
    Account ada = http.somebody("ada");
    Account bob = http.somebody("bob");
    String conversation = http.conversation(ada, bob);
    long outbox = http.outbox(ada);
    ChatClient writer = ChatClient.welcomed(one.port(), ada.token());
    clients.add(writer);
    clients.add(ChatClient.welcomed(other.port(), bob.token()));
    OWN_THREAD.execute(() -> write(writer, conversation, outbox));
  }

  private void write(ChatClient writer, String conversation, long outbox) {
    try {
      for (long n = 1; ; n++) {
        writer.say(conversation, outbox, n, "text " + n);
        accepted.incrementAndGet();
      }
    } catch (RuntimeException | AssertionError parted) {
      // The node has stopped.
    }
  }
}

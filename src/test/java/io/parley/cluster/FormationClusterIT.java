package io.parley.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.database.DatabaseAddress;
import io.parley.testing.ChatClient;
import io.parley.testing.FaultProxy;
import io.parley.testing.HttpDoor;
import io.parley.testing.HttpDoor.Account;
import io.parley.testing.ServerProcess;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Nodes as processes of their own, on one database. */
class FormationClusterIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final NodesOnOneDatabase nodes = new NodesOnOneDatabase();

  @AfterEach
  void end() {
    nodes.close();
  }

  @Test
  void threeNodesThatStartTogetherOnAnEmptyDatabaseAreOneClusterThatOutlivesItsOldest() {
    for (int i = 0; i < 3; i++) {
      nodes.begin(Map.of());
    }
    nodes.all().forEach(ServerProcess::awaitReady);
    assertThat(nodes.rows("SELECT DISTINCT life FROM cluster_member")).hasSize(1);
    assertThat(nodes.rows("SELECT address FROM cluster_member")).hasSize(3);

    HttpDoor http = new HttpDoor("http://127.0.0.1:" + nodes.all().get(1).port());
    Account ada = http.account("ada");
    Account bob = http.account("bob");
    String conversation = http.conversation(ada, bob);
    long outbox = http.outbox(ada);
    ServerProcess oldest = oldest();
    List<ServerProcess> others = nodes.all().stream().filter(node -> node != oldest).toList();
    try (ChatClient atBob = ChatClient.welcomed(others.get(0).port(), bob.token())) {
      say(oldest, ada, conversation, outbox, 1);
      assertThat(atBob.awaitText()).isEqualTo("text 1");
      oldest.kill();
      say(others.get(1), ada, conversation, outbox, 2);
      assertThat(atBob.awaitText()).isEqualTo("text 2");
      ServerProcess again = nodes.start(Map.of());
      say(again, ada, conversation, outbox, 3);
      assertThat(atBob.awaitText()).isEqualTo("text 3");
    }
    assertThat(
            nodes.rows(
                "SELECT address FROM cluster_member"
                    + " WHERE clock_timestamp() - last_beat < INTERVAL '5 seconds'"))
        .hasSize(3);
    assertThat(nodes.rows("SELECT DISTINCT life FROM cluster_member")).hasSize(1);
  }

  @Test
  void aNodeThatIsSetUpOtherwiseIsRefusedInWords() {
    nodes.start(Map.of());
    ServerProcess other = nodes.begin(Map.of("PARLEY_FEED_WORKERS", "8"));
    assertThat(other.exitCode()).as(other.output()).isEqualTo(1);
    assertThat(other.output())
        .contains("parley.feed.workers is 8 here and 4 there")
        .doesNotContain("Parley is ready")
        .doesNotContain("\tat ");
  }

  @Test
  void twoNodesAtOneAddressAreFoundOut() {
    String port = Integer.toString(ServerProcess.freePort());
    nodes.start(Map.of("PARLEY_CLUSTER_PORT", port));
    // Bound elsewhere, as in a container of its own, so that the port itself doesn't tell.
    ServerProcess twin =
        nodes.begin(Map.of("PARLEY_CLUSTER_PORT", port, "PARLEY_CLUSTER_BIND", "127.0.0.2"));
    assertThat(twin.exitCode()).as(twin.output()).isEqualTo(1);
    assertThat(twin.output()).contains("PARLEY_CLUSTER_HOST");
  }

  @Test
  void aNodeThatAloneIsCutOffFromPostgresqlLeavesAndTheOthersGoOn() {
    DatabaseAddress database = DatabaseAddress.parse(nodes.databaseUrl);
    try (FaultProxy proxy = FaultProxy.to(database.host(), database.port())) {
      ServerProcess other = nodes.start(Map.of());
      ServerProcess cutOff = nodes.start(through(proxy));
      proxy.blackhole();
      assertThat(cutOff.exitCode()).as(cutOff.output()).isEqualTo(4);
      assertThat(cutOff.output()).contains("can't reach PostgreSQL, and other nodes can");
      HttpDoor http = new HttpDoor("http://127.0.0.1:" + other.port());
      Account ada = http.account("ada");
      say(other, ada, http.conversation(ada, http.account("bob")), http.outbox(ada), 1);
    }
  }

  @Test
  void whileNobodyReachesPostgresqlNobodyLeavesNorWhenOneReachesItFirst() {
    DatabaseAddress database = DatabaseAddress.parse(nodes.databaseUrl);
    try (FaultProxy first = FaultProxy.to(database.host(), database.port());
        FaultProxy second = FaultProxy.to(database.host(), database.port())) {
      ServerProcess one = nodes.start(through(first));
      ServerProcess two = nodes.start(through(second));
      first.blackhole();
      second.blackhole();
      pass(Duration.ofSeconds(25));
      first.heal();
      HttpDoor http = new HttpDoor("http://127.0.0.1:" + one.port());
      Account ada =
          Awaitility.await()
              .ignoreExceptions()
              .atMost(PATIENCE)
              .until(() -> http.account("ada"), account -> true);
      pass(Duration.ofSeconds(5));
      second.heal();
      say(two, ada, http.conversation(ada, http.account("bob")), http.outbox(ada), 1);
      assertThat(one.output() + two.output()).doesNotContain("leaves the cluster");
    }
  }

  @Test
  void aNodeThatStopsInOrderTakesItsLeaveInsteadOfBeingMissed() {
    ServerProcess other = nodes.start(Map.of());
    ServerProcess leaver = nodes.start(Map.of());
    HttpDoor http = new HttpDoor("http://127.0.0.1:" + other.port());
    Account ada = http.account("ada");
    String conversation = http.conversation(ada, http.account("bob"));
    long outbox = http.outbox(ada);
    say(other, ada, conversation, outbox, 1);
    leaver.close();
    say(other, ada, conversation, outbox, 2);
    assertThat(leaver.output() + other.output())
        .doesNotContain("UNREACHABLE")
        .doesNotContain("SBR took decision");
  }

  @Test
  void aNodeThatStopsInOrderLeavesNoRowForOthersToWaitFor() {
    ServerProcess node = nodes.start(Map.of());
    node.close();
    assertThat(nodes.rows("SELECT address FROM cluster_member")).isEmpty();
  }

  @Test
  void aNodeWhoseSeedsDoNotAnswerWaitsAndCanBeStopped() {
    ServerProcess node =
        nodes.begin(Map.of("PARLEY_CLUSTER_SEED_NODES", "127.0.0.1:" + ServerProcess.freePort()));
    Awaitility.await().atMost(PATIENCE).until(() -> node.output().contains("join seed nodes"));
    node.close();
    assertThat(node.output()).doesNotContain("Parley is ready").contains("Stopping");
    assertThat(nodes.rows("SELECT address FROM cluster_member")).isEmpty();
  }

  @Test
  void aNodeThatWasReplacedByANewClusterLeaves() {
    ServerProcess node = nodes.start(Map.of());
    nodes.execute("UPDATE cluster_life SET life = 'l_another'");
    assertThat(node.exitCode()).as(node.output()).isEqualTo(4);
    assertThat(node.output()).contains("others formed a new cluster");
  }

  private Map<String, String> through(FaultProxy proxy) {
    int port = DatabaseAddress.parse(nodes.databaseUrl).port();
    return Map.of(
        "PARLEY_DATABASE_URL",
        nodes.databaseUrl.replace(":" + port + "/", ":" + proxy.port() + "/"));
  }

  /** The time is the fault: nothing tells that it has lasted long enough. */
  private static void pass(Duration duration) {
    Awaitility.await().pollDelay(duration).atMost(duration.plusSeconds(1)).until(() -> true);
  }

  private ServerProcess oldest() {
    String address =
        nodes.rows("SELECT address FROM cluster_member ORDER BY beats DESC LIMIT 1").get(0);
    return nodes.all().stream()
        .filter(node -> address.endsWith(":" + nodes.clusterPort(node)))
        .findFirst()
        .orElseThrow();
  }

  /** Tried again until it is accepted, as every client does. */
  private static void say(
      ServerProcess node, Account ada, String conversation, long outbox, long n) {
    Awaitility.await()
        .atMost(PATIENCE)
        .ignoreExceptions()
        .until(
            () -> {
              try (ChatClient client = ChatClient.welcomed(node.port(), ada.token())) {
                return client
                    .say(conversation, outbox, n, "text " + n)
                    .path("t")
                    .asText()
                    .equals("accepted");
              }
            });
  }
}

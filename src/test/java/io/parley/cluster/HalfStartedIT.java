package io.parley.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.database.DatabaseAddress;
import io.parley.testing.FaultProxy;
import io.parley.testing.ServerProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A start that loses what it needs: it ends, and says why and what to do; nothing is half there.
 */
class HalfStartedIT {
  private static final String PATIENCE = "PARLEY_CLUSTER_PATIENCE";

  private final NodesOnOneDatabase nodes = new NodesOnOneDatabase();

  @AfterEach
  void end() {
    nodes.close();
  }

  @Test
  void aNodeNoneOfWhoseSeedNodesAnswersGivesUp() {
    String seed = "127.0.0.1:" + ServerProcess.freePort();
    ServerProcess node = nodes.begin(Map.of("PARLEY_CLUSTER_SEED_NODES", seed, PATIENCE, "3s"));
    assertGivenUp(node);
    assertThat(node.output())
        .contains("None of the seed nodes " + seed + " (PARLEY_CLUSTER_SEED_NODES) answers")
        .contains("Start them, the first one first, or leave the setting empty");
    assertThat(nodes.rows("SELECT address FROM cluster_member")).isEmpty();
  }

  /**
   * After the checks, after each of the migrations' connections, before the cluster is looked at.
   */
  @ParameterizedTest
  @CsvSource({"1, false", "2, false", "3, false", "4, false", "5, false", "1, true", "5, true"})
  void aDatabaseThatVanishesWhileANodeStartsEndsIt(int connections, boolean silently) {
    DatabaseAddress database = DatabaseAddress.parse(nodes.databaseUrl);
    try (FaultProxy proxy = FaultProxy.to(database.host(), database.port())) {
      proxy.vanishAfter(connections, silently);
      ServerProcess node =
          nodes.begin(
              Map.of(
                  PATIENCE,
                  "3s",
                  "PARLEY_DATABASE_URL",
                  nodes.databaseUrl.replace(
                      ":" + database.port() + "/", ":" + proxy.port() + "/")));
      assertGivenUp(node);
      assertThat(node.output())
          .contains("will do")
          .containsAnyOf("Can't reach PostgreSQL at", "PostgreSQL has gone while this node started")
          .containsAnyOf("Check PARLEY_DATABASE_URL", "start this node again");
    }
  }

  private void assertGivenUp(ServerProcess node) {
    assertThat(node.exitCode()).as(node.output()).isEqualTo(1);
    assertThat(node.output())
        .contains("Parley can't start.")
        .doesNotContain("Parley is ready")
        .doesNotContain("\tat ");
    assertThat(isOpen(node.port())).isFalse();
    assertThat(isOpen(nodes.clusterPort(node))).isFalse();
  }

  private static boolean isOpen(int port) {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return socket.isConnected();
    } catch (IOException refused) {
      return false;
    }
  }
}

package io.parley;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.testing.ServerProcess;
import io.parley.testing.TestPostgres;
import java.sql.SQLException;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** {@code ./parley restored} as a process. */
class RestoredIT {
  private final String url = TestPostgres.freshDatabase();
  private final Map<String, String> settings = Map.of("PARLEY_DATABASE_URL", url);

  @Test
  void membersOfTheClusterBeforeAreForgottenAndANodeStarts() throws SQLException {
    TestPostgres.execute(url, "UPDATE database_life SET system_identifier = 1");
    TestPostgres.execute(
        url, "INSERT INTO cluster_life (life, agreement) VALUES ('l_before', 'workers=1')");
    // As a backup holds it: fresh by the clock, and held by a number that is somebody's here.
    TestPostgres.execute(
        url,
        "INSERT INTO cluster_member (address, incarnation, life, beats, last_beat, backend)"
            + " SELECT '192.0.2.1:2551', 7, 'l_before', 99, now(), min(pid) FROM pg_stat_activity");

    ServerProcess restored = ServerProcess.begin(ServerProcess.freePort(), settings, "restored");
    assertThat(restored.exitCode()).as("%s", restored.output()).isZero();
    assertThat(TestPostgres.texts(url, "SELECT address FROM cluster_member")).isEmpty();
    assertThat(TestPostgres.texts(url, "SELECT life FROM cluster_life")).isEmpty();

    try (ServerProcess node = ServerProcess.start(ServerProcess.freePort(), settings)) {
      assertThat(node.output()).contains("Parley is ready");
      assertThat(TestPostgres.texts(url, "SELECT life FROM cluster_life"))
          .hasSize(1)
          .doesNotContain("l_before");
      assertThat(TestPostgres.texts(url, "SELECT address FROM cluster_member")).hasSize(1);
    }
  }
}

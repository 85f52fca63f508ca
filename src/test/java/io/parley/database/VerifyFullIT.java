package io.parley.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.parley.embedded.EmbeddedPostgres;
import io.parley.embedded.Progress;
import io.parley.testing.TestAuthority;
import io.parley.testing.TestPostgres;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A PostgreSQL with a certificate, and whom both of our drivers take it for. */
class VerifyFullIT {
  private static final String USES_TLS =
      "SELECT ssl::text AS uses FROM pg_stat_ssl WHERE pid = pg_backend_pid()";

  private final TestAuthority authority = TestAuthority.named("postgresql");
  private final Path folder;

  VerifyFullIT(@TempDir Path folder) {
    this.folder = folder;
  }

  @Test
  void theServersCertificateMustBeOfTheAuthorityAndNameTheHost() throws Exception {
    try (EmbeddedPostgres server =
        EmbeddedPostgres.start(
            TestPostgres.settings(folder.resolve("data")), Progress.SILENT)) {
      certify(server);
      TestAuthority.write(folder.resolve("authority.pem"), authority.pem());
      TestAuthority.write(folder.resolve("foreign.pem"), TestAuthority.named("other").pem());

      DatabaseAddress verified = address(server.url(), "authority.pem");
      Awaitility.await()
          .ignoreExceptions()
          .atMost(Duration.ofSeconds(20))
          .until(() -> Preflight.check(verified, 1, line -> {}), warnings -> true);
      assertThat(uses(verified)).containsExactly("true");

      DatabaseAddress foreign = address(server.url(), "foreign.pem");
      assertThatThrownBy(() -> Preflight.check(foreign, 1, line -> {}))
          .isInstanceOf(DatabaseRefusedException.class);
      assertThatThrownBy(() -> uses(foreign));

      String byAnotherName = server.url().replace("127.0.0.1", "127.0.0.2");
      DatabaseAddress unnamed = address(byAnotherName, "authority.pem");
      assertThatThrownBy(() -> Preflight.check(unnamed, 1, line -> {}))
          .isInstanceOf(DatabaseRefusedException.class);
      assertThatThrownBy(() -> uses(unnamed));
    }
  }

  private DatabaseAddress address(String url, String root) {
    return DatabaseAddress.parse(
        url + "?sslmode=verify-full&sslrootcert=" + folder.resolve(root));
  }

  /** The server itself writes its files, as whichever account it runs. */
  private void certify(EmbeddedPostgres server) throws SQLException {
    TestAuthority.Issued issued = authority.issue("database");
    execute(server, writing(issued.chain(), "server.crt"));
    execute(server, writing(issued.key(), "server.key"));
    execute(server, "ALTER SYSTEM SET ssl = on");
    execute(server, "SELECT pg_reload_conf()");
  }

  private static String writing(String pem, String file) {
    return "COPY (SELECT unnest(string_to_array('%s', E'\\n'))) TO PROGRAM 'umask 077; cat > %s'"
        .formatted(pem.replace("\r", ""), file);
  }

  private static void execute(EmbeddedPostgres server, String sql) throws SQLException {
    try (Connection connection = TestPostgres.connect(server.url());
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** Whether the pool's driver speaks TLS. */
  private static List<String> uses(DatabaseAddress address) throws Exception {
    Database database =
        Database.open(
            new DatabaseSettings(
                address,
                1,
                Duration.ofSeconds(5),
                Duration.ofSeconds(5),
                Duration.ofSeconds(5),
                "verify-full"));
    try {
      return database
          .query(USES_TLS, statement -> {}, row -> String.valueOf(row.get("uses", String.class)))
          .toCompletableFuture()
          .get(20, TimeUnit.SECONDS);
    } finally {
      database.close();
    }
  }
}

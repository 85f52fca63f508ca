package io.parley.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.parley.embedded.EmbeddedPostgres;
import io.parley.embedded.EmbeddedSettings;
import io.parley.embedded.Progress;
import io.parley.testing.TestAuthority;
import io.parley.testing.TestPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
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
    EmbeddedSettings settings = TestPostgres.settings(folder.resolve("data"));
    EmbeddedPostgres.start(settings, Progress.SILENT).close();
    certify(folder.resolve("data/postgresql/cluster"));
    try (EmbeddedPostgres server = EmbeddedPostgres.start(settings, Progress.SILENT)) {
      TestAuthority.write(folder.resolve("authority.pem"), authority.pem());
      TestAuthority.write(folder.resolve("foreign.pem"), TestAuthority.named("other").pem());

      DatabaseAddress verified = address(server.url(), "authority.pem");
      assertThat(Preflight.check(verified, 1, line -> {})).isEmpty();
      assertThat(uses(verified)).containsExactly("true");

      DatabaseAddress foreign = address(server.url(), "foreign.pem");
      assertThatThrownBy(() -> Preflight.check(foreign, 1, line -> {}))
          .isInstanceOf(DatabaseRefusedException.class)
          .hasMessageContaining("PKIX");
      assertThatThrownBy(() -> uses(foreign)).hasStackTraceContaining("PKIX");

      // The same server by a name that isn't in its certificate.
      DatabaseAddress unnamed =
          address(server.url().replace("127.0.0.1", "127.1"), "authority.pem");
      assertThatThrownBy(() -> Preflight.check(unnamed, 1, line -> {}))
          .isInstanceOf(DatabaseRefusedException.class)
          .hasMessageContaining("could not be verified");
      assertThatThrownBy(() -> uses(unnamed));
    }
  }

  private DatabaseAddress address(String url, String root) {
    return DatabaseAddress.parse(url + "?sslmode=verify-full&sslrootcert=" + folder.resolve(root));
  }

  private void certify(Path cluster) throws IOException {
    TestAuthority.Issued issued = authority.issue("database");
    write(cluster.resolve("server.crt"), issued.chain());
    write(cluster.resolve("server.key"), issued.key());
    write(cluster.resolve("local.conf"), "ssl = on\n");
  }

  /** As the server's account has its files, which isn't the test's when that is root. */
  private static void write(Path file, String text) throws IOException {
    TestAuthority.write(file, text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    Files.setOwner(file, Files.getOwner(file.resolveSibling("PG_VERSION")));
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

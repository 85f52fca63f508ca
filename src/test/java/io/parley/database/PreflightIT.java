package io.parley.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.parley.embedded.EmbeddedPostgres;
import io.parley.embedded.Progress;
import io.parley.testing.TestPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PreflightIT {

  private final String url = TestPostgres.emptyDatabase();
  private final DatabaseAddress address = DatabaseAddress.parse(url);

  @Test
  void theEmbeddedDatabaseWillDoWithoutAWarning() {
    assertThat(Preflight.check(address, 20, line -> {})).isEmpty();
  }

  @Test
  void aServerThatIsntThereIsReportedAsUnreachable() {
    assertRefused(with(address.host(), 1, address.name(), address.password()))
        .hasMessageContaining("Can't reach PostgreSQL at 127.0.0.1:1: the connection was refused");
    assertRefused(with("no.such.host.invalid", 5432, address.name(), address.password()))
        .hasMessageContaining("no such host");
  }

  @Test
  void aWrongPasswordIsNamedAndNeverShown() {
    assertRefused(with(address.host(), address.port(), address.name(), "canary"))
        .hasMessageContaining("refuses the password of user parley")
        .hasMessageNotContaining("canary");
  }

  @Test
  void anUnknownDatabaseComesWithTheLineThatMakesIt() {
    assertRefused(with(address.host(), address.port(), "nowhere", address.password()))
        .hasMessageContaining("There is no database nowhere")
        .hasMessageContaining("CREATE DATABASE nowhere OWNER parley ENCODING 'UTF8'");
  }

  @Test
  void commitsThatDontWaitForTheDiskAreRefused() throws SQLException {
    alter("SET synchronous_commit = off");
    assertRefused(address).hasMessageContaining("synchronous_commit is off");
  }

  @Test
  void aReadOnlyDatabaseIsRefused() throws SQLException {
    alter("SET default_transaction_read_only = on");
    assertRefused(address).hasMessageContaining("read-only");
  }

  @Test
  void anEncodingThatHoldsNotEveryScriptIsRefused() throws SQLException {
    String latin = address.name() + "_latin";
    execute(
        url,
        "CREATE DATABASE "
            + latin
            + " ENCODING 'LATIN1' LOCALE_PROVIDER libc LOCALE 'C' TEMPLATE template0");
    assertRefused(with(address.host(), address.port(), latin, address.password()))
        .hasMessageContaining("its encoding is LATIN1");
  }

  @Test
  void tooFewConnectionsAreRefused() {
    assertThatThrownBy(() -> Preflight.check(address, 10_000, line -> {}))
        .hasMessageContaining("connections left, and this node needs 10000");
  }

  @Test
  void aRoleThatMayNotMakeTablesIsRefused() throws SQLException {
    execute(url, "REVOKE CREATE ON SCHEMA public FROM PUBLIC, pg_database_owner");
    assertRefused(address).hasMessageContaining("may not create tables");
  }

  @Test
  void aServerWithoutFsyncOrFullPagesOrWithPreparedTransactionsIsRefused(@TempDir Path folder)
      throws IOException, SQLException {
    try (EmbeddedPostgres server = start(folder)) {
      Path configuration = folder.resolve("postgresql/cluster/postgresql.conf");
      Files.writeString(
          configuration,
          Files.readString(configuration) + "\nfsync = off\nfull_page_writes = off\n");
      // SIGHUP: the role that we have may not ask for it.
      new ProcessBuilder("kill", "-HUP", Long.toString(server.processId())).start();
      DatabaseAddress bad = DatabaseAddress.parse(server.url());
      await()
          .atMost(Duration.ofSeconds(10))
          .untilAsserted(() -> assertRefused(bad).hasMessageContaining("fsync is off"));
      assertRefused(bad).hasMessageContaining("full_page_writes is off");
    }
    Files.writeString(
        folder.resolve("postgresql/cluster/local.conf"),
        "max_prepared_transactions = 2\n",
        StandardOpenOption.CREATE_NEW);
    try (EmbeddedPostgres server = start(folder)) {
      try (Connection connection = TestPostgres.connect(server.url());
          Statement statement = connection.createStatement()) {
        connection.setAutoCommit(false);
        statement.execute("CREATE TABLE forgotten (n INT)");
        statement.execute("PREPARE TRANSACTION 'forgotten'");
      }
      assertRefused(DatabaseAddress.parse(server.url()))
          .hasMessageContaining("holds 1 prepared transactions")
          .hasMessageContaining("Set max_prepared_transactions to 0");
    }
  }

  @Test
  void aStandbyIsRefused(@TempDir Path folder) throws IOException {
    start(folder).close();
    Files.createFile(folder.resolve("postgresql/cluster/standby.signal"));
    try (EmbeddedPostgres server = start(folder)) {
      assertRefused(DatabaseAddress.parse(server.url())).hasMessageContaining("a standby");
    }
  }

  private static EmbeddedPostgres start(Path folder) {
    return EmbeddedPostgres.start(TestPostgres.settings(folder), Progress.SILENT);
  }

  private static AbstractThrowableAssert<?, ? extends Throwable> assertRefused(
      DatabaseAddress address) {
    return assertThatThrownBy(() -> Preflight.check(address, 10, line -> {}))
        .isInstanceOf(DatabaseRefusedException.class);
  }

  private DatabaseAddress with(String host, int port, String name, String password) {
    return new DatabaseAddress(
        host, port, name, address.user(), password, TransportSecurity.DISABLED);
  }

  private void alter(String what) throws SQLException {
    execute(url, "ALTER DATABASE " + address.name() + " " + what);
  }

  private static void execute(String url, String sql) throws SQLException {
    try (Connection connection = TestPostgres.connect(url);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}

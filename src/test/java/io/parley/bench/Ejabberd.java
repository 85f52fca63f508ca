package io.parley.bench;

import io.parley.bench.Talk.Somebody;
import io.parley.database.DatabaseAddress;
import io.parley.testing.ServerProcess;
import io.parley.testing.TestFolders;
import io.parley.testing.TestPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/**
 * An ejabberd of the bench's own, as one process in the foreground, which keeps its archive in
 * another database of the PostgreSQL that Parley has in this run.
 */
final class Ejabberd implements Target, AutoCloseable {
  static final String HOST = "localhost";

  private static final String PASSWORD = "bench";
  private static final Duration READY_WITHIN = Duration.ofSeconds(60);

  private final EjabberdSetup setup;
  private final ServerUnderLoad beside;
  private final Path folder;
  private final String databaseUrl;
  private final InetSocketAddress address =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), ServerProcess.freePort());
  private Optional<Process> process = Optional.empty();
  private int people;
  private boolean isClosed;

  private Ejabberd(EjabberdSetup setup, ServerUnderLoad beside, Path folder) {
    this.setup = setup;
    this.beside = beside;
    this.folder = folder;
    this.databaseUrl = beside.databaseUrl(setup.database());
  }

  /** Starts it, and waits until it takes connections. */
  static Ejabberd start(
      EjabberdSetup setup, EjabberdPackage installed, ServerUnderLoad beside, Path folder) {
    TestPostgres.execute(beside.databaseUrl(), "CREATE DATABASE " + setup.database());
    Ejabberd ejabberd = new Ejabberd(setup, beside, folder);
    TestPostgres.execute(ejabberd.databaseUrl, installed.schema());
    Runtime.getRuntime().addShutdownHook(new Thread(ejabberd::close, "ejabberd-end"));
    try {
      ejabberd.begin(installed);
      return ejabberd;
    } catch (RuntimeException e) {
      ejabberd.close();
      throw e;
    }
  }

  private void begin(EjabberdPackage installed) {
    Path log = folder.resolve("output.log");
    try {
      Files.createDirectories(folder.resolve("spool"));
      Files.writeString(
          folder.resolve("ejabberd.yml"),
          setup.configuration(installed, address.getPort(), DatabaseAddress.parse(databaseUrl)));
      ProcessBuilder builder =
          new ProcessBuilder(command(installed))
              .directory(folder.toFile())
              .redirectErrorStream(true)
              .redirectOutput(log.toFile());
      builder.environment().put("ERL_LIBS", installed.libraries());
      builder.environment().put("EJABBERD_CONFIG_PATH", folder.resolve("ejabberd.yml").toString());
      builder.environment().put("EJABBERD_LOG_PATH", folder.resolve("ejabberd.log").toString());
      builder.environment().put("ERL_CRASH_DUMP", folder.resolve("crash.dump").toString());
      process = Optional.of(builder.start());
      awaitReady(process.get(), log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * As {@code ejabberdctl foreground} does, but that it has no name for other nodes: so no port
   * mapper is started, and nothing else on this machine can talk to it.
   */
  private List<String> command(EjabberdPackage installed) {
    List<String> words = new ArrayList<>();
    words.add(installed.erl().toString());
    words.addAll(setup.flags());
    words.addAll(List.of("-mnesia", "dir", "\"" + folder.resolve("spool") + "\""));
    words.addAll(List.of("-noinput", "-s", "ejabberd"));
    return words;
  }

  private void awaitReady(Process started, Path log) {
    Awaitility.await("ejabberd takes connections")
        .atMost(READY_WITHIN)
        .pollInterval(Duration.ofMillis(50))
        .until(
            () -> {
              if (!started.isAlive()) {
                throw new IllegalStateException(
                    "ejabberd has ended; " + folder + ":\n" + Files.readString(log));
              }
              return isOpen();
            });
  }

  private boolean isOpen() {
    try (Socket socket = new Socket(address.getAddress(), address.getPort())) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  EjabberdSetup setup() {
    return setup;
  }

  /** So many pairs; of the people of other pairs none knows another. */
  List<Talk> pairs(int count) {
    int first = people;
    people += 2 * count;
    TestPostgres.execute(
        databaseUrl,
        "INSERT INTO users (username, password) SELECT 'bench' || n, '%s' FROM generate_series(%d, %d) n"
            .formatted(PASSWORD, first, people - 1));
    if (setup.isSociable()) {
      befriend(first, people - 1);
    }
    List<Talk> talks = new ArrayList<>();
    for (int number = first; number < people; number += 2) {
      Somebody one = new Somebody(number, "bench" + number, PASSWORD);
      Somebody other = new Somebody(number + 1, "bench" + (number + 1), PASSWORD);
      talks.add(
          new Talk(
              "",
              one,
              other,
              new Lane(number, number, number + 1),
              new Lane(number + 1, number + 1, number)));
    }
    return talks;
  }

  /** Puts the two of each pair in each other's roster, as if both had asked and agreed. */
  private void befriend(int first, int last) {
    TestPostgres.execute(
        databaseUrl,
        """
        INSERT INTO rosterusers
          (username, jid, nick, subscription, ask, askmessage, server, subscribe, type)
        SELECT 'bench' || n, 'bench' || (%1$d + ((n - %1$d) # 1)) || '@%3$s',
          '', 'B', 'N', '', 'N', '', 'item'
        FROM generate_series(%1$d, %2$d) n
        """
            .formatted(first, last, HOST));
  }

  /** Both of each pair, ready. */
  Crew<XmppClient> crew(List<Talk> talks, Verifier verifier, Client.Ear ear) {
    return Crew.ofPairs(
        this,
        talks,
        verifier,
        (somebody, talk) -> new XmppClient(somebody, talk, setup.isSociable(), verifier, ear));
  }

  /** Rows of the archive: one of each person for each message. */
  long archived() {
    return TestPostgres.number(databaseUrl, "SELECT count(*) FROM archive");
  }

  @Override
  public InetSocketAddress address(int client) {
    return address;
  }

  @Override
  public Optional<ProcessTree> server() {
    return process.map(running -> ProcessTree.of(running.pid()));
  }

  /** The same as Parley's, which does nothing meanwhile. */
  @Override
  public Optional<ProcessTree> database() {
    return beside.database();
  }

  /** Also deletes what it has kept beside PostgreSQL; its logs stay. */
  @Override
  public synchronized void close() {
    if (isClosed) {
      return;
    }
    isClosed = true;
    process.ifPresent(Ejabberd::end);
    TestFolders.delete(folder.resolve("spool"));
  }

  /** Its VM ends in order when it is asked to. */
  private static void end(Process running) {
    running.destroy();
    try {
      if (!running.waitFor(60, TimeUnit.SECONDS)) {
        running.destroyForcibly();
      }
    } catch (InterruptedException e) {
      running.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}

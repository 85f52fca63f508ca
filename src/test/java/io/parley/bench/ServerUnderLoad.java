package io.parley.bench;

import io.parley.bench.BenchSettings.Running;
import io.parley.embedded.EmbeddedPostgres;
import io.parley.embedded.Progress;
import io.parley.testing.Scrape;
import io.parley.testing.ServerProcess;
import io.parley.testing.TestFolders;
import io.parley.testing.TestPostgres;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/**
 * What is measured: one node or a cluster of some, each a process of its own, and their PostgreSQL;
 * or a server that runs elsewhere, of whose processes nothing is known.
 */
final class ServerUnderLoad implements Target, AutoCloseable {
  private static final Duration MEMBERS_WITHIN = Duration.ofSeconds(60);

  /** What {@code ./parley} gives to one; nodes of a cluster here share it. */
  private static final int MEMORY_PERCENT = 50;

  private final List<InetSocketAddress> addresses;
  private final String databaseUrl;
  private final Optional<EmbeddedPostgres> postgres;
  private final Path folder;
  private final List<JavaProcess> processes = new ArrayList<>();
  private final List<Integer> managementPorts = new ArrayList<>();
  private boolean isClosed;

  private ServerUnderLoad(
      List<InetSocketAddress> addresses,
      String databaseUrl,
      Optional<EmbeddedPostgres> postgres,
      Path folder) {
    this.addresses = List.copyOf(addresses);
    this.databaseUrl = databaseUrl;
    this.postgres = postgres;
    this.folder = folder;
  }

  /**
   * Starts the embedded PostgreSQL as a server does, and so many nodes beside it with their
   * defaults, but for rate limits: the bench knows the address of the database that way, where it
   * makes people.
   */
  static ServerUnderLoad start(Path folder, int nodes) {
    EmbeddedPostgres postgres =
        EmbeddedPostgres.start(TestPostgres.settings(folder.resolve("data")), Progress.SILENT);
    ServerUnderLoad server =
        new ServerUnderLoad(
            Stream.generate(ServerProcess::freePort)
                .distinct()
                .limit(nodes)
                .map(port -> new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
                .toList(),
            postgres.url(),
            Optional.of(postgres),
            folder);
    // Ctrl-C reaches the server, and not PostgreSQL.
    Runtime.getRuntime().addShutdownHook(new Thread(server::close, "bench-end"));
    try {
      server.begin();
      return server;
    } catch (RuntimeException e) {
      server.close();
      throw e;
    }
  }

  static ServerUnderLoad running(Running running, Path folder) {
    InetSocketAddress address =
        new InetSocketAddress(running.url().getHost(), running.url().getPort());
    if (address.isUnresolved()) {
      throw new IllegalArgumentException("There is no host " + running.url().getHost());
    }
    return new ServerUnderLoad(List.of(address), running.database(), Optional.empty(), folder);
  }

  private void begin() {
    managementPorts.clear();
    for (int node = 0; node < addresses.size(); node++) {
      int managementPort = ServerProcess.freePort();
      managementPorts.add(managementPort);
      add(node(node, managementPort));
    }
    // Before the first conversation is given a place: those of late nodes would move.
    Awaitility.await("all nodes are members for each of them")
        .atMost(MEMBERS_WITHIN)
        .until(
            () ->
                managementPorts.stream()
                    .allMatch(
                        port -> Scrape.of(port).sum("parley_cluster_members") == addresses.size()));
  }

  private JavaProcess node(int number, int managementPort) {
    String name = nodes() == 1 ? "server" : "server-%d-of-%d".formatted(number + 1, nodes());
    return JavaProcess.start(
        folder.resolve(name + ".log"),
        "Parley is ready",
        MEMORY_PERCENT / nodes(),
        Map.of(
            "PARLEY_PORT",
            Integer.toString(addresses.get(number).getPort()),
            "PARLEY_MANAGEMENT_PORT",
            Integer.toString(managementPort),
            "PARLEY_DATABASE_URL",
            databaseUrl,
            "PARLEY_RATE_LIMITS",
            "off"),
        "io.parley.Main");
  }

  /** Ctrl-C may have come while it started. */
  private synchronized void add(JavaProcess process) {
    processes.add(process);
    if (isClosed) {
      process.close();
    }
  }

  int nodes() {
    return addresses.size();
  }

  /** Where the client of this number, from zero, connects: nodes take turns. */
  @Override
  public InetSocketAddress address(int client) {
    return addresses.get(client % addresses.size());
  }

  String databaseUrl() {
    return databaseUrl;
  }

  /** The address of another database that the bench's own PostgreSQL holds, or will. */
  String databaseUrl(String name) {
    return postgres
        .orElseThrow(() -> new IllegalStateException("PostgreSQL isn't the bench's own"))
        .url(name);
  }

  /** False for one that runs without the bench. */
  boolean isOwn() {
    return postgres.isPresent();
  }

  /** Of each node; none of a server that isn't the bench's own. */
  List<JavaProcess> processes() {
    return List.copyOf(processes);
  }

  /** All nodes. */
  @Override
  public Optional<ProcessTree> server() {
    return isOwn()
        ? Optional.of(ProcessTree.of(processes.stream().mapToLong(JavaProcess::pid).toArray()))
        : Optional.empty();
  }

  @Override
  public Optional<ProcessTree> database() {
    return postgres.map(running -> ProcessTree.of(running.processId()));
  }

  /** What each node tells of itself; none of a server that isn't the bench's own. */
  List<Scrape> scrapes() {
    return managementPorts.stream().map(Scrape::of).toList();
  }

  /** Of all nodes; 0 where it can't be had. */
  long liveBytes() {
    return processes.stream().mapToLong(JavaProcess::liveBytes).sum();
  }

  /** All nodes collect garbage, and give back what memory they don't need. */
  void giveBack() {
    processes.forEach(JavaProcess::giveBack);
  }

  /** Stops all nodes as an operator does, and starts them again; PostgreSQL stays. */
  void restart() {
    if (!isOwn()) {
      throw new IllegalStateException("it isn't the bench's own");
    }
    stop();
    begin();
  }

  /** The youngest first: the eldest has the cluster's singletons. */
  private synchronized void stop() {
    for (int node = processes.size() - 1; node >= 0; node--) {
      processes.get(node).close();
    }
    processes.clear();
  }

  /** Also deletes what the bench's own PostgreSQL has kept. */
  @Override
  public synchronized void close() {
    if (isClosed) {
      return;
    }
    isClosed = true;
    stop();
    if (postgres.isPresent()) {
      postgres.get().close();
      TestFolders.delete(folder.resolve("data"));
    }
  }
}

package io.parley.bench;

import io.parley.bench.BenchSettings.Running;
import io.parley.embedded.EmbeddedPostgres;
import io.parley.embedded.Progress;
import io.parley.testing.ServerProcess;
import io.parley.testing.TestFolders;
import io.parley.testing.TestPostgres;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * What is measured: one node in a process of its own and its PostgreSQL, or a server that runs
 * elsewhere, of whose processes nothing is known.
 */
final class ServerUnderLoad implements Target, AutoCloseable {
  private final InetSocketAddress address;
  private final String databaseUrl;
  private final Optional<EmbeddedPostgres> postgres;
  private final Path folder;
  private Optional<JavaProcess> process = Optional.empty();
  private boolean isClosed;

  private ServerUnderLoad(
      InetSocketAddress address,
      String databaseUrl,
      Optional<EmbeddedPostgres> postgres,
      Path folder) {
    this.address = address;
    this.databaseUrl = databaseUrl;
    this.postgres = postgres;
    this.folder = folder;
  }

  /**
   * Starts the embedded PostgreSQL as a server does, and the server beside it with its defaults,
   * but for rate limits: the bench knows the address of the database that way, where it makes
   * people.
   */
  static ServerUnderLoad start(Path folder) {
    EmbeddedPostgres postgres =
        EmbeddedPostgres.start(TestPostgres.settings(folder.resolve("data")), Progress.SILENT);
    ServerUnderLoad server =
        new ServerUnderLoad(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), ServerProcess.freePort()),
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
    return new ServerUnderLoad(address, running.database(), Optional.empty(), folder);
  }

  private void begin() {
    process =
        Optional.of(
            JavaProcess.start(
                folder.resolve("server.log"),
                "Parley is ready",
                Map.of(
                    "PARLEY_PORT",
                    Integer.toString(address.getPort()),
                    "PARLEY_MANAGEMENT_PORT",
                    "0",
                    "PARLEY_DATABASE_URL",
                    databaseUrl,
                    "PARLEY_RATE_LIMITS",
                    "off"),
                "io.parley.Main"));
  }

  @Override
  public InetSocketAddress address(int client) {
    return address;
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

  /** Empty for one that isn't the bench's own. */
  Optional<JavaProcess> process() {
    return process;
  }

  @Override
  public Optional<ProcessTree> server() {
    return process.map(JavaProcess::tree);
  }

  @Override
  public Optional<ProcessTree> database() {
    return postgres.map(running -> ProcessTree.of(running.processId()));
  }

  /** Stops it as an operator does, and starts it again; PostgreSQL stays. */
  void restart() {
    process.orElseThrow(() -> new IllegalStateException("it isn't the bench's own")).close();
    begin();
  }

  /** Also deletes what the bench's own PostgreSQL has kept. */
  @Override
  public synchronized void close() {
    if (isClosed) {
      return;
    }
    isClosed = true;
    process.ifPresent(JavaProcess::close);
    if (postgres.isPresent()) {
      postgres.get().close();
      TestFolders.delete(folder.resolve("data"));
    }
  }
}

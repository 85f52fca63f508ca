package io.parley.campaign.world;

import io.parley.testing.FaultProxy;
import io.parley.testing.ServerProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * One node as a process of its own. Like a service under a supervisor, it is started again when it
 * ends by itself.
 */
public final class NodeProcess implements AutoCloseable {
  private static final int RESTART_MILLIS = 1_000;

  private final int index;
  private final String host;
  private final List<String> place;
  private final int port;
  private final int managementPort;
  private final int clusterPort;
  private final FaultProxy database;
  private final Map<String, String> environment = new HashMap<>();
  private final Path log;
  private final Path clock;
  private final List<String> options;
  private volatile boolean wanted;
  private volatile Process process;
  private volatile boolean closed;

  NodeProcess(int index, Network network, Database database, Path below, List<String> options) {
    this.index = index;
    this.host = network.addressOf(index);
    this.place = network.place(index);
    this.port = network.canPart() ? 8080 : ServerProcess.freePort();
    this.managementPort = network.canPart() ? 8558 : ServerProcess.freePort();
    this.clusterPort = network.canPart() ? 7355 : ServerProcess.freePort();
    this.database = FaultProxy.at(network.ownAddress(), "127.0.0.1", database.port());
    this.log = below.resolve("node" + index + ".log");
    this.clock = below.resolve("node" + index + ".clock");
    this.options = options;
    String url =
        database
            .url()
            .replace("127.0.0.1:" + database.port(), network.own() + ":" + this.database.port());
    environment.put("PARLEY_DATABASE_URL", url);
    environment.put("PARLEY_BIND", host);
    environment.put("PARLEY_PORT", Integer.toString(port));
    environment.put("PARLEY_MANAGEMENT_BIND", host);
    environment.put("PARLEY_MANAGEMENT_PORT", Integer.toString(managementPort));
    environment.put("PARLEY_CLUSTER_HOST", host);
    environment.put("PARLEY_CLUSTER_PORT", Integer.toString(clusterPort));
    environment.put("PARLEY_RATE_LIMITS", "off");
    this.process = begin();
    Thread supervisor = new Thread(this::supervise, "supervisor-" + index);
    supervisor.setDaemon(true);
    supervisor.start();
  }

  public int index() {
    return index;
  }

  public InetSocketAddress address() {
    return new InetSocketAddress(host, port);
  }

  /** {@code host:port} by which the cluster knows it. */
  String clusterAddress() {
    return host + ":" + clusterPort;
  }

  /** Between it and PostgreSQL. */
  public FaultProxy database() {
    return database;
  }

  private Process begin() {
    wanted = true;
    List<String> command = new ArrayList<>(place);
    command.addAll(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx384m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "--add-opens=java.base/java.nio=ALL-UNNAMED",
            "-Dparley.clock=" + clock));
    command.addAll(options);
    command.addAll(
        List.of("-cp", System.getProperty("java.class.path"), "io.parley.MovedClockMain"));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    builder.environment().putAll(environment);
    try {
      return builder.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void supervise() {
    try {
      while (!closed) {
        process.waitFor();
        Thread.sleep(RESTART_MILLIS);
        synchronized (this) {
          if (wanted && !process.isAlive()) {
            process = begin();
          }
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** As kill -9 does; the supervisor starts it again. */
  public void kill() {
    process.destroyForcibly();
  }

  public void pause() {
    Shell.signal("STOP", List.of(process.pid()));
  }

  public void resume() {
    Shell.signal("CONT", List.of(process.pid()));
  }

  /** As an operator does: it drains first. */
  public void stop() {
    synchronized (this) {
      wanted = false;
    }
    process.destroy();
    try {
      if (!process.waitFor(75, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  public synchronized void start() {
    process = begin();
  }

  /** Moves its clock. */
  public void moveClock(long seconds) {
    try {
      Files.writeString(clock, Long.toString(seconds));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  boolean isReady() {
    try {
      HttpURLConnection connection =
          (HttpURLConnection)
              URI.create("http://" + host + ":" + managementPort + "/health/ready")
                  .toURL()
                  .openConnection();
      connection.setConnectTimeout(1_000);
      connection.setReadTimeout(2_000);
      return connection.getResponseCode() == 200;
    } catch (IOException e) {
      return false;
    }
  }

  /** Megabytes that the process has in memory; 0 when that can't be told. */
  long residentMegabytes() {
    try {
      for (String line : Files.readAllLines(Path.of("/proc/" + process.pid() + "/status"))) {
        if (line.startsWith("VmRSS:")) {
          return Long.parseLong(line.replaceAll("[^0-9]", "")) / 1024;
        }
      }
    } catch (IOException e) {
      // Gone, or no /proc.
    }
    return 0;
  }

  @Override
  public void close() {
    synchronized (this) {
      wanted = false;
      closed = true;
    }
    resume();
    process.destroyForcibly();
    database.close();
  }
}

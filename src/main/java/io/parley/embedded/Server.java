package io.parley.embedded;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Optional;

/** Starts and stops the server of one cluster, through pg_ctl. */
final class Server {

  /** A day: a recovery takes what it takes, and is told about while it lasts. */
  private static final Duration PATIENCE = Duration.ofDays(1);

  private static final Duration TOLD_EVERY = Duration.ofSeconds(3);

  /** A fast stop writes what is in memory to the disk first, which may be slow. */
  private static final Duration FAST_STOP = Duration.ofSeconds(60);

  private static final Duration IMMEDIATE_STOP = Duration.ofSeconds(10);

  /** What a process has to end in whose pid file is gone. */
  private static final Duration END = Duration.ofSeconds(10);

  private static final Duration END_POLL = Duration.ofMillis(10);
  private static final int PORT_TRIES = 5;
  private static final Duration LINGERING_PAUSE = Duration.ofMillis(500);
  private static final int LINGERING_TRIES = 60;

  /** After these, a server that ended but is never collected (we may be process 1) is passed by. */
  private static final int UNCOLLECTED_TRIES = 10;

  private final EmbeddedSettings settings;
  private final Programs programs;
  private final RunAs runAs;
  private final Cluster cluster;
  private final ServerLog log;

  Server(EmbeddedSettings settings, Programs programs, RunAs runAs, Cluster cluster) {
    this.settings = settings;
    this.programs = programs;
    this.runAs = runAs;
    this.cluster = cluster;
    this.log = new ServerLog(settings.serverLog());
  }

  /** Ends what an earlier run left behind. To be called only while the folder's lock is held. */
  void clearTheWay(Progress progress) throws IOException {
    Optional<Postmaster> found = Postmaster.named(settings.cluster());
    if (found.isEmpty() || !found.get().isAlive()) {
      return;
    }
    Postmaster postmaster = found.get();
    if (postmaster.servesOurCluster()) {
      progress.step(
          "An earlier run ended without stopping its PostgreSQL (process "
              + postmaster.pid()
              + "): stopping it");
      stop(progress);
    } else if (postmaster.isStranger()) {
      // The number went to another program since; PostgreSQL would take that one for itself.
      Files.deleteIfExists(Postmaster.pidFile(settings.cluster()));
    }
  }

  /**
   * Starts the server and waits until it takes connections.
   *
   * @param wanted a port, or 0 for a free one
   * @return the port
   */
  int start(int wanted, Progress progress) throws IOException {
    int portTries = 0;
    int lingeringTries = 0;
    while (true) {
      int port = wanted == 0 ? freePort() : wanted;
      if (tryStart(port, progress)) {
        return port;
      }
      if (wanted == 0 && log.saysPortIsTaken() && ++portTries < PORT_TRIES) {
        continue;
      }
      if (log.saysOldServerLingers() && ++lingeringTries < LINGERING_TRIES) {
        pause(LINGERING_PAUSE);
        if (lingeringTries == UNCOLLECTED_TRIES) {
          passByUncollected();
        }
        continue;
      }
      throw log.explain(settings.home(), port);
    }
  }

  private void passByUncollected() throws IOException {
    if (!Postmaster.named(settings.cluster()).map(Postmaster::isAlive).orElse(true)) {
      Files.deleteIfExists(Postmaster.pidFile(settings.cluster()));
    }
  }

  private boolean tryStart(int port, Progress progress) throws IOException {
    cluster.configure(port);
    log.turnOver();
    // pg_ctl puts the server into a session of its own: Ctrl-C on our terminal isn't for it.
    Command.Finished finished =
        new Command(
                runAs.command(
                    programs.program("pg_ctl"),
                    "start",
                    "--silent",
                    "--wait",
                    "--timeout=" + PATIENCE.toSeconds(),
                    "--pgdata=" + settings.cluster(),
                    "--log=" + log.file()),
                settings.home())
            .run("", PATIENCE, TOLD_EVERY, elapsed -> tell(elapsed, progress));
    if (!finished.succeeded() && !Files.exists(log.file())) {
      throw new EmbeddedPostgresException(
          "PostgreSQL didn't start. pg_ctl said: " + ServerLog.lastLines(finished.output()));
    }
    return finished.succeeded();
  }

  private void tell(Duration elapsed, Progress progress) {
    progress.step(
        "PostgreSQL is getting ready (" + elapsed.toSeconds() + " s so far): " + log.newest());
  }

  /** Fast, then immediate, then by force: the next start recovers whatever the last one did. */
  void stop(Progress progress) throws IOException {
    Optional<Postmaster> postmaster =
        Postmaster.named(settings.cluster()).filter(Postmaster::isAlive);
    if (postmaster.isEmpty()) {
      return;
    }
    if (!tryStop("fast", FAST_STOP, progress)) {
      progress.step("PostgreSQL doesn't end: stopping it at once");
      if (!tryStop("immediate", IMMEDIATE_STOP, progress)) {
        postmaster.filter(Postmaster::servesOurCluster).ifPresent(Postmaster::kill);
      }
    }
    awaitEnd(postmaster.get());
  }

  /**
   * pg_ctl waits for the pid file to go. The process goes a moment after it, and until then has
   * files of its folder open.
   */
  private static void awaitEnd(Postmaster postmaster) throws IOException {
    long end = System.nanoTime() + END.toNanos();
    while (postmaster.isAlive() && System.nanoTime() < end) {
      pause(END_POLL);
    }
  }

  private boolean tryStop(String mode, Duration limit, Progress progress) throws IOException {
    return new Command(
            runAs.command(
                programs.program("pg_ctl"),
                "stop",
                "--silent",
                "--wait",
                "--mode=" + mode,
                "--timeout=" + limit.toSeconds(),
                "--pgdata=" + settings.cluster()),
            settings.home())
        .run(
            "",
            limit.plusSeconds(5),
            TOLD_EVERY,
            elapsed ->
                progress.step("PostgreSQL is stopping (" + elapsed.toSeconds() + " s so far)"))
        .succeeded();
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket()) {
      socket.bind(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), 0));
      return socket.getLocalPort();
    }
  }

  private static void pause(Duration duration) throws IOException {
    try {
      Thread.sleep(duration.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("Interrupted", e);
    }
  }
}

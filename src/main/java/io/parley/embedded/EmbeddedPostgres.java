package io.parley.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A real PostgreSQL that belongs to one Parley: durable settings, a data folder held by a lock, one
 * role with a random password, reachable from this machine only.
 *
 * <p>It outlives whatever happens to us: Ctrl-C doesn't reach it, it is stopped last, and after a
 * kill -9 of this JVM the next start finds it and takes over. If it dies itself, it is started
 * again on the same port, where the connection pools look for it.
 */
public final class EmbeddedPostgres implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(EmbeddedPostgres.class);
  private static final Duration WATCHED_EVERY = Duration.ofMillis(500);
  private static final String HOST = "127.0.0.1";

  private final EmbeddedSettings settings;
  private final FolderLock lock;
  private final Server server;
  private final Programs programs;
  private final Access access;
  private final Thread watch;
  private volatile boolean stopped;

  /** Where it listens, and the password of its role. */
  private record Access(int port, String password) {}

  private EmbeddedPostgres(
      EmbeddedSettings settings, FolderLock lock, Server server, Programs programs, Access access) {
    this.settings = settings;
    this.lock = lock;
    this.server = server;
    this.programs = programs;
    this.access = access;
    this.watch = new Thread(this::watchOver, "embedded-postgres-watch");
    watch.setDaemon(true);
  }

  /**
   * Starts PostgreSQL on the data folder, which is made if there is none, and returns when it takes
   * connections. A recovery after a crash may take long; it is told about every few seconds.
   *
   * @throws EmbeddedPostgresException in words for an operator: another copy runs on the folder,
   *     the disk is full, the folder isn't writable or is of another PostgreSQL, and so on
   */
  public static EmbeddedPostgres start(EmbeddedSettings asked, Progress progress) {
    EmbeddedSettings settings = prepareFolders(asked);
    FolderLock lock = FolderLock.take(settings.lockFile());
    try {
      EmbeddedPostgres running = startLocked(settings, lock, progress);
      running.watch.start();
      return running;
    } catch (IOException e) {
      lock.close();
      throw EmbeddedPostgresException.of("start PostgreSQL", settings.home(), e);
    } catch (EmbeddedPostgresException e) {
      lock.close();
      throw e;
    }
  }

  /**
   * The address of a server that another Parley runs on this data folder, for a command beside it;
   * empty when none does. The password's file is for whoever owns the folder.
   *
   * @throws EmbeddedPostgresException when there is no database in the folder, when it can't be
   *     read, or when the other one is only starting or stopping
   */
  public static Optional<String> urlOfRunning(EmbeddedSettings asked) {
    if (Files.notExists(asked.cluster())) {
      throw new EmbeddedPostgresException(
          "There is no database in "
              + asked.dataFolder()
              + " yet. The first start makes one; PARLEY_DATA_DIR names another folder.");
    }
    EmbeddedSettings settings = prepareFolders(asked);
    if (FolderLock.isFree(settings.lockFile())) {
      return Optional.empty();
    }
    OptionalInt port = Postmaster.portOf(settings.cluster());
    if (port.isEmpty()) {
      throw new EmbeddedPostgresException(
          "A Parley on the data folder "
              + settings.dataFolder()
              + " is starting or stopping, and its PostgreSQL isn't there. Wait for it, and try"
              + " again.");
    }
    try {
      Access access =
          new Access(port.getAsInt(), Files.readString(settings.passwordFile()).strip());
      return Optional.of(url(access, Cluster.DATABASE));
    } catch (IOException e) {
      throw EmbeddedPostgresException.of(
          "read the password of the database", settings.passwordFile(), e);
    }
  }

  private static EmbeddedPostgres startLocked(
      EmbeddedSettings settings, FolderLock lock, Progress progress) throws IOException {
    Durable.createPrivateFolder(settings.home());
    Programs programs = Programs.unpacked(settings.programs(), progress);
    RunAs runAs = RunAs.choose(settings);
    runAs.own(settings.home());
    runAs.requireReach(settings.home());
    Cluster cluster = new Cluster(settings, programs, runAs);
    Server server = new Server(settings, programs, runAs, cluster);
    server.clearTheWay(progress);
    String password = cluster.prepare(progress);
    try {
      int port = server.start(settings.port(), progress);
      return new EmbeddedPostgres(settings, lock, server, programs, new Access(port, password));
    } catch (IOException e) {
      giveUp(server, progress);
      throw e;
    }
  }

  /** A start that was interrupted leaves no server behind. */
  private static void giveUp(Server server, Progress progress) throws IOException {
    boolean interrupted = Thread.interrupted();
    try {
      server.stop(progress);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** The real path: a server started through a link must be recognised through another. */
  private static EmbeddedSettings prepareFolders(EmbeddedSettings asked) {
    Path folder = asked.dataFolder();
    try {
      Files.createDirectories(folder);
      Path real = folder.toRealPath();
      boolean ownPrograms = asked.programs().startsWith(folder);
      Path programs =
          ownPrograms ? real.resolve(folder.relativize(asked.programs())) : asked.programs();
      return new EmbeddedSettings(real, programs, asked.port());
    } catch (IOException e) {
      throw EmbeddedPostgresException.of("make the data folder", folder, e);
    }
  }

  public String host() {
    return HOST;
  }

  public int port() {
    return access.port();
  }

  public String user() {
    return Cluster.ROLE;
  }

  /** Random, made with the data folder; changes only when its file is deleted. */
  public String password() {
    return access.password();
  }

  public String databaseName() {
    return Cluster.DATABASE;
  }

  /** The full version, such as 18.6. */
  public String version() {
    return programs.version();
  }

  /** {@code postgresql://user:password@host:port/name} of {@link #databaseName}; a secret. */
  public String url() {
    return url(databaseName());
  }

  /** The same for another database of this server. */
  public String url(String database) {
    return url(access, database);
  }

  private static String url(Access access, String database) {
    String login = Cluster.ROLE + ":" + access.password();
    return "postgresql://" + login + "@" + HOST + ":" + access.port() + "/" + database;
  }

  /** The server's first process, whose children are the sessions; 0 while there is none. */
  public long processId() {
    return postmaster().map(Postmaster::pid).orElse(0L);
  }

  Optional<Postmaster> postmaster() {
    return Postmaster.named(settings.cluster());
  }

  @Override
  public void close() {
    stop(Progress.SILENT);
  }

  /**
   * Stops the server cleanly, within a bound: its clients are disconnected, what was committed is
   * on disk. A second call does nothing.
   */
  public void stop(Progress progress) {
    // Before the lock: a start again that waits for a long recovery must let go of it.
    watch.interrupt();
    stopLocked(progress);
  }

  private synchronized void stopLocked(Progress progress) {
    if (stopped) {
      return;
    }
    stopped = true;
    try {
      server.stop(progress);
    } catch (IOException e) {
      throw EmbeddedPostgresException.of("stop PostgreSQL", settings.home(), e);
    } finally {
      lock.close();
    }
  }

  private void watchOver() {
    while (!Thread.currentThread().isInterrupted()) {
      try {
        Thread.sleep(WATCHED_EVERY.toMillis());
      } catch (InterruptedException e) {
        return;
      }
      if (!postmaster().map(Postmaster::isAlive).orElse(false)) {
        startAgain();
      }
    }
  }

  /** Tried again at each look, for as long as it takes: a full disk may be emptied. */
  private synchronized void startAgain() {
    if (stopped) {
      return;
    }
    log.warn("PostgreSQL ended by itself: starting it again");
    try {
      server.start(access.port(), line -> log.info("{}", line));
      log.info("PostgreSQL is back");
    } catch (IOException | EmbeddedPostgresException e) {
      log.error("PostgreSQL doesn't start again: {}", e.getMessage());
    }
  }
}

package io.parley.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;
import org.flywaydb.core.Flyway;

/** One real PostgreSQL per test JVM, durable as in production, gone with the JVM. */
public final class TestPostgres {

  private static final String USER = "parley";
  private static final String PASSWORD = "secret";
  private static final String TEMPLATE = "parley_template";
  private static final Duration START_TIMEOUT = Duration.ofSeconds(60);
  private static final AtomicInteger DATABASES = new AtomicInteger();

  private final Process process;
  private final int port;

  private TestPostgres(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  /** A new database with all migrations, as {@code postgresql://user:password@host:port/name}. */
  public static String freshDatabase() {
    TestPostgres server = Running.SERVER;
    String name = "test_" + DATABASES.incrementAndGet();
    server.execute("postgres", "CREATE DATABASE " + name + " TEMPLATE " + TEMPLATE);
    return "postgresql://%s:%s@127.0.0.1:%d/%s".formatted(USER, PASSWORD, server.port, name);
  }

  /** The server's first process; its children are the sessions. */
  public static ProcessHandle process() {
    return Running.SERVER.process.toHandle();
  }

  private static final class Running {
    static final TestPostgres SERVER = start();
  }

  private static TestPostgres start() {
    try {
      Path home = Files.createTempDirectory("parley-test-postgres");
      unpack(home.resolve("pg"));
      Path data = home.resolve("data");
      Path password = Files.writeString(home.resolve("password"), PASSWORD + "\n");
      run(
          home.resolve("pg/bin/initdb").toString(),
          "-D",
          data.toString(),
          "-U",
          USER,
          "-A",
          "scram-sha-256",
          "--pwfile=" + password,
          "-E",
          "UTF8",
          "--locale-provider=builtin",
          "--builtin-locale=C.UTF-8",
          "--locale=C");
      int port = freePort();
      ProcessBuilder postgres =
          new ProcessBuilder(
              asOrdinaryUser(
                  home.resolve("pg/bin/postgres").toString(),
                  "-D",
                  data.toString(),
                  "-p",
                  Integer.toString(port),
                  "-c",
                  "listen_addresses=127.0.0.1",
                  "-c",
                  "unix_socket_directories=",
                  "-c",
                  "max_connections=200"));
      Path log = home.resolve("log");
      Process process = postgres.redirectErrorStream(true).redirectOutput(log.toFile()).start();
      Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(process, home)));
      TestPostgres server = new TestPostgres(process, port);
      server.awaitStart(log);
      server.execute("postgres", "CREATE DATABASE " + TEMPLATE);
      Flyway.configure()
          .dataSource(server.jdbcUrl(TEMPLATE), USER, PASSWORD)
          .loggers("slf4j")
          .load()
          .migrate();
      return server;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void awaitStart(Path log) throws IOException {
    Instant deadline = Instant.now().plus(START_TIMEOUT);
    while (true) {
      try {
        DriverManager.getConnection(jdbcUrl("postgres"), USER, PASSWORD).close();
        return;
      } catch (SQLException e) {
        if (!process.isAlive() || Instant.now().isAfter(deadline)) {
          throw new IllegalStateException("PostgreSQL didn't start: " + Files.readString(log), e);
        }
        pause();
      }
    }
  }

  private void execute(String database, String sql) {
    try (Connection connection = DriverManager.getConnection(jdbcUrl(database), USER, PASSWORD);
        var statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }

  private String jdbcUrl(String database) {
    return "jdbc:postgresql://127.0.0.1:" + port + "/" + database;
  }

  private static void stop(Process process, Path home) {
    process.destroyForcibly();
    try {
      process.waitFor(10, TimeUnit.SECONDS);
      // The sessions notice within a moment that their first process is gone.
      for (int i = 0; i < 50 && Files.exists(home); i++) {
        deleteTree(home);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void deleteTree(Path tree) {
    try (Stream<Path> paths = Files.walk(tree)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    } catch (IOException | UncheckedIOException e) {
      pause();
    }
  }

  private static void unpack(Path target) throws IOException {
    String arch = System.getProperty("os.arch").contains("aarch64") ? "arm_64" : "x86_64";
    String os = System.getProperty("os.name").startsWith("Mac") ? "darwin" : "linux";
    String archive = "/postgres-" + os + "-" + arch + ".txz";
    InputStream resource = TestPostgres.class.getResourceAsStream(archive);
    if (resource == null) {
      throw new IllegalStateException("No " + archive + " on the class path");
    }
    try (TarArchiveInputStream tar =
        new TarArchiveInputStream(new XZCompressorInputStream(new BufferedInputStream(resource)))) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        Path path = target.resolve(entry.getName()).normalize();
        if (entry.isDirectory()) {
          Files.createDirectories(path);
        } else if (entry.isSymbolicLink()) {
          Files.createDirectories(path.getParent());
          Files.createSymbolicLink(path, Path.of(entry.getLinkName()));
        } else {
          Files.createDirectories(path.getParent());
          Files.copy(tar, path);
          Files.setPosixFilePermissions(path, permissions(entry));
        }
      }
    }
  }

  private static Set<PosixFilePermission> permissions(TarArchiveEntry entry) {
    Set<PosixFilePermission> permissions =
        EnumSet.of(
            PosixFilePermission.OWNER_READ,
            PosixFilePermission.OWNER_WRITE,
            PosixFilePermission.GROUP_READ,
            PosixFilePermission.OTHERS_READ);
    if ((entry.getMode() & 0100) != 0) {
      permissions.add(PosixFilePermission.OWNER_EXECUTE);
      permissions.add(PosixFilePermission.GROUP_EXECUTE);
      permissions.add(PosixFilePermission.OTHERS_EXECUTE);
    }
    return permissions;
  }

  /** PostgreSQL refuses to run as root; in a user namespace of its own it isn't. */
  private static List<String> asOrdinaryUser(String... command) {
    List<String> whole = new ArrayList<>();
    if (System.getProperty("user.name").equals("root")) {
      whole.addAll(List.of("unshare", "-U"));
    }
    whole.addAll(List.of(command));
    return whole;
  }

  private static void run(String... command) throws IOException {
    Process process = new ProcessBuilder(asOrdinaryUser(command)).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    try {
      if (process.waitFor() != 0) {
        throw new IllegalStateException(command[0] + ": " + output);
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private static void pause() {
    try {
      Thread.sleep(50);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

package io.parley.campaign.world;

import io.parley.campaign.check.Journal;
import io.parley.embedded.EmbeddedPostgres;
import io.parley.embedded.EmbeddedSettings;
import io.parley.embedded.Progress;
import io.parley.testing.TestPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The campaign's PostgreSQL: the embedded one, with its durable settings, on a disk of its own. */
public final class Database implements AutoCloseable {
  private final Disk disk;
  private final EmbeddedPostgres server;

  private Database(Disk disk, EmbeddedPostgres server) {
    this.disk = disk;
    this.server = server;
  }

  static Database start(Path below) {
    Disk disk = Disk.create(below);
    return new Database(
        disk, EmbeddedPostgres.start(TestPostgres.settings(disk.data()), Progress.SILENT));
  }

  public Disk disk() {
    return disk;
  }

  public String url() {
    return server.url();
  }

  int port() {
    return server.port();
  }

  /** kill -9 of all of it; it is started again on the same port. */
  public void kill() {
    Shell.signal("KILL", processes());
  }

  public void pause() {
    Shell.signal("STOP", processes());
  }

  public void resume() {
    Shell.signal("CONT", processes());
  }

  public void fillDisk() {
    disk.fill();
  }

  public void freeDisk() {
    disk.free();
  }

  /** The postmaster and its children. */
  private List<Long> processes() {
    List<Long> pids = new ArrayList<>();
    ProcessHandle.of(server.processId())
        .ifPresent(
            postmaster ->
                Stream.concat(Stream.of(postmaster), postmaster.descendants())
                    .forEach(process -> pids.add(process.pid())));
    return pids;
  }

  /** Runs a statement on a connection of its own. */
  public void execute(String sql) {
    try (Connection connection = TestPostgres.connect(url());
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }

  /** The first column of the first row. */
  String value(String sql) throws SQLException {
    try (Connection connection = TestPostgres.connect(url());
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      return row.next() ? row.getString(1) : "";
    }
  }

  public Journal journal() throws SQLException {
    return Journal.read(url());
  }

  /** What a power loss now would leave: the disk as it is, recovered by another PostgreSQL. */
  public Path powerLoss(String name) {
    pause();
    try {
      return disk.copy(name);
    } finally {
      resume();
    }
  }

  /**
   * What is committed with {@code synchronous_commit} off is written ten seconds later, instead of
   * a fifth of one: on a busy machine a client hears later than that of what was accepted.
   */
  public void writeLate() throws IOException {
    try (Stream<Path> files = Files.walk(disk.data())) {
      for (Path file : files.filter(one -> one.endsWith("postgresql.conf")).toList()) {
        Files.writeString(file.resolveSibling("local.conf"), "wal_writer_delay = '10s'\n");
      }
    }
    Shell.signal("HUP", List.of(server.processId()));
  }

  /** Recovers such an image and reads its journal. */
  public Journal recovered(Path image) throws Exception {
    Path data = Disk.attach(image);
    try {
      // It names a process that lives, and isn't this one's.
      try (Stream<Path> files = Files.walk(data)) {
        for (Path file : files.filter(one -> one.endsWith("postmaster.pid")).toList()) {
          Files.delete(file);
        }
      }
      EmbeddedSettings settings = TestPostgres.settings(data);
      try (EmbeddedPostgres copy = EmbeddedPostgres.start(settings, Progress.SILENT)) {
        return Journal.read(copy.url());
      }
    } finally {
      Disk.detach(image);
    }
  }

  @Override
  public void close() {
    server.close();
    disk.close();
  }
}

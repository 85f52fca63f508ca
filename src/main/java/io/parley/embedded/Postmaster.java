package io.parley.embedded;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** The server's main process, as its pid file names it: alive or not, ours or a stranger's. */
final class Postmaster {

  private final long pid;
  private final Path cluster;

  private Postmaster(long pid, Path cluster) {
    this.pid = pid;
    this.cluster = cluster;
  }

  static Path pidFile(Path cluster) {
    return cluster.resolve("postmaster.pid");
  }

  /** What the pid file of a cluster names; empty when there is none, or a torn one. */
  static Optional<Postmaster> named(Path cluster) {
    try (var lines = Files.lines(pidFile(cluster), ISO_8859_1)) {
      return lines
          .findFirst()
          .filter(line -> line.strip().matches("[0-9]{1,18}"))
          .map(line -> new Postmaster(Long.parseLong(line.strip()), cluster));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** Where it listens, once it takes connections: the fourth line and the last one say so. */
  static OptionalInt portOf(Path cluster) {
    try {
      List<String> lines = Files.readAllLines(pidFile(cluster), ISO_8859_1);
      boolean ready = lines.size() >= 8 && lines.get(7).strip().equals("ready");
      return ready && named(cluster).filter(Postmaster::isAlive).isPresent()
          ? OptionalInt.of(Integer.parseInt(lines.get(3).strip()))
          : OptionalInt.empty();
    } catch (IOException | NumberFormatException e) {
      return OptionalInt.empty();
    }
  }

  long pid() {
    return pid;
  }

  /** A process that has ended but that nobody has collected (we may be process 1) is dead. */
  boolean isAlive() {
    return ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false) && !isZombie();
  }

  /**
   * Whether the process with this number serves our cluster. After a reboot the number may be
   * anyone's, and must not be signalled.
   */
  boolean servesOurCluster() {
    return arguments()
        .map(words -> Arrays.asList(words).contains(cluster.toString()))
        .orElse(false);
  }

  /** Known to be another program: its arguments can be read, and don't name our cluster. */
  boolean isStranger() {
    return arguments().isPresent() && !servesOurCluster();
  }

  private Optional<String[]> arguments() {
    return ProcessHandle.of(pid).flatMap(process -> process.info().arguments());
  }

  private boolean isZombie() {
    try {
      String stat = Files.readString(Path.of("/proc/" + pid + "/stat"), ISO_8859_1);
      return stat.startsWith("Z", stat.lastIndexOf(')') + 2);
    } catch (IOException e) {
      // No /proc on this system.
      return false;
    }
  }

  void kill() {
    ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
  }
}

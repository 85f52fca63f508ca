package io.parley.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** Processes and their children, as {@code /proc} tells of them. */
record ProcessTree(List<ProcessHandle> roots) {
  /** Of one hundred per second: Linux fixes it for programs. */
  private static final double TICKS_PER_SECOND = 100;

  ProcessTree {
    roots = List.copyOf(roots);
  }

  static ProcessTree of(long... pids) {
    return new ProcessTree(
        Arrays.stream(pids)
            .mapToObj(
                pid ->
                    ProcessHandle.of(pid)
                        .orElseThrow(
                            () -> new IllegalStateException("process " + pid + " has ended")))
            .toList());
  }

  /**
   * Processor time used so far, by children that have ended too: PostgreSQL makes and ends workers.
   */
  double cpuSeconds() {
    return processes().mapToLong(ProcessTree::ticks).sum() / TICKS_PER_SECOND;
  }

  /**
   * Memory of all of them. Pages that several map count once: a share of each (Pss), where the
   * kernel tells, as PostgreSQL's shared buffers are in every one of its processes.
   */
  double residentKilobytes() {
    return processes().mapToLong(ProcessTree::kilobytes).sum();
  }

  private Stream<ProcessHandle> processes() {
    return roots.stream().flatMap(root -> Stream.concat(Stream.of(root), root.descendants()));
  }

  private static long ticks(ProcessHandle process) {
    String stat = read(process, "stat");
    if (stat.isEmpty()) {
      return 0;
    }
    // The name in parentheses may have spaces. After it, from the 12th: user and system time, its
    // own and then those of children that it has waited for.
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    long ticks = 0;
    for (int i = 11; i <= 14; i++) {
      ticks += Long.parseLong(fields[i]);
    }
    return ticks;
  }

  private static long kilobytes(ProcessHandle process) {
    return Stream.concat(
            read(process, "smaps_rollup").lines().filter(line -> line.startsWith("Pss:")),
            read(process, "status").lines().filter(line -> line.startsWith("VmRSS:")))
        .findFirst()
        .map(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
        .orElse(0L);
  }

  /** Empty when it has ended, or isn't ours to look at. */
  private static String read(ProcessHandle process, String file) {
    try {
      return Files.readString(Path.of("/proc/" + process.pid() + "/" + file));
    } catch (IOException e) {
      return "";
    }
  }
}

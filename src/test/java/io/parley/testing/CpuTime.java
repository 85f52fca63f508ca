package io.parley.testing;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Processor time used so far, by this JVM and by a tree of processes; from {@code /proc}. */
public record CpuTime(long jvmNanos, long treeNanos) {

  /** Of one hundred per second, whatever the kernel's own clock: Linux fixes it for programs. */
  private static final long NANOS_PER_TICK = 10_000_000;

  public static CpuTime now(ProcessHandle root) {
    var system =
        (com.sun.management.OperatingSystemMXBean)
            requireNonNull(ManagementFactory.getOperatingSystemMXBean());
    long ticks = Stream.concat(Stream.of(root), root.descendants()).mapToLong(CpuTime::ticks).sum();
    return new CpuTime(system.getProcessCpuTime(), ticks * NANOS_PER_TICK);
  }

  public CpuTime since(CpuTime earlier) {
    return new CpuTime(jvmNanos - earlier.jvmNanos, treeNanos - earlier.treeNanos);
  }

  private static long ticks(ProcessHandle process) {
    try {
      String stat = Files.readString(Path.of("/proc/" + process.pid() + "/stat"));
      // The name in parentheses may have spaces; user and system time are the 12th and 13th after.
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
      return Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
    } catch (IOException e) {
      return 0; // It has ended.
    }
  }
}

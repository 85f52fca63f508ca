package io.parley.bench;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;

/** A JVM of its own, with the options that {@code ./parley} gives a server. */
final class JavaProcess implements AutoCloseable {
  private static final Duration READY_WITHIN = Duration.ofSeconds(90);
  private static final Path BIN = Path.of(System.getProperty("java.home"), "bin");

  private final Process process;
  private final Path log;

  private JavaProcess(Process process, Path log) {
    this.process = process;
    this.log = log;
  }

  /**
   * Starts one, and waits until it says so.
   *
   * @param ready what its output has in it then
   * @param memoryPercent of the machine that its heap may take
   */
  static JavaProcess start(
      Path log,
      String ready,
      int memoryPercent,
      Map<String, String> environment,
      String mainClass,
      String... words) {
    List<String> command = new ArrayList<>();
    command.addAll(
        List.of(
            BIN.resolve("java").toString(),
            "-XX:MaxRAMPercentage=" + memoryPercent,
            "-XX:+UseG1GC",
            "-XX:MinHeapFreeRatio=10",
            "-XX:MaxHeapFreeRatio=30",
            "-XX:+ExitOnOutOfMemoryError",
            "-Dfile.encoding=UTF-8",
            "--add-opens=java.base/java.nio=ALL-UNNAMED"));
    if (Runtime.version().feature() >= 25) {
      command.add("-XX:+UseCompactObjectHeaders");
    }
    String options = System.getenv().getOrDefault("PARLEY_JAVA_OPTS", "").strip();
    if (!options.isEmpty()) {
      command.addAll(Arrays.asList(options.split("\\s+", -1)));
    }
    command.addAll(List.of("-cp", classPath(mainClass), mainClass));
    command.addAll(List.of(words));
    try {
      Files.writeString(log, "");
      ProcessBuilder builder =
          new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
      // Settings of a server that the caller runs have no say here.
      builder.environment().keySet().removeIf(name -> name.startsWith("PARLEY_"));
      builder.environment().putAll(environment);
      JavaProcess started = new JavaProcess(builder.start(), log);
      started.awaitReady(ready);
      return started;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A server is started without the tests' classes: their settings of the log aren't its own. */
  private static String classPath(String mainClass) {
    boolean isOfTests = mainClass.startsWith(JavaProcess.class.getPackageName());
    return Arrays.stream(
            System.getProperty("java.class.path").split(Pattern.quote(File.pathSeparator), -1))
        .filter(one -> isOfTests || !one.endsWith("test-classes"))
        .collect(Collectors.joining(File.pathSeparator));
  }

  private void awaitReady(String ready) {
    try {
      Awaitility.await(log + " says " + ready)
          .atMost(READY_WITHIN)
          .pollInterval(Duration.ofMillis(50))
          .until(
              () -> {
                if (!process.isAlive()) {
                  throw new IllegalStateException("it has ended:\n" + Files.readString(log));
                }
                return Files.readString(log).contains(ready);
              });
    } catch (RuntimeException e) {
      process.destroyForcibly();
      throw e;
    }
  }

  long pid() {
    return process.pid();
  }

  /** Collects garbage, and tells how many bytes of the heap live; 0 where that can't be had. */
  long liveBytes() {
    return Command.ofJava("jcmd", Long.toString(process.pid()), "GC.class_histogram")
        .told()
        .lines()
        .filter(line -> line.startsWith("Total"))
        .findFirst()
        .map(line -> Long.parseLong(line.strip().split("\\s+", -1)[2]))
        .orElse(0L);
  }

  /** Collects garbage, and gives the system back what memory the heap has too much of. */
  void giveBack() {
    Command.ofJava("jcmd", Long.toString(process.pid()), "GC.run");
  }

  /** As Ctrl-C does. */
  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(60, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}

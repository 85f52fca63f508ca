package io.parley.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Runs one program to its end. For programs that say little: what they print must fit the pipe (64
 * KiB), because it is read when they have ended.
 */
final class Command {

  private final List<String> words;
  private final Path folder;

  Command(List<String> words, Path folder) {
    this.words = words;
    this.folder = folder;
  }

  record Finished(int exitCode, String output) {
    boolean succeeded() {
      return exitCode == 0;
    }
  }

  Finished run(String input, Duration limit) throws IOException {
    return run(input, limit, limit, elapsed -> {});
  }

  /**
   * @param every how often {@code waiting} is told how long it has taken so far
   * @throws IOException when the program can't be started, or was ended because of the limit
   */
  Finished run(String input, Duration limit, Duration every, Waiting waiting) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(words).directory(folder.toFile());
    builder.redirectErrorStream(true);
    // A PGPORT or PGOPTIONS of whoever starts us is meant for another server.
    builder.environment().keySet().removeIf(name -> name.startsWith("PG"));
    // Messages in English: some are recognised.
    builder.environment().put("LC_ALL", "C");
    Process process = builder.start();
    try (OutputStream stdin = process.getOutputStream()) {
      stdin.write(input.getBytes(UTF_8));
    } catch (IOException e) {
      // It ended without reading; its exit code and its words tell more than a broken pipe.
    }
    try {
      await(process, limit, every, waiting);
    } catch (IOException e) {
      process.destroyForcibly();
      throw e;
    }
    return new Finished(
        process.exitValue(), new String(process.getInputStream().readAllBytes(), UTF_8).strip());
  }

  private void await(Process process, Duration limit, Duration every, Waiting waiting)
      throws IOException {
    long startedNanos = System.nanoTime();
    try {
      while (!process.waitFor(every.toMillis(), TimeUnit.MILLISECONDS)) {
        Duration elapsed = Duration.ofNanos(System.nanoTime() - startedNanos);
        if (elapsed.compareTo(limit) >= 0) {
          throw new IOException(words.get(0) + " took longer than " + limit.toSeconds() + " s");
        }
        waiting.tick(elapsed);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("Interrupted while " + words.get(0) + " ran", e);
    }
  }

  @FunctionalInterface
  interface Waiting {
    void tick(Duration elapsed);
  }
}

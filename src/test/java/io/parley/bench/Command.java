package io.parley.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A program that was run to its end.
 *
 * @param isDone false if it failed, or there is none
 */
record Command(boolean isDone, String told) {
  private static final Path BIN = Path.of(System.getProperty("java.home"), "bin");

  /** One of this Java's own, such as {@code jcmd}. */
  static Command ofJava(String program, String... words) {
    List<String> command = new ArrayList<>();
    command.add(BIN.resolve(program).toString());
    command.addAll(Arrays.asList(words));
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      String told = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return new Command(process.waitFor() == 0, told.strip());
    } catch (IOException e) {
      return new Command(false, e.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Command(false, "interrupted");
    }
  }
}

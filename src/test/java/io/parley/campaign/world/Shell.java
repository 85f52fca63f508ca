package io.parley.campaign.world;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Programs of the system that a campaign needs: ip, mount, kill. */
final class Shell {
  private Shell() {}

  /** Runs one and returns what it said; fails when it does. */
  static String run(String... words) {
    try {
      Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
      process.getOutputStream().close();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() != 0) {
        throw new IllegalStateException(String.join(" ", words) + ": " + said.strip());
      }
      return said;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** The same, whatever comes of it. */
  static boolean tryRun(String... words) {
    try {
      run(words);
      return true;
    } catch (IllegalStateException | UncheckedIOException e) {
      return false;
    }
  }

  static boolean isRoot() {
    return tryRun("sh", "-c", "test $(id -u) -eq 0");
  }

  /** Tells processes, all at once: those that are told late go on meanwhile. */
  static void signal(String signal, List<Long> pids) {
    List<String> words = new ArrayList<>(List.of("kill", "-" + signal));
    pids.forEach(pid -> words.add(Long.toString(pid)));
    tryRun(words.toArray(String[]::new));
  }
}

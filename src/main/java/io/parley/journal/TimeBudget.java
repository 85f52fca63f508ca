package io.parley.journal;

import com.typesafe.config.Config;
import java.time.Duration;

/**
 * The chain of time-outs around one write, from the inside out. Each must end before the next: if
 * an outer one ended first, its caller would go on while the write is still under way within.
 */
public final class TimeBudget {

  private TimeBudget() {}

  /**
   * Checks the order of those that are set.
   *
   * @param config with the two below
   * @param database path of the database's
   * @param plugin path of the journal's, or of the snapshot store's
   * @throws IllegalArgumentException naming the two keys that are in the wrong order
   */
  public static void check(Config config, String database, String plugin) {
    String statement = database + ".statement-timeout";
    String write = plugin + ".write-bound";
    String breaker = plugin + ".circuit-breaker.call-timeout";
    if (config.hasPath(write)) {
      requireShorter(config, statement, write);
      requireShorter(config, write, breaker);
    } else {
      requireShorter(config, statement, breaker);
    }
  }

  private static void requireShorter(Config config, String innerKey, String outerKey) {
    Duration inner = config.getDuration(innerKey);
    Duration outer = config.getDuration(outerKey);
    if (inner.compareTo(outer) >= 0) {
      throw new IllegalArgumentException(
          "%s (%d ms) must be shorter than %s (%d ms)"
              .formatted(innerKey, inner.toMillis(), outerKey, outer.toMillis()));
    }
  }
}

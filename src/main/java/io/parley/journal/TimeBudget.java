package io.parley.journal;

import com.typesafe.config.Config;
import io.parley.database.DatabaseSettings;
import java.time.Duration;

/**
 * The chain of time-outs around one write, from the inside out. Each must end before the next: if
 * an outer one ended first, its caller would go on while the write is still under way within.
 */
final class TimeBudget {

  private TimeBudget() {}

  /**
   * @param path of the plugin's configuration
   * @throws IllegalArgumentException naming the two keys that are in the wrong order
   */
  static void check(DatabaseSettings database, String databasePath, Config plugin, String path) {
    Duration statement = database.statementTimeout();
    Duration breaker = plugin.getDuration("circuit-breaker.call-timeout");
    String statementKey = databasePath + ".statement-timeout";
    String breakerKey = path + ".circuit-breaker.call-timeout";
    if (plugin.hasPath("write-bound")) {
      Duration write = plugin.getDuration("write-bound");
      String writeKey = path + ".write-bound";
      requireShorter(statementKey, statement, writeKey, write);
      requireShorter(writeKey, write, breakerKey, breaker);
    } else {
      requireShorter(statementKey, statement, breakerKey, breaker);
    }
  }

  private static void requireShorter(
      String innerKey, Duration inner, String outerKey, Duration outer) {
    if (inner.compareTo(outer) >= 0) {
      throw new IllegalArgumentException(
          "%s (%d ms) must be shorter than %s (%d ms)"
              .formatted(innerKey, inner.toMillis(), outerKey, outer.toMillis()));
    }
  }
}

package io.parley;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import io.parley.feed.FeedSettings;
import io.parley.journal.TimeBudget;
import java.time.Duration;
import java.util.List;

/**
 * Settings that the journal, the snapshots, the feed and the pools of connections read themselves,
 * some only with the first conversation: checked here, at the start, so that an operator is told of
 * a wrong one before anybody is served.
 */
final class LateSettings {
  private static final int MIB = 1_024 * 1_024;
  private static final int MOST_ROWS = 1_000_000;

  /** Long for one statement; short for somebody who waits. */
  private static final Duration LONGEST = Duration.ofMinutes(5);

  private final SettingsReader reader;

  private LateSettings(SettingsReader reader) {
    this.reader = reader;
  }

  /** Tells the reader of every fault. */
  static void check(SettingsReader reader, Config config) {
    LateSettings late = new LateSettings(reader);
    late.rows("parley.journal.", "parallel-from", "batch-rows", "queue-rows", "page-rows");
    late.sizes("parley.journal.", "batch-bytes", "queue-bytes", "page-bytes");
    reader.count("parley.feed.workers", 1, FeedSettings.RANGES);
    late.rows("parley.feed.", "page-rows", "notices-in-flight");
    late.sizes("parley.feed.", "page-bytes");
    late.times("parley.feed.", "poll-interval", "nudge-delay", "watch-interval");
    late.times("parley.feed.", "min-backoff", "max-backoff");
    late.times("parley.database.", "acquire-timeout", "statement-timeout");
    late.times("parley.database.", "idle-in-transaction-timeout");
    late.times("parley.journal.", "write-bound");
    for (String plugin : List.of("parley.journal", "parley.snapshot")) {
      late.rows(plugin + ".circuit-breaker.", "max-failures");
      late.times(plugin + ".circuit-breaker.", "call-timeout", "reset-timeout");
    }
    late.together(() -> TimeBudget.check(config, "parley.database", "parley.journal"));
    late.together(() -> TimeBudget.check(config, "parley.database", "parley.snapshot"));
    late.together(() -> FeedSettings.from(config.getConfig("parley.feed")));
  }

  private void rows(String at, String... keys) {
    for (String key : keys) {
      reader.count(at + key, 1, MOST_ROWS);
    }
  }

  private void sizes(String at, String... keys) {
    for (String key : keys) {
      reader.bytes(at + key, 1, 1_024L * MIB);
    }
  }

  private void times(String at, String... keys) {
    for (String key : keys) {
      reader.atMost(at + key, LONGEST);
    }
  }

  /** What several settings must be to each other; nothing, where one of them alone is wrong. */
  private void together(Runnable check) {
    try {
      check.run();
    } catch (IllegalArgumentException e) {
      reader.fault(e.getMessage() + ".");
    } catch (ConfigException alreadyTold) {
      // By name, with what is allowed.
    }
  }
}

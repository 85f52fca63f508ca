package io.parley.journal;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;

/** The configuration of an actor system whose persistence is ours. */
final class JournalConfig {

  private JournalConfig() {}

  /**
   * @param more settings that win over these
   */
  static Config of(String url, String more) {
    return ConfigFactory.parseString(more)
        .withFallback(
            ConfigFactory.parseString(
                """
                pekko.persistence.journal.plugin = parley.journal
                pekko.persistence.snapshot-store.plugin = parley.snapshot
                parley.database.url = "%s"
                """
                    .formatted(url)))
        .withFallback(ConfigFactory.load());
  }
}

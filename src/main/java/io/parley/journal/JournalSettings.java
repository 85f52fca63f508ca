package io.parley.journal;

import com.typesafe.config.Config;

/**
 * The journal's own settings; what they mean and why stands in reference.conf.
 *
 * @param databasePath of the configuration of the database
 * @param pageRows rows that a replay reads at a time, at most
 * @param pageBytes payload bytes after which a page ends
 */
record JournalSettings(
    String databasePath, CommitQueue.Limits limits, int pageRows, long pageBytes) {

  static JournalSettings from(Config config) {
    return new JournalSettings(
        config.getString("database"),
        new CommitQueue.Limits(
            config.getInt("parallel-batches"),
            config.getInt("parallel-from"),
            config.getInt("batch-rows"),
            config.getBytes("batch-bytes"),
            config.getInt("queue-rows"),
            config.getBytes("queue-bytes"),
            config.getDuration("write-bound")),
        config.getInt("page-rows"),
        config.getBytes("page-bytes"));
  }
}

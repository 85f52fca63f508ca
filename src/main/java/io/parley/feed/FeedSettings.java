package io.parley.feed;

import com.typesafe.config.Config;
import java.time.Duration;

/**
 * The keys of {@code parley.feed}; reference.conf has each one's reason.
 *
 * @param workers sharded processes that share the 16 ranges; 1, 2, 4, 8 or 16
 * @param pollInterval of a worker that hears nothing
 * @param nudgeDelay from a commit of this node to the poll that it causes
 * @param watchInterval between looks at how far behind the feed is
 * @param noticesInFlight people told at once
 */
public record FeedSettings(
    int workers,
    Duration pollInterval,
    Duration nudgeDelay,
    int pageRows,
    long pageBytes,
    Duration minBackoff,
    Duration maxBackoff,
    Duration watchInterval,
    int noticesInFlight) {

  /** Of slices, that the workers share. */
  public static final int RANGES = 16;

  public FeedSettings {
    if (workers < 1 || RANGES % workers != 0) {
      throw new IllegalArgumentException(
          "parley.feed.workers is " + workers + "; allowed is 1, 2, 4, 8 or 16");
    }
    if (pageRows < 1 || pageBytes < 1 || noticesInFlight < 1) {
      throw new IllegalArgumentException("sizes of parley.feed must be at least 1");
    }
    if (minBackoff.compareTo(maxBackoff) > 0) {
      throw new IllegalArgumentException(
          "parley.feed.min-backoff must not be longer than parley.feed.max-backoff");
    }
  }

  public static FeedSettings from(Config config) {
    return new FeedSettings(
        config.getInt("workers"),
        config.getDuration("poll-interval"),
        config.getDuration("nudge-delay"),
        config.getInt("page-rows"),
        config.getBytes("page-bytes"),
        config.getDuration("min-backoff"),
        config.getDuration("max-backoff"),
        config.getDuration("watch-interval"),
        config.getInt("notices-in-flight"));
  }
}

package io.parley.search;

import java.time.Duration;

/**
 * What searches may cost; reference.conf has each one's reason.
 *
 * @param connections searches that a node has PostgreSQL do at once
 * @param underWay searches that a node takes in, those that wait for a connection counted
 * @param timeLimit PostgreSQL ends a statement of a search that takes longer
 * @param perSecond searches that one person may begin a second, in the long run
 * @param burst how many of them at once
 * @param page hits in one page
 * @param queryCodePoints the longest text to look for
 */
public record SearchSettings(
    int connections,
    int underWay,
    Duration timeLimit,
    int perSecond,
    int burst,
    int page,
    int queryCodePoints) {

  public static final SearchSettings DEFAULT =
      new SearchSettings(4, 64, Duration.ofSeconds(1), 5, 20, 50, 200);
}

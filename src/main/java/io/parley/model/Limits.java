package io.parley.model;

import java.time.Duration;

/**
 * Every limit that a client can meet. The defaults stand in reference.conf, each with its reason.
 *
 * @param rateLimits whether rates and counts of sessions are enforced; sizes always are
 */
public record Limits(Frames frames, Text text, Reads reads, Rates rates, boolean rateLimits) {

  /**
   * Sizes and counts that hold always.
   *
   * @param frameBytes the longest frame, either way
   * @param assembly how long the fragments of one frame may take
   * @param inFlight unanswered operations per conversation and session
   * @param cursors cursors in one frame
   * @param page events in one page
   * @param pageBytes bytes of one page over HTTP
   * @param inbox conversations in an inbox page
   * @param watched people that one session may watch
   */
  public record Frames(
      int frameBytes,
      Duration assembly,
      int inFlight,
      int cursors,
      int page,
      int pageBytes,
      int inbox,
      int watched) {}

  /** Lengths of texts: in code points, and where it says so in bytes of UTF-8. */
  public record Text(int codePoints, int utf8Bytes, int reactionsPerMessage) {}

  /**
   * Pages of a log or an inbox over HTTP. One is under way until all of it was written.
   *
   * @param underWay that a node holds, of all people
   * @param perPerson that one of them has
   * @param patience how long a reader may take nothing before its connection is ended
   */
  public record Reads(int underWay, int perPerson, Duration patience) {}

  /**
   * Rates and counts that {@code PARLEY_RATE_LIMITS=off} turns off.
   *
   * @param messagesPerSecond operations a session may send a second, in the long run
   * @param burst how many it may send at once
   * @param sessionsPerUser sockets of one person
   * @param badFramesPerMinute malformed frames that a session survives
   */
  public record Rates(
      int messagesPerSecond, int burst, int sessionsPerUser, int badFramesPerMinute) {}

  /** Of a text, for its line in an inbox. Not set: clients cut what they know themselves alike. */
  public static final int PREVIEW_CODE_POINTS = 160;

  public static final Limits DEFAULT =
      new Limits(
          new Frames(65_536, Duration.ofSeconds(10), 8, 100, 100, 1_048_576, 100, 50),
          new Text(8_000, 16_384, 20),
          new Reads(64, 4, Duration.ofSeconds(30)),
          new Rates(10, 30, 10, 10),
          true);
}

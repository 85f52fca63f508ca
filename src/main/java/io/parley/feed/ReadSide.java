package io.parley.feed;

import java.util.List;

/** The tables that the feed fills, as a whole. */
public final class ReadSide {

  /**
   * Empties the read side and puts the feed back to the beginning, in one transaction: for a
   * database that was restored, before any node runs; {@link Rebuild} is for one that serves. The
   * offsets come first: their lock waits for pages under way and keeps the next ones out. Versions
   * of inboxes stay and go on rising, so that clients are told everything again.
   */
  public static final List<String> REBUILD =
      List.of(
          "LOCK TABLE feed_offset IN ACCESS EXCLUSIVE MODE",
          "UPDATE feed_offset SET feed_position = 0, persistence_id = '', seq_nr = 0",
          "TRUNCATE conversation_summary, message, message_edit, reaction, erasure");

  private ReadSide() {}
}

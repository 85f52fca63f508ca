package io.parley.feed;

import java.time.Duration;
import java.util.List;

/**
 * What a rebuild came to.
 *
 * @param conversations folded anew
 * @param events folded
 * @param messages that the conversations hold, deleted ones included
 * @param mended what stood there otherwise than the journal has it
 * @param unfoldable conversations whose log this build can't fold, and why: left as they are
 */
public record RebuildReport(
    long conversations,
    long events,
    long messages,
    Mended mended,
    List<String> unfoldable,
    Duration took) {

  public RebuildReport {
    unfoldable = List.copyOf(unfoldable);
  }

  /**
   * Rows that were missing, differed, or had no place there.
   *
   * @param erasures deleted texts that stood in the journal and weren't going to be erased
   * @param orphans conversations that the journal knows nothing of
   */
  public record Mended(
      long summaries, long messages, long edits, long reactions, long erasures, long orphans) {
    static final Mended NOTHING = new Mended(0, 0, 0, 0, 0, 0);

    public boolean isNothing() {
      return equals(NOTHING);
    }

    Mended and(Mended other) {
      return new Mended(
          summaries + other.summaries,
          messages + other.messages,
          edits + other.edits,
          reactions + other.reactions,
          erasures + other.erasures,
          orphans + other.orphans);
    }

    Mended andRows(ReadSideTable table, long rows) {
      return switch (table) {
        case MESSAGE -> and(new Mended(0, rows, 0, 0, 0, 0));
        case MESSAGE_EDIT -> and(new Mended(0, 0, rows, 0, 0, 0));
        case REACTION -> and(new Mended(0, 0, 0, rows, 0, 0));
        case ERASURE -> and(new Mended(0, 0, 0, 0, rows, 0));
        case CONVERSATION_SUMMARY -> and(new Mended(rows, 0, 0, 0, 0, 0));
        case USER_FEED -> this;
      };
    }
  }
}

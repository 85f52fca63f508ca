package io.parley.search;

import java.util.Optional;

/**
 * Up to where a search has come: everything of that person's that is newer was looked at. Clients
 * pass it back as a text, {@code position.seq.conversation}, the numbers to the base 36, and {@code
 * .w} behind it when the index was no help.
 *
 * @param position in the feed of the message there
 * @param walking whether to go on from message to message, without asking the index again
 */
record SearchPlace(long position, String conversation, long seq, boolean walking) {
  private static final int RADIX = 36;
  private static final String WALKING = "w";

  /** Before the newest. */
  static final SearchPlace TOP = new SearchPlace(Long.MAX_VALUE, "", Long.MAX_VALUE, false);

  String cursor() {
    return Long.toString(position, RADIX)
        + "."
        + Long.toString(seq, RADIX)
        + "."
        + conversation
        + (walking ? "." + WALKING : "");
  }

  /** Empty when it isn't a cursor of ours, spelled as we spell it. */
  static Optional<SearchPlace> of(String cursor) {
    String[] parts = cursor.split("\\.", 5);
    if (parts.length < 3 || !parts[2].matches("c_[0-9a-z]{1,30}")) {
      return Optional.empty();
    }
    try {
      SearchPlace place =
          new SearchPlace(
              Long.parseLong(parts[0], RADIX),
              parts[2],
              Long.parseLong(parts[1], RADIX),
              parts.length > 3);
      return Optional.of(place).filter(read -> read.cursor().equals(cursor) && read.isPlace());
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  private boolean isPlace() {
    return position >= 0 && seq > 0;
  }

  SearchPlace walkingOn() {
    return new SearchPlace(position, conversation, seq, true);
  }
}

package io.parley.history;

import java.util.Optional;

/**
 * Where the next part of an inbox begins, as a text that clients pass back: {@code
 * version.activity.conversation}, the numbers to the base 36.
 *
 * @param version of the inbox when its first part was read; -1 before that
 */
record InboxPlace(long version, long activity, String conversation) {
  private static final int RADIX = 36;

  /** Before the newest. */
  static final InboxPlace TOP = new InboxPlace(-1, Long.MAX_VALUE, "");

  String cursor() {
    return Long.toString(version, RADIX)
        + "."
        + Long.toString(activity, RADIX)
        + "."
        + conversation;
  }

  /** What isn't a cursor of ours begins at the top. */
  static InboxPlace of(Optional<String> cursor) {
    if (cursor.isEmpty()) {
      return TOP;
    }
    String[] parts = cursor.get().split("\\.", 4);
    if (parts.length != 3 || !parts[2].matches("c_[0-9a-z]{1,30}")) {
      return TOP;
    }
    try {
      long version = Long.parseLong(parts[0], RADIX);
      return version < 0 ? TOP : new InboxPlace(version, Long.parseLong(parts[1], RADIX), parts[2]);
    } catch (NumberFormatException e) {
      return TOP;
    }
  }

  /** A version as clients pass it back. */
  static String since(long version) {
    return "v" + Long.toString(version, RADIX);
  }

  /** The version in it; -1, which is before all, when it can't be read. */
  static long version(String since) {
    try {
      return since.startsWith("v") ? Math.max(-1, Long.parseLong(since.substring(1), RADIX)) : -1;
    } catch (NumberFormatException e) {
      return -1;
    }
  }
}

package io.parley.demo;

import java.util.Locale;
import java.util.Map;

/**
 * What the bot says to a message: the same. A few words get more, and always the same: an answer is
 * sent again under its number until it is known to be stored, and must not have changed.
 */
final class Replies {
  static final String GREETING =
      "Hi! I'm Echo, a bot. Whatever you write to me, I send back, exactly once, even if the server"
          + " is killed in between. Try me, or write \"help\".";

  private static final Map<String, String> WORDS =
      Map.of(
          "help",
          "Write anything, and I send it back. Then try this: stop the server, write while it is"
              + " gone, and start it again.",
          "ping",
          "pong");

  private Replies() {}

  static String to(String text) {
    return WORDS.getOrDefault(text.strip().toLowerCase(Locale.ROOT), text);
  }
}

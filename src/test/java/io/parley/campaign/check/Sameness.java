package io.parley.campaign.check;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Set;

/** When two copies of something are the same. */
final class Sameness {
  private Sameness() {}

  /** Whether an event is what became of this operation; anything may come to nothing. */
  static boolean isOf(JsonNode event, JsonNode op, Set<Long> deleted) {
    String kind = event.path("kind").asText();
    if (kind.equals("skipped")) {
      return true;
    }
    if (!kind.equals(op.path("kind").asText())) {
      return false;
    }
    if (event.path("erased").asBoolean()) {
      long message = kind.equals("edit") ? event.path("of").asLong() : event.path("seq").asLong();
      return deleted.contains(message) && event.path("of").asLong() == op.path("of").asLong();
    }
    for (String field : new String[] {"text", "of", "emoji", "on", "replyTo"}) {
      if (!orNull(event, field).equals(orNull(op, field))) {
        return false;
      }
    }
    return true;
  }

  private static String orNull(JsonNode node, String field) {
    JsonNode value = node.path(field);
    return value.isMissingNode() || value.isNull() ? "null" : value.toString();
  }

  /**
   * Whether an event that somebody was shown is the stored one: all alike, but for its number,
   * which only its author learns, and for a text that was erased since.
   */
  static boolean isCopy(JsonNode seen, JsonNode stored, String reader) {
    ObjectNode expected = stored.deepCopy();
    if (!stored.path("by").asText().equals(reader)) {
      expected.remove("outbox");
      expected.remove("n");
    }
    if (seen.equals(expected)) {
      return true;
    }
    if (!stored.path("erased").asBoolean()) {
      return false;
    }
    ObjectNode erased = seen.deepCopy();
    erased.remove("text");
    erased.remove("replyTo");
    erased.put("erased", true);
    return erased.equals(expected);
  }
}

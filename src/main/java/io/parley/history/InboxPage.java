package io.parley.history;

import io.parley.model.ConversationSummary;
import java.util.List;
import java.util.Optional;

/**
 * A part of an inbox, newest activity first.
 *
 * @param since the place reached, as text; good once all parts are in
 * @param version of the inbox when its first part was read: nothing up to it is missing once all
 *     parts are in; what changed while they were read comes after it
 * @param more whether further parts follow, after {@code cursor}
 */
public record InboxPage(
    List<ConversationSummary> conversations,
    String since,
    long version,
    boolean more,
    Optional<String> cursor) {
  public InboxPage {
    conversations = List.copyOf(conversations);
  }
}

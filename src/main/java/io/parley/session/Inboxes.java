package io.parley.session;

import io.parley.model.ConversationId;
import io.parley.model.ConversationSummary;
import io.parley.model.UserId;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** The read side: conversations as their participants' inboxes list them, within a second. */
public interface Inboxes {

  /**
   * A part of an inbox, newest activity first.
   *
   * @param since the place reached, for the next question; rises with {@code version}
   * @param version of the feed, up to which nothing of this person is missing once all parts are in
   * @param more whether further parts follow, after {@code cursor}
   */
  record Page(
      List<ConversationSummary> conversations,
      String since,
      long version,
      boolean more,
      Optional<String> cursor) {
    public Page {
      conversations = List.copyOf(conversations);
    }
  }

  /** The newest. */
  CompletionStage<Page> newest(UserId user, int limit, Optional<String> cursor);

  /** What changed since a place in one's inbox; one that can't be read counts as none. */
  CompletionStage<Page> changedSince(UserId user, String since, int limit, Optional<String> cursor);

  /** A place in one's inbox as {@link #changedSince} takes it. */
  String sinceOf(long version);

  /** One conversation, which this person is known to be in. */
  CompletionStage<ConversationSummary> summary(UserId user, ConversationId conversation);
}

package io.parley.session;

import io.parley.history.InboxPage;
import io.parley.model.ConversationId;
import io.parley.model.ConversationSummary;
import io.parley.model.UserId;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** The read side: conversations as their participants' inboxes list them, within a second. */
public interface Inboxes {

  /** The newest. */
  CompletionStage<InboxPage> newest(UserId user, int limit, Optional<String> cursor);

  /** What changed since a place in one's inbox; one that can't be read counts as none. */
  CompletionStage<InboxPage> changedSince(
      UserId user, String since, int limit, Optional<String> cursor);

  /** A place in one's inbox as {@link #changedSince} takes it. */
  String sinceOf(long version);

  /** One conversation, which this person is known to be in. */
  CompletionStage<ConversationSummary> summary(UserId user, ConversationId conversation);
}

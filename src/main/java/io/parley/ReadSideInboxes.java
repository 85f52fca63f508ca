package io.parley;

import io.parley.database.Statements;
import io.parley.history.Inbox;
import io.parley.history.InboxPage;
import io.parley.model.ConversationId;
import io.parley.model.ConversationSummary;
import io.parley.model.UserId;
import io.parley.session.Inboxes;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** What sessions ask of the read side. */
final class ReadSideInboxes implements Inboxes {
  private final Inbox inbox;

  ReadSideInboxes(Statements database) {
    this.inbox = new Inbox(database);
  }

  @Override
  public CompletionStage<InboxPage> newest(UserId user, int limit, Optional<String> cursor) {
    return inbox.newest(user, limit, cursor);
  }

  @Override
  public CompletionStage<InboxPage> changedSince(
      UserId user, String since, int limit, Optional<String> cursor) {
    return inbox.changedSince(user, since, limit, cursor);
  }

  @Override
  public String sinceOf(long version) {
    return Inbox.sinceOf(version);
  }

  @Override
  public CompletionStage<ConversationSummary> summary(UserId user, ConversationId conversation) {
    return inbox
        .summary(user, conversation)
        .thenApply(
            found ->
                found.orElseThrow(
                    () -> new IllegalStateException(user + " isn't in " + conversation)));
  }
}

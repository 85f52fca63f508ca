package io.parley.http;

import io.parley.history.InboxPage;
import io.parley.model.ConversationId;
import io.parley.model.UserId;
import io.parley.session.Answer;
import io.parley.session.Pages;
import io.parley.session.Request;
import io.parley.session.SessionPorts;
import io.parley.session.Starts;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** What the sockets do as well, for clients without one. */
public interface Chat {

  /** The newest conversations, or those after a cursor. */
  CompletionStage<InboxPage> inbox(UserId user, int limit, Optional<String> cursor);

  /** Empty when this conversation isn't this person's, or isn't at all. */
  CompletionStage<Optional<Pages.Page>> events(
      UserId user, ConversationId conversation, Pages.Bounds bounds);

  CompletionStage<Starts.Started> start(UserId user, String peer);

  CompletionStage<Answer> perform(Request request);

  /** Refuses an operation that came too fast, as a session would. */
  Answer.Refused tooFast(UserId by, long waitMillis);

  /** The handlers of the sockets themselves. */
  static Chat of(SessionPorts ports) {
    return new ChatOfSessions(ports);
  }
}

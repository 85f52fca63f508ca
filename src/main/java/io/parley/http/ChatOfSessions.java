package io.parley.http;

import io.parley.history.InboxPage;
import io.parley.model.ConversationId;
import io.parley.model.ErrorCode;
import io.parley.model.UserId;
import io.parley.session.Answer;
import io.parley.session.Pages;
import io.parley.session.Request;
import io.parley.session.SessionPorts;
import io.parley.session.Starts;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** Leads to the same handlers as a socket. */
final class ChatOfSessions implements Chat {
  private final SessionPorts ports;
  private final Pages pages;
  private final Starts starts;

  ChatOfSessions(SessionPorts ports) {
    this.ports = ports;
    this.pages = Pages.forBodies(ports);
    this.starts = new Starts(ports);
  }

  @Override
  public CompletionStage<InboxPage> inbox(UserId user, int limit, Optional<String> cursor) {
    return ports.inboxes().newest(user, limit, cursor);
  }

  @Override
  public CompletionStage<Optional<Pages.Page>> events(
      UserId user, ConversationId conversation, Pages.Bounds bounds) {
    return pages
        .read(user, conversation, bounds)
        .thenApply(
            page -> {
              if (page.isEmpty()) {
                ports.reports().notTheirs(user);
              }
              return page;
            });
  }

  @Override
  public CompletionStage<Starts.Started> start(UserId user, String peer) {
    return starts.start(user, peer);
  }

  @Override
  public CompletionStage<Answer> perform(Request request) {
    long cameNanos = ports.nanos().getAsLong();
    return ports
        .operations()
        .perform(request)
        .thenApply(
            answer -> {
              long nanos = ports.nanos().getAsLong() - cameNanos;
              ports.reports().answered(request.by(), answer, nanos);
              return answer;
            });
  }

  @Override
  public Answer.Refused tooFast(UserId by, long waitMillis) {
    Answer.Refused tooFast = Answer.retryAfter(ErrorCode.RATE_LIMITED, waitMillis);
    ports.reports().answered(by, tooFast, 0);
    return tooFast;
  }
}

package io.parley.http;

import io.parley.account.Refused;
import io.parley.account.Registry;
import io.parley.history.InboxPage;
import io.parley.model.ConversationId;
import io.parley.model.ConversationSummary;
import io.parley.model.ErrorCode;
import io.parley.model.UserId;
import io.parley.session.Answer;
import io.parley.session.Pages;
import io.parley.session.Request;
import io.parley.session.Starts;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Conversations without any chat behind them: memberships are those of the database, logs are
 * empty, and what is asked for is noted down.
 */
final class Notebook implements Chat {
  static final String SECRET = "canary: a secret of the inside";

  final ConcurrentLinkedQueue<Request> performed = new ConcurrentLinkedQueue<>();
  final ConcurrentLinkedQueue<Pages.Bounds> read = new ConcurrentLinkedQueue<>();
  final AtomicBoolean broken = new AtomicBoolean();
  private final Registry registry;

  Notebook(Registry registry) {
    this.registry = registry;
  }

  @Override
  public CompletionStage<InboxPage> inbox(UserId user, int limit, Optional<String> cursor) {
    if (broken.get()) {
      throw new IllegalStateException(SECRET);
    }
    return CompletableFuture.completedFuture(
        new InboxPage(List.of(), "0", 0, false, Optional.of(limit + cursor.orElse(""))));
  }

  @Override
  public CompletionStage<Optional<Pages.Page>> events(
      UserId user, ConversationId conversation, Pages.Bounds bounds) {
    read.add(bounds);
    return isMine(user, conversation)
        .thenApply(
            mine -> mine ? Optional.of(new Pages.Page(List.of(), true, 0)) : Optional.empty());
  }

  @Override
  public CompletionStage<Starts.Started> start(UserId user, String peer) {
    return registry
        .conversations()
        .start(user, peer)
        .handle(
            (started, failure) -> {
              if (failure == null) {
                ConversationSummary summary =
                    ConversationSummary.empty(started.id(), started.peer());
                return new Starts.Started(Optional.of(summary), Optional.empty());
              }
              if (failure instanceof CompletionException
                  && failure.getCause() instanceof Refused refused) {
                return new Starts.Started(Optional.empty(), Optional.of(refused.code()));
              }
              throw new CompletionException(failure);
            });
  }

  @Override
  public CompletionStage<Answer> perform(Request request) {
    performed.add(request);
    return isMine(request.by(), request.conversation())
        .thenApply(
            mine ->
                mine
                    ? request
                        .unusable()
                        .<Answer>map(refused -> refused)
                        .orElseGet(() -> new Answer.Accepted(2, 1, false))
                    : Answer.refused(ErrorCode.NOT_FOUND));
  }

  @Override
  public Answer.Refused tooFast(UserId by, long waitMillis) {
    return Answer.retryAfter(ErrorCode.RATE_LIMITED, waitMillis);
  }

  private CompletionStage<Boolean> isMine(UserId user, ConversationId conversation) {
    return registry
        .conversations()
        .membership(conversation)
        .thenApply(pair -> pair.filter(both -> both.include(user)).isPresent());
  }
}

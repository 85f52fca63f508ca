package io.parley.session;

import io.parley.conversation.Conversation;
import io.parley.conversation.Reply;
import io.parley.model.ConversationEvent;
import io.parley.model.ConversationId;
import io.parley.model.ErrorCode;
import io.parley.model.Limits;
import io.parley.model.Operation;
import io.parley.model.Participants;
import io.parley.model.SequencedEvent;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;

/**
 * The one handler behind both doors: checks an operation, asks its conversation until it answers or
 * the time is up, and says what became of it. A refusal for good is answered only after the
 * conversation has spent the number, so that a late copy can't slip in; where a copy could have
 * another fate than this one, only after that was stored.
 */
public final class Operations {
  /** How long one question waits before it is asked again, with the same number. */
  static final Duration ASK = Duration.ofSeconds(5);

  /** How long one operation may take in all, from when it came to the last question. */
  static final Duration BUDGET = Duration.ofSeconds(15);

  /**
   * What is left of that when the row of an answer is read at the latest: PostgreSQL may take
   * longer to be given up, and the client waits for 20 s.
   */
  static final Duration READ = Duration.ofSeconds(4);

  /** A pause before a conversation that failed is asked again: it restarts meanwhile. */
  static final Duration PAUSE = Duration.ofMillis(400);

  private final Shards shards;
  private final Log log;
  private final Checks checks;
  private final LongSupplier nanos;

  public Operations(
      Shards shards, Log log, Directory directory, Limits limits, LongSupplier nanos) {
    this.shards = shards;
    this.log = log;
    this.checks = new Checks(log, directory, limits.text());
    this.nanos = nanos;
  }

  /**
   * Does it in two steps, so that a session can keep the order of what was sent: it begins the
   * second step of one operation before that of the next.
   */
  public CompletionStage<Answer> perform(Request request) {
    long cameNanos = nanos.getAsLong();
    return checks
        .check(request)
        .thenCompose(verdict -> conclude(request, verdict, cameNanos))
        .exceptionally(failure -> Answer.refused(ErrorCode.UNAVAILABLE));
  }

  CompletionStage<Checks.Verdict> check(Request request) {
    return checks.check(request);
  }

  /** Asks the conversation at once, in the caller's thread, unless its time is up. */
  CompletionStage<Answer> conclude(Request request, Checks.Verdict verdict, long cameNanos) {
    if (verdict instanceof Checks.Verdict.Stranger stranger) {
      return CompletableFuture.completedFuture(stranger.refusal());
    }
    long endNanos = cameNanos + BUDGET.toNanos();
    return ask(request.conversation(), question(request, verdict), endNanos)
        .thenCompose(reply -> answer(request, verdict, reply, endNanos))
        .exceptionally(failure -> Answer.refused(ErrorCode.UNAVAILABLE));
  }

  private static Shards.Question question(Request request, Checks.Verdict verdict) {
    if (verdict instanceof Checks.Verdict.Fine fine) {
      return request.operation().isEmpty()
          ? skip(request, fine.pair())
          : replyTo ->
              new Conversation.Operate(
                  request.by(),
                  request.number(),
                  request.operation().get(),
                  request.claimed(),
                  fine.pair(),
                  replyTo);
    }
    return verdict instanceof Checks.Verdict.Refuse refuse && !refuse.always()
        ? skip(request, refuse.pair())
        : replyTo -> new Conversation.Spend(request.by(), request.number(), replyTo);
  }

  private static Shards.Question skip(Request request, Participants pair) {
    return replyTo ->
        new Conversation.Skip(request.by(), request.number(), request.claimed(), pair, replyTo);
  }

  private CompletionStage<Reply> ask(
      ConversationId conversation, Shards.Question question, long endNanos) {
    long leftNanos = endNanos - nanos.getAsLong();
    if (leftNanos <= 0) {
      return CompletableFuture.completedFuture(new Reply.Failed());
    }
    Duration timeout = leftNanos < ASK.toNanos() ? Duration.ofNanos(leftNanos) : ASK;
    return shards
        .ask(conversation, question, timeout)
        .exceptionally(noAnswer -> new Reply.Failed())
        .thenCompose(
            reply ->
                reply instanceof Reply.Failed
                    ? shards
                        .pause(PAUSE)
                        .thenCompose(paused -> ask(conversation, question, endNanos))
                    : CompletableFuture.completedFuture(reply));
  }

  private CompletionStage<Answer> answer(
      Request request, Checks.Verdict verdict, Reply reply, long endNanos) {
    if (reply instanceof Reply.Accepted accepted) {
      return completed(new Answer.Accepted(accepted.seq(), accepted.at(), false));
    }
    boolean needsRow = reply instanceof Reply.Stored || reply instanceof Reply.Forgotten;
    if (needsRow && endNanos - nanos.getAsLong() < READ.toNanos()) {
      return completed(Answer.refused(ErrorCode.UNAVAILABLE));
    }
    if (reply instanceof Reply.Stored stored) {
      return log.event(request.conversation(), stored.seq())
          .thenApply(row -> original(request, row.orElseThrow()));
    }
    if (reply instanceof Reply.Forgotten forgotten) {
      return log.find(
              request.conversation(),
              request.by(),
              request.number(),
              () -> nanos.getAsLong() - endNanos < 0)
          .thenApply(
              row ->
                  row.map(found -> original(request, found))
                      .orElseGet(() -> notStored(request, forgotten.outbox())));
    }
    if (reply instanceof Reply.Spent) {
      return completed(
          verdict instanceof Checks.Verdict.Refuse refuse
              ? refuse.refusal()
              : new Answer.Skipped());
    }
    if (reply instanceof Reply.NotStored) {
      return completed(notStored(request, false));
    }
    if (reply instanceof Reply.OutOfOrder outOfOrder) {
      return completed(Answer.outOfOrder(outOfOrder.expected()));
    }
    if (reply instanceof Reply.Gone) {
      return completed(Answer.refused(ErrorCode.GONE));
    }
    return completed(
        Answer.refused(
            reply instanceof Reply.Overloaded ? ErrorCode.OVERLOADED : ErrorCode.UNAVAILABLE));
  }

  /**
   * The number was used before, for this row: the same answer again, if it was for the same
   * operation. After erasure nobody can tell, and the original stands.
   */
  private static Answer original(Request request, SequencedEvent row) {
    if (row.event() instanceof ConversationEvent.Skipped) {
      return notStored(request, false);
    }
    boolean same =
        isSkip(request)
            || row.event() instanceof ConversationEvent.Erased
            || (row.event() instanceof ConversationEvent.Operated operated
                && request.operation().equals(Optional.<Operation>of(operated.operation())));
    return same
        ? new Answer.Accepted(row.seq(), row.event().at(), true)
        : Answer.refused(ErrorCode.CONFLICT);
  }

  private static Answer notStored(Request request, boolean outboxForgotten) {
    if (isSkip(request)) {
      return new Answer.Skipped();
    }
    return Answer.refused(outboxForgotten ? ErrorCode.OUTBOX_EXPIRED : ErrorCode.NOT_STORED);
  }

  private static boolean isSkip(Request request) {
    return request.operation().isEmpty() && request.unusable().isEmpty();
  }

  private static CompletionStage<Answer> completed(Answer answer) {
    return CompletableFuture.completedFuture(answer);
  }
}

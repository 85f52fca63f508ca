package io.parley.session;

import io.parley.history.Target;
import io.parley.model.ConversationEvent;
import io.parley.model.ConversationId;
import io.parley.model.ErrorCode;
import io.parley.model.Limits;
import io.parley.model.MessageText;
import io.parley.model.Operation;
import io.parley.model.Participants;
import io.parley.model.UserId;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * What can be said of an operation before the conversation is asked: who may, whether its text may
 * be stored, and whether the message that it names is there. Author and kind of an event never
 * change, so that a check made on a row holds for ever.
 */
final class Checks {

  /** What the checks come to. */
  sealed interface Verdict {
    /** The conversation may be asked. */
    record Fine(Participants pair) implements Verdict {}

    /**
     * Refused for good: the conversation is asked to spend the number, then this is answered.
     *
     * @param always whether the same would be said of every copy, whenever it is checked; if not,
     *     one that was checked earlier or later may be fine, and only a row keeps it out
     */
    record Refuse(Participants pair, Answer.Refused refusal, boolean always) implements Verdict {}

    /** There is no such conversation or outbox for this person; nothing is spent. */
    record Stranger(Answer.Refused refusal) implements Verdict {}
  }

  /** What is wrong with an operation, and whether it always was and will be. */
  private record Fault(Answer.Refused refusal, boolean always) {
    static Fault always(ErrorCode code) {
      return new Fault(Answer.refused(code), true);
    }

    static Fault always(ErrorCode code, String detail) {
      return new Fault(Answer.refused(code, detail), true);
    }

    static Fault now(Answer.Refused refusal) {
      return new Fault(refusal, false);
    }
  }

  private final Log log;
  private final Directory directory;
  private final Limits.Text limits;

  Checks(Log log, Directory directory, Limits.Text limits) {
    this.log = log;
    this.directory = directory;
    this.limits = limits;
  }

  CompletionStage<Verdict> check(Request request) {
    return directory
        .participants(request.conversation())
        .thenCompose(
            found -> {
              Optional<Participants> pair = found.filter(both -> both.include(request.by()));
              return pair.isEmpty()
                  ? completed(new Verdict.Stranger(Answer.refused(ErrorCode.NOT_FOUND)))
                  : checkOutbox(request, pair.get());
            });
  }

  private CompletionStage<Verdict> checkOutbox(Request request, Participants pair) {
    return directory
        .isMinted(request.by(), request.number().outbox())
        .thenCompose(
            minted ->
                minted
                    ? checkOperation(request)
                        .thenApply(
                            fault ->
                                fault
                                    .<Verdict>map(
                                        wrong ->
                                            new Verdict.Refuse(
                                                pair, wrong.refusal(), wrong.always()))
                                    .orElseGet(() -> new Verdict.Fine(pair)))
                    : completed(
                        new Verdict.Stranger(
                            Answer.refused(
                                ErrorCode.INVALID, "this outbox was not given out to you"))));
  }

  private CompletionStage<Optional<Fault>> checkOperation(Request request) {
    if (request.unusable().isPresent() || request.operation().isEmpty()) {
      return completed(request.unusable().map(refusal -> new Fault(refusal, true)));
    }
    Operation operation = request.operation().get();
    ConversationId conversation = request.conversation();
    if (operation instanceof Operation.Message message) {
      return checkMessage(conversation, message);
    }
    if (operation instanceof Operation.Edit edit) {
      Optional<Fault> text = textFault(edit.text());
      return text.isPresent()
          ? completed(text)
          : checkOwnMessage(conversation, edit.of(), request.by());
    }
    if (operation instanceof Operation.Delete delete) {
      return checkOwnMessage(conversation, delete.of(), request.by());
    }
    return checkReaction(conversation, (Operation.React) operation);
  }

  private CompletionStage<Optional<Fault>> checkMessage(
      ConversationId conversation, Operation.Message message) {
    Optional<Fault> text = textFault(message.text());
    if (text.isPresent() || message.replyTo().isEmpty()) {
      return completed(text);
    }
    // A reply to a message deleted meanwhile stands: it changes nothing.
    return log.target(conversation, message.replyTo().getAsLong())
        .thenApply(target -> noMessage(target, "replyTo names no message"));
  }

  private CompletionStage<Optional<Fault>> checkOwnMessage(
      ConversationId conversation, long of, UserId by) {
    return log.target(conversation, of)
        .thenApply(
            target ->
                unchangeable(target)
                    .or(
                        () ->
                            target
                                .filter(found -> !found.event().event().by().equals(by))
                                .map(foreign -> Fault.always(ErrorCode.FORBIDDEN))));
  }

  private CompletionStage<Optional<Fault>> checkReaction(
      ConversationId conversation, Operation.React react) {
    if (!MessageText.isEmoji(react.emoji())) {
      return completed(
          Optional.of(Fault.always(ErrorCode.INVALID, "emoji must be one grapheme cluster")));
    }
    return log.target(conversation, react.of())
        .thenApply(
            target ->
                unchangeable(target)
                    .or(
                        () ->
                            target
                                .filter(found -> react.on() && isFull(found, react.emoji()))
                                .map(full -> Fault.now(tooMany()))));
  }

  private boolean isFull(Target target, String emoji) {
    return !target.emoji().contains(emoji) && target.emoji().size() >= limits.reactionsPerMessage();
  }

  private Answer.Refused tooMany() {
    return Answer.refused(
        ErrorCode.INVALID,
        "a message holds at most " + limits.reactionsPerMessage() + " different reactions");
  }

  private Optional<Fault> textFault(String text) {
    return MessageText.refusal(text, limits.codePoints(), limits.utf8Bytes()).map(Fault::always);
  }

  private static boolean isMessage(Target target) {
    ConversationEvent event = target.event().event();
    return event instanceof ConversationEvent.Operated operated
        ? operated.operation() instanceof Operation.Message
        : event instanceof ConversationEvent.Erased erased && erased.of().isEmpty();
  }

  /** Why nobody can change what stands there: it is no message, or it was deleted. */
  private static Optional<Fault> unchangeable(Optional<Target> target) {
    return noMessage(target, "of names no message")
        .or(
            () ->
                target
                    .filter(Target::deleted)
                    .map(deleted -> Fault.now(Answer.refused(ErrorCode.GONE))));
  }

  /** Where the log has nothing yet, a message may come to stand; any other event stays itself. */
  private static Optional<Fault> noMessage(Optional<Target> target, String detail) {
    return target.filter(Checks::isMessage).isPresent()
        ? Optional.empty()
        : Optional.of(new Fault(Answer.refused(ErrorCode.INVALID, detail), target.isPresent()));
  }

  private static <T> CompletionStage<T> completed(T value) {
    return CompletableFuture.completedFuture(value);
  }
}

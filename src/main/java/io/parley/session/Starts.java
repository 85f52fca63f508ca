package io.parley.session;

import io.parley.model.ConversationId;
import io.parley.model.ConversationSummary;
import io.parley.model.ErrorCode;
import io.parley.model.UserId;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Starts a conversation, or finds the one there is, for both doors. */
public final class Starts {
  /** What it comes to; exactly one of them is there. */
  public record Started(Optional<ConversationSummary> summary, Optional<ErrorCode> refusal) {}

  private final SessionPorts ports;

  public Starts(SessionPorts ports) {
    this.ports = ports;
  }

  /** The conversation as this person's inbox lists it, with the head as the log has it now. */
  public CompletionStage<Started> start(UserId me, String peer) {
    return ports
        .directory()
        .start(me, peer)
        .thenCompose(
            started ->
                started.conversation().isPresent()
                    ? summary(me, started.conversation().get())
                    : CompletableFuture.completedFuture(
                        new Started(Optional.empty(), started.refusal())));
  }

  private CompletionStage<Started> summary(UserId me, ConversationId conversation) {
    CompletionStage<Long> head =
        ports
            .log()
            .heads(Set.of(conversation))
            .thenApply(heads -> heads.getOrDefault(conversation, 0L));
    return ports
        .inboxes()
        .summary(me, conversation)
        .thenCombine(
            head,
            (summary, now) -> {
              long told = Math.max(now, summary.head());
              return new Started(Optional.of(summary.withHead(told)), Optional.empty());
            });
  }
}

package io.parley.session;

import io.parley.model.ConversationId;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Keeps a session's operations in the order in which they came, per conversation. The checks of one
 * may wait for PostgreSQL; the next is not checked, and so not told to the conversation, before the
 * conversation was told of this one. Answers may come in any order.
 */
final class Lanes {
  private static final class Lane {
    CompletionStage<?> told = CompletableFuture.completedFuture(null);
    int inFlight;
  }

  private final Operations operations;
  private final int maxInFlight;
  private final Map<ConversationId, Lane> lanes = new HashMap<>();
  private int inFlight;

  Lanes(Operations operations, int maxInFlight) {
    this.operations = operations;
    this.maxInFlight = maxInFlight;
  }

  /**
   * Sends an operation down its lane; empty when as many as may be are unanswered there. The caller
   * calls {@link #answered} once the answer is in.
   */
  Optional<CompletionStage<Answer>> send(Request request) {
    Lane lane = lanes.computeIfAbsent(request.conversation(), id -> new Lane());
    if (lane.inFlight >= maxInFlight) {
      return Optional.empty();
    }
    lane.inFlight++;
    inFlight++;
    CompletionStage<CompletionStage<Answer>> told =
        lane.told
            .handle((done, failure) -> request)
            .thenCompose(operations::check)
            .thenApply(verdict -> operations.conclude(request, verdict));
    lane.told = told;
    return Optional.of(told.thenCompose(answer -> answer));
  }

  void answered(ConversationId conversation) {
    Lane lane = lanes.get(conversation);
    if (lane != null) {
      inFlight--;
      if (--lane.inFlight == 0) {
        lanes.remove(conversation);
      }
    }
  }

  boolean areEmpty() {
    return inFlight == 0;
  }
}

package io.parley.session;

import io.parley.model.ConversationId;
import io.parley.model.OutboxNumber;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Keeps a session's operations in the order in which they came, per conversation. The checks of one
 * may wait for PostgreSQL; the next is not checked, and so not told to the conversation, before the
 * conversation was told of this one. Answers may come in any order.
 *
 * <p>What comes behind an operation that found no room is out of order, whatever the conversation
 * would say. It is turned away as well until that one comes again: a client that sends far more
 * than is carried would otherwise have the conversation answer in vain for much of it.
 */
final class Lanes {
  private static final class Lane {
    CompletionStage<?> told = CompletableFuture.completedFuture(null);
    int inFlight;

    /** The lowest number that found no room and hasn't come again. */
    Optional<OutboxNumber> turnedAway = Optional.empty();

    boolean admits(OutboxNumber number, int maxInFlight) {
      boolean isBehind =
          turnedAway
              .filter(first -> first.outbox() == number.outbox() && first.n() < number.n())
              .isPresent();
      if (isBehind) {
        return false;
      }
      boolean hasRoom = inFlight < maxInFlight;
      turnedAway = hasRoom ? Optional.empty() : Optional.of(number);
      return hasRoom;
    }
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
   * Sends an operation down its lane; empty when as many as may be are unanswered there, or one
   * before it was turned away. The caller calls {@link #answered} once the answer is in.
   */
  Optional<CompletionStage<Answer>> send(Request request) {
    Lane lane = lanes.computeIfAbsent(request.conversation(), id -> new Lane());
    if (!lane.admits(request.number(), maxInFlight)) {
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

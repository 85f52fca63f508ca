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
 * may wait for PostgreSQL, beside those of others; the conversation is told of the next only after
 * it was told of this one. Answers may come in any order.
 *
 * <p>What comes behind an operation that found no room is out of order, whatever the conversation
 * would say. It is {@link TurnedAway turned away} until that one comes again: a client that sends
 * far more than is carried would otherwise have the conversation, which may be on another node,
 * answer in vain for much of it. It is told {@code overloaded}, not {@code out_of_order}: that
 * would say that its number isn't stored, and only the conversation knows.
 */
final class Lanes {
  private static final class Lane {
    final TurnedAway turnedAway = new TurnedAway();
    CompletionStage<?> told = CompletableFuture.completedFuture(null);
    int inFlight;

    boolean admits(OutboxNumber number, int maxInFlight, long now) {
      if (inFlight >= maxInFlight || turnedAway.isBefore(number, now)) {
        turnedAway.add(number, now);
        return false;
      }
      turnedAway.remove(number, now);
      return true;
    }

    boolean isOver(long now) {
      return inFlight == 0 && turnedAway.isEmpty(now);
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
   * before it is to be sent again. The caller calls {@link #answered} once the answer is in.
   *
   * @param cameNanos when it came: it is answered within {@link Operations#BUDGET} from then
   */
  Optional<CompletionStage<Answer>> send(Request request, long cameNanos, long nowNanos) {
    Lane lane = lanes.computeIfAbsent(request.conversation(), id -> new Lane());
    if (!lane.admits(request.number(), maxInFlight, nowNanos)) {
      return Optional.empty();
    }
    lane.inFlight++;
    inFlight++;
    CompletionStage<CompletionStage<Answer>> told =
        lane.told
            .handle((done, failure) -> request)
            .thenCombine(
                operations.check(request),
                (next, verdict) -> operations.conclude(next, verdict, cameNanos));
    lane.told = told;
    return Optional.of(told.thenCompose(answer -> answer));
  }

  /** Whether fewer than may be are unanswered there. */
  boolean hasRoom(ConversationId conversation) {
    Lane lane = lanes.get(conversation);
    return lane == null || lane.inFlight < maxInFlight;
  }

  /** Whether one before it is to be sent again. */
  boolean isBehind(Request request, long nowNanos) {
    Lane lane = lanes.get(request.conversation());
    return lane != null && lane.turnedAway.isBefore(request.number(), nowNanos);
  }

  /** It waits for room: what stands behind it may wait as well. */
  void cameAgain(Request request, long nowNanos) {
    Lane lane = lanes.get(request.conversation());
    if (lane != null) {
      lane.turnedAway.remove(request.number(), nowNanos);
    }
  }

  /**
   * Remembers one that the conversation turned away as if it had found no room here. To be called
   * before {@link #answered}.
   */
  void turnAway(Request request, long nowNanos) {
    Lane lane = lanes.get(request.conversation());
    if (lane != null) {
      lane.turnedAway.add(request.number(), nowNanos);
    }
  }

  void answered(ConversationId conversation, long nowNanos) {
    Lane lane = lanes.get(conversation);
    if (lane == null) {
      return;
    }
    lane.inFlight--;
    inFlight--;
    if (lane.isOver(nowNanos)) {
      lanes.remove(conversation);
    }
  }

  /** Forgets lanes in which nothing is under way, once it is time. */
  void sweep(long nowNanos) {
    lanes.values().removeIf(lane -> lane.isOver(nowNanos));
  }

  boolean areEmpty() {
    return inFlight == 0;
  }
}

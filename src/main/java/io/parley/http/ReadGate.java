package io.parley.http;

import io.parley.audit.Incident;
import io.parley.audit.Incidents;
import io.parley.model.ErrorCode;
import io.parley.model.UserId;
import io.parley.protocol.Problem;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.apache.pekko.http.javadsl.model.HttpResponse;

/**
 * Who may have something large read now. A read is under way until its answer was written, or
 * nobody takes it any more: up to then the answer is in memory, whatever the client does. Everyone
 * may have a few, and the node only as many as its memory bears and its database will have done in
 * time.
 */
final class ReadGate {
  private static final long RETRY_MILLIS = 1_000;

  private final Bounds bounds;
  private final Delivery delivery;
  private final Incidents incidents;
  private final Map<UserId, Integer> underWay = new HashMap<>();
  private int all;

  /** How many reads may be under way, of all people at this node and of one of them. */
  record Bounds(int all, int perPerson) {}

  ReadGate(Bounds bounds, Delivery delivery, Incidents incidents) {
    this.bounds = bounds;
    this.delivery = delivery;
    this.incidents = incidents;
  }

  /** Does it and has the answer delivered, or throws the problem that says why not now. */
  CompletionStage<HttpResponse> run(UserId user, Supplier<CompletionStage<HttpResponse>> read) {
    enter(user);
    Runnable leave = leaveOnce(user);
    CompletionStage<HttpResponse> answer;
    try {
      answer = read.get();
    } catch (RuntimeException failure) {
      leave.run();
      throw failure;
    }
    return answer
        .thenApply(response -> delivery.of(response, leave))
        .whenComplete(
            (response, failure) -> {
              if (failure != null) {
                leave.run();
              }
            });
  }

  private synchronized void enter(UserId user) {
    if (all >= bounds.all()) {
      throw refused(ErrorCode.OVERLOADED, "Many people read here at the moment");
    }
    if (underWay.getOrDefault(user, 0) >= bounds.perPerson()) {
      incidents.byUser(Incident.READS, user.value());
      throw refused(ErrorCode.RATE_LIMITED, "Your last reads aren't done yet");
    }
    underWay.merge(user, 1, Integer::sum);
    all++;
  }

  private static Problems.Thrown refused(ErrorCode code, String why) {
    return new Problems.Thrown(Problem.of(code).because(why).retryAfter(RETRY_MILLIS));
  }

  private Runnable leaveOnce(UserId user) {
    AtomicBoolean left = new AtomicBoolean();
    return () -> {
      if (left.compareAndSet(false, true)) {
        leave(user);
      }
    };
  }

  private synchronized void leave(UserId user) {
    underWay.computeIfPresent(user, (who, count) -> count > 1 ? count - 1 : null);
    all--;
  }
}

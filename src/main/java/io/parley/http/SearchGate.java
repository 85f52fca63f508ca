package io.parley.http;

import io.parley.model.ErrorCode;
import io.parley.model.UserId;
import io.parley.protocol.Problem;
import io.parley.search.SearchSettings;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Who may search now. It is the dearest of all reads, so everyone has a rate of their own and two
 * searches under way, and the node takes in only as many as it will have done in time.
 */
final class SearchGate {
  /** The one that is typed further is asked before the last one has answered. */
  private static final int UNDER_WAY_PER_PERSON = 2;

  private static final long RETRY_MILLIS = 1_000;

  private final SearchSettings settings;
  private final boolean ratesEnforced;
  private final Rates<UserId> rates;
  private final Map<UserId, Integer> underWay = new HashMap<>();
  private int all;

  SearchGate(SearchSettings settings, boolean ratesEnforced, LongSupplier nanos) {
    this.settings = settings;
    this.ratesEnforced = ratesEnforced;
    this.rates = new Rates<>(settings.perSecond(), settings.burst(), nanos);
  }

  /** Does it, or throws the problem that says why not now. */
  <T> CompletionStage<T> run(UserId user, Supplier<CompletionStage<T>> search) {
    enter(user);
    CompletionStage<T> done;
    try {
      done = search.get();
    } catch (RuntimeException failure) {
      leave(user);
      throw failure;
    }
    return done.whenComplete((result, failure) -> leave(user));
  }

  private synchronized void enter(UserId user) {
    if (all >= settings.underWay()) {
      throw new Problems.Thrown(
          Problem.of(ErrorCode.OVERLOADED)
              .because("Many people search at the moment")
              .retryAfter(RETRY_MILLIS));
    }
    if (ratesEnforced) {
      long waitMillis = rates.waitMillis(user);
      boolean busy = underWay.getOrDefault(user, 0) >= UNDER_WAY_PER_PERSON;
      if (waitMillis > 0 || busy) {
        throw new Problems.Thrown(
            Problem.of(ErrorCode.RATE_LIMITED)
                .because(busy ? "Your last searches aren't done yet" : "You search too often")
                .retryAfter(waitMillis > 0 ? waitMillis : RETRY_MILLIS));
      }
    }
    underWay.merge(user, 1, Integer::sum);
    all++;
  }

  private synchronized void leave(UserId user) {
    underWay.computeIfPresent(user, (who, count) -> count > 1 ? count - 1 : null);
    all--;
  }
}

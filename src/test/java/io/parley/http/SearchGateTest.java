package io.parley.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.parley.model.UserId;
import io.parley.search.SearchSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class SearchGateTest {
  private static final UserId ADA = new UserId("u_ada");
  private static final SearchSettings THREE =
      new SearchSettings(1, 3, Duration.ofSeconds(1), 1, 4, 50, 200);

  private final List<CompletableFuture<String>> underWay = new ArrayList<>();
  private long now;

  @Test
  void oneMoreThanTheNodeTakesInIsToldToComeBack() {
    SearchGate gate = new SearchGate(THREE, true, () -> now);
    for (int i = 0; i < 3; i++) {
      gate.run(new UserId("u_" + i), this::search);
    }
    assertRefused(gate, ADA, "overloaded");

    underWay.get(0).complete("done");
    assertThat(gate.run(ADA, this::search)).isNotNull();
  }

  @Test
  void oneThatFailsMakesRoomAsWell() {
    SearchGate gate = new SearchGate(THREE, true, () -> now);
    for (int i = 0; i < 5; i++) {
      now += TimeUnit.SECONDS.toNanos(1);
      gate.run(ADA, this::search);
      underWay.get(i).completeExceptionally(new IllegalStateException());
      assertThatThrownBy(
              () ->
                  gate.run(
                      new UserId("u_bob" + underWay.size()),
                      () -> {
                        throw new IllegalStateException();
                      }))
          .isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void onePersonHasTwoUnderWayAndARate() {
    SearchGate gate = new SearchGate(THREE, true, () -> now);
    gate.run(ADA, this::search);
    gate.run(ADA, this::search);
    assertRefused(gate, ADA, "rate_limited");
    underWay.forEach(search -> search.complete("done"));
    gate.run(ADA, this::search);
    underWay.get(2).complete("done");
    assertRefused(gate, ADA, "rate_limited");
    now += TimeUnit.SECONDS.toNanos(1);
    gate.run(ADA, this::search);
  }

  @Test
  void withoutRatesTheNodesOwnBoundHolds() {
    SearchGate gate = new SearchGate(THREE, false, () -> now);
    for (int i = 0; i < 3; i++) {
      gate.run(ADA, this::search);
    }
    assertRefused(gate, ADA, "overloaded");
  }

  private CompletionStage<String> search() {
    CompletableFuture<String> search = new CompletableFuture<>();
    underWay.add(search);
    return search;
  }

  private void assertRefused(SearchGate gate, UserId user, String code) {
    int before = underWay.size();
    assertThatThrownBy(() -> gate.run(user, this::search))
        .isInstanceOf(Problems.Thrown.class)
        .hasMessage(code);
    assertThat(underWay).hasSize(before);
  }
}

package io.parley.simulation.actors;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A hundred people, everything around them hostile, then calm: everything said is in the journal
 * exactly once, in its sender's order, and every device holds the journal. Real threads run it, so
 * a seed fixes the hazards and not their interleaving; {@code -Dsimulation.actors.seed=…} takes
 * one.
 */
@Tag("simulation")
class ActorSimulationTest {
  static LongStream seeds() {
    return Optional.ofNullable(Long.getLong("simulation.actors.seed"))
        .map(LongStream::of)
        .orElseGet(() -> LongStream.rangeClosed(1, 2));
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void whatWasSaidIsStoredOnceInOrderAndHeldByEveryDevice(long seed) {
    try (Town town = new Town(seed)) {
      town.liveThroughHazards(40);
      town.calmDown();
      assertThat(town.violations()).as("seed %d", seed).isEmpty();
      assertThat(town.failedWrites()).as("the journal was hostile").isPositive();
    }
  }
}

package io.parley.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Runs worlds. {@code -Dparley.seeds=100000} runs as many, from {@code -Dparley.first=1} on; {@code
 * -Dparley.seed=42} runs that one and tells what happened in it.
 */
final class SimulationTest {
  private static final int SEEDS = Integer.getInteger("parley.seeds", 10_000);
  private static final long FIRST = Long.getLong("parley.first", 1L);

  /** Within so many worlds every mutant is noticed. */
  private static final int MUTANT_SEEDS = 2_000;

  @Test
  @DisabledIfSystemProperty(named = "parley.seed", matches = ".*")
  void keepsEveryPromiseInEveryWorld() {
    AtomicLong steps = new AtomicLong();
    Optional<String> broken =
        LongStream.range(FIRST, FIRST + SEEDS)
            .parallel()
            .mapToObj(seed -> failure(seed, Mutant.NONE, world -> steps.addAndGet(world.steps())))
            .flatMap(Optional::stream)
            .findAny();
    assertThat(broken.orElse("")).isEmpty();
    assertThat(steps.get()).isGreaterThan(SEEDS * 100L);
  }

  @Test
  @EnabledIfSystemProperty(named = "parley.seed", matches = ".*")
  void keepsEveryPromiseInThisWorld() {
    assertThat(failure(Long.getLong("parley.seed", 1L), Mutant.NONE, world -> {}).orElse(""))
        .isEmpty();
  }

  /** Then only the journal's key stands between two lives, as between two nodes. */
  @Test
  @DisabledIfSystemProperty(named = "parley.seed", matches = ".*")
  void keepsEveryPromiseWhenAWriteOfThePastCommitsAfterARecovery() {
    assertThat(
            LongStream.range(FIRST, FIRST + MUTANT_SEEDS)
                .parallel()
                .mapToObj(seed -> failure(seed, Mutant.NO_WAIT, world -> {}))
                .flatMap(Optional::stream)
                .findAny()
                .orElse(""))
        .isEmpty();
  }

  @ParameterizedTest
  @EnumSource(
      value = Mutant.class,
      mode = EnumSource.Mode.EXCLUDE,
      names = {"NONE", "NO_WAIT"})
  @DisabledIfSystemProperty(named = "parley.seed", matches = ".*")
  void noticesWhatIsBuiltWrong(Mutant mutant) {
    assertThat(
            LongStream.rangeClosed(1, MUTANT_SEEDS)
                .parallel()
                .anyMatch(seed -> isBroken(seed, mutant)))
        .isTrue();
  }

  private static boolean isBroken(long seed, Mutant mutant) {
    try {
      new World(seed, mutant, false).run();
      return false;
    } catch (Violation expected) {
      return true;
    }
  }

  private static Optional<String> failure(long seed, Mutant mutant, Consumer<World> done) {
    try {
      done.accept(new World(seed, mutant, false).run());
      return Optional.empty();
    } catch (RuntimeException first) {
      // Once more, to be told.
      World again = new World(seed, mutant, true);
      try {
        again.run();
        return Optional.of("seed " + seed + " failed once and then not: " + first);
      } catch (RuntimeException same) {
        return Optional.of(
            "seed %d (-Dparley.seed=%d): %s%n%s".formatted(seed, seed, same, again.traced()));
      }
    }
  }
}

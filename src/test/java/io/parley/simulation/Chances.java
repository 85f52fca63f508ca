package io.parley.simulation;

import java.util.List;
import java.util.SplittableRandom;

/** Everything that is left to chance in a world, from its seed. */
final class Chances {
  private final SplittableRandom random;
  private boolean calm;

  Chances(long seed) {
    this.random = new SplittableRandom(seed * 0x9E3779B97F4A7C15L);
  }

  /** From here on nothing goes wrong any more. */
  void calm() {
    calm = true;
  }

  boolean areCalm() {
    return calm;
  }

  /** Whether something bad happens, {@code perMille} times in a thousand; never once it is calm. */
  boolean mishap(int perMille) {
    return !calm && random.nextInt(1000) < perMille;
  }

  boolean oneIn(int n) {
    return random.nextInt(n) == 0;
  }

  /** From low to high, both included. */
  int between(int low, int high) {
    return random.nextInt(low, high + 1);
  }

  /** A time that is mostly short and now and then long. */
  long delay(int usual, int worst) {
    return !calm && random.nextInt(20) == 0 ? between(usual, worst) : between(1, usual);
  }

  <T> T pick(List<T> of) {
    return of.get(random.nextInt(of.size()));
  }
}

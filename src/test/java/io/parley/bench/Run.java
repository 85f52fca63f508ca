package io.parley.bench;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * One stretch that was measured.
 *
 * @param variant such as how many pairs
 * @param faults what was lost, doubled, moved or shown to others, or otherwise failed
 */
record Run(Scenario scenario, String variant, Map<Figure, Double> figures, List<String> faults) {
  Run {
    figures = new EnumMap<>(figures);
    faults = List.copyOf(faults);
  }

  boolean isVerified() {
    return faults.isEmpty();
  }
}

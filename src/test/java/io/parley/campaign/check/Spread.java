package io.parley.campaign.check;

import java.util.List;
import java.util.Locale;

/** Times in milliseconds: the middle, the slow ones, the slowest. */
public record Spread(int count, double p50, double p95, double p99, double max) {

  public static Spread ofNanos(List<Long> nanos) {
    if (nanos.isEmpty()) {
      return new Spread(0, 0, 0, 0, 0);
    }
    List<Long> sorted = nanos.stream().sorted().toList();
    return new Spread(
        sorted.size(), at(sorted, 0.5), at(sorted, 0.95), at(sorted, 0.99), at(sorted, 1));
  }

  private static double at(List<Long> sorted, double quantile) {
    int index = (int) Math.ceil(quantile * sorted.size()) - 1;
    return sorted.get(Math.max(0, index)) / 1e6;
  }

  /** Seconds, for the table of recoveries. */
  public String seconds() {
    return count == 0
        ? "-"
        : String.format(Locale.ROOT, "%.1f / %.1f / %.1f", p50 / 1e3, p95 / 1e3, max / 1e3);
  }
}

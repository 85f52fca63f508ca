package io.parley.bench;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** All runs, and the medians of those that were repeated. */
final class Report {
  private final List<Run> runs;
  private final List<String> skipped;
  private final List<Line> lines = new ArrayList<>();

  /** What is said of one variant of a scenario. */
  record Line(Scenario scenario, String variant, boolean isVerified, Map<Figure, Double> figures) {
    Line {
      figures = new EnumMap<>(figures);
    }

    String name() {
      return (scenario.title() + " " + variant).strip();
    }
  }

  Report(List<Run> runs) {
    this(runs, List.of());
  }

  /**
   * @param skipped why something that was asked for wasn't measured
   */
  Report(List<Run> runs, List<String> skipped) {
    this.runs = List.copyOf(runs);
    this.skipped = List.copyOf(skipped);
    Map<String, List<Run>> alike =
        runs.stream()
            .collect(
                Collectors.groupingBy(
                    run -> run.scenario() + run.variant(),
                    LinkedHashMap::new,
                    Collectors.toList()));
    alike.values().forEach(repeats -> lines.add(line(repeats)));
  }

  private static Line line(List<Run> repeats) {
    Map<Figure, Double> medians = new EnumMap<>(Figure.class);
    for (Figure figure : Figure.values()) {
      List<Double> values =
          repeats.stream()
              .filter(run -> run.figures().containsKey(figure))
              .map(run -> run.figures().getOrDefault(figure, 0.0))
              .sorted()
              .toList();
      if (!values.isEmpty()) {
        double lower = values.get((values.size() - 1) / 2);
        medians.put(figure, (lower + values.get(values.size() / 2)) / 2);
      }
    }
    return new Line(
        repeats.get(0).scenario(),
        repeats.get(0).variant(),
        repeats.stream().allMatch(Run::isVerified),
        medians);
  }

  List<Run> runs() {
    return runs;
  }

  List<Line> lines() {
    return lines;
  }

  List<Comparison> comparisons() {
    return Comparison.of(lines);
  }

  List<String> skipped() {
    return skipped;
  }

  /** Nothing was lost, doubled, moved or shown to others, and nothing failed. */
  boolean isVerified() {
    return !runs.isEmpty() && runs.stream().allMatch(Run::isVerified);
  }

  String table() {
    StringBuilder table = new StringBuilder();
    row(
        table,
        "",
        "",
        "accepted",
        "delivered",
        "accepted ms",
        "delivered ms",
        "CPU s per 1000",
        "",
        "server",
        "");
    row(
        table,
        "scenario",
        "",
        "a second",
        "a second",
        "p50 / p99 / p99.9",
        "p50 / p99 / p99.9",
        "server",
        "PG",
        "MB",
        "");
    for (Line line : lines) {
      Map<Figure, Double> left = new EnumMap<>(line.figures());
      row(
          table,
          line.scenario().title(),
          line.variant(),
          taken(left, Figure.ACCEPTED),
          taken(left, Figure.DELIVERED),
          spread(left, Figure.ACCEPTED_P50, Figure.ACCEPTED_P99, Figure.ACCEPTED_P999),
          spread(left, Figure.DELIVERED_P50, Figure.DELIVERED_P99, Figure.DELIVERED_P999),
          taken(left, Figure.SERVER_CPU),
          taken(left, Figure.DATABASE_CPU),
          taken(left, Figure.SERVER_MEMORY),
          line.isVerified() ? "" : "  FAILED");
      String rest =
          left.entrySet().stream()
              .map(one -> one.getKey().label() + " " + number(one.getValue()))
              .collect(Collectors.joining(", "));
      if (!rest.isEmpty()) {
        table.append("         ").append(rest).append('\n');
      }
    }
    comparisons().forEach(one -> table.append(one.told()).append('\n'));
    skipped.forEach(why -> table.append("SKIPPED: ").append(why).append('\n'));
    for (Run run : runs) {
      for (String fault : run.faults()) {
        table.append("FAILED ").append(run.scenario().word()).append(' ').append(run.variant());
        table.append(": ").append(fault).append('\n');
      }
    }
    return table.toString();
  }

  private void row(StringBuilder table, Object... values) {
    int wide = lines.stream().mapToInt(line -> line.variant().length()).max().orElse(1);
    int first = lines.stream().mapToInt(line -> line.scenario().title().length()).max().orElse(1);
    String layout =
        "%-"
            + Math.max(8, first)
            + "s %-"
            + Math.max(17, wide)
            + "s %10s %10s  %-20s %-20s %9s %9s %6s%s";
    table.append(String.format(Locale.ROOT, layout, values).stripTrailing()).append('\n');
  }

  private static String taken(Map<Figure, Double> figures, Figure figure) {
    Double value = figures.remove(figure);
    return value == null ? "" : number(value);
  }

  private static String spread(Map<Figure, Double> figures, Figure p50, Figure p99, Figure p999) {
    if (!figures.containsKey(p50)) {
      return "";
    }
    return taken(figures, p50) + " / " + taken(figures, p99) + " / " + taken(figures, p999);
  }

  /** Three digits that count, or all before the point. */
  static String number(double value) {
    double size = Math.abs(value);
    int digits = size >= 100 || size == 0 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3;
    return String.format(Locale.ROOT, "%." + digits + "f", value);
  }
}

package io.parley.cluster;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Settings that must be the same on all nodes, by key. The node that forms a cluster writes them
 * down; one that would join with another value is refused, before it could send anything astray.
 */
public record Agreement(Map<String, String> values) {
  public Agreement {
    values = Map.copyOf(values);
  }

  /** A line a setting: {@code key=value}. */
  String text() {
    return new TreeMap<>(values)
        .entrySet().stream()
            .map(entry -> entry.getKey() + "=" + entry.getValue())
            .collect(Collectors.joining("\n"));
  }

  static Agreement parse(String text) {
    Map<String, String> values = new TreeMap<>();
    Arrays.stream(text.split("\n", -1))
        .map(line -> line.split("=", 2))
        .filter(pair -> pair.length == 2)
        .forEach(pair -> values.put(pair[0], pair[1]));
    return new Agreement(values);
  }

  /**
   * In words, where this node differs from what the cluster agreed on. A key that one of them
   * doesn't know is no difference: nodes of two builds meet in a rolling update.
   */
  List<String> differences(Agreement cluster) {
    return new TreeMap<>(values)
        .entrySet().stream()
            .filter(
                mine ->
                    !cluster
                        .values()
                        .getOrDefault(mine.getKey(), mine.getValue())
                        .equals(mine.getValue()))
            .map(
                mine ->
                    mine.getKey()
                        + " is "
                        + mine.getValue()
                        + " here and "
                        + cluster.values().get(mine.getKey())
                        + " there")
            .toList();
  }
}

package io.parley.bench;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;

/**
 * Where threads were when they were looked at, and how often: frames from the outermost in, parted
 * by semicolons.
 */
record Stacks(Map<String, Long> counts) {
  Stacks {
    counts = new LinkedHashMap<>(counts);
  }

  /** A line each: a stack, a space, how often. */
  static Stacks parse(String collapsed) {
    Map<String, Long> counts = new LinkedHashMap<>();
    collapsed
        .lines()
        .forEach(
            line -> {
              int end = line.lastIndexOf(' ');
              if (end > 0) {
                counts.merge(
                    line.substring(0, end), Long.parseLong(line.substring(end + 1)), Long::sum);
              }
            });
    return new Stacks(counts);
  }

  /** Of what Java's own recorder saw run. */
  static Stacks recorded(List<RecordedEvent> events) {
    Map<String, Long> counts = new LinkedHashMap<>();
    for (RecordedEvent event : events) {
      if (event.getEventType().getName().equals("jdk.ExecutionSample")
          && event.getStackTrace() != null) {
        Deque<String> frames = new ArrayDeque<>();
        for (RecordedFrame frame : event.getStackTrace().getFrames()) {
          String type = frame.getMethod().getType().getName().replace('.', '/');
          frames.addFirst(type + "." + frame.getMethod().getName());
        }
        counts.merge(String.join(";", frames), 1L, Long::sum);
      }
    }
    return new Stacks(counts);
  }

  Stacks plus(Stacks other) {
    Stacks sum = new Stacks(counts);
    other.counts.forEach((stack, count) -> sum.counts.merge(stack, count, Long::sum));
    return sum;
  }

  long total() {
    return counts.values().stream().mapToLong(Long::longValue).sum();
  }

  String text() {
    return counts.entrySet().stream()
        .map(one -> one.getKey() + " " + one.getValue() + "\n")
        .collect(Collectors.joining());
  }
}

package io.parley.bench;

import static java.util.Objects.requireNonNull;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/** From one moment to another: time, and what the processes used meanwhile. */
final class Measurement {
  private final Optional<ProcessTree> server;
  private final Optional<ProcessTree> database;
  private final Map<Figure, Double> before = new EnumMap<>(Figure.class);
  private final long began;

  private Measurement(Optional<ProcessTree> server, Optional<ProcessTree> database) {
    this.server = server;
    this.database = database;
    this.before.putAll(cpu());
    this.began = System.nanoTime();
  }

  static Measurement begin(Optional<ProcessTree> server, Optional<ProcessTree> database) {
    return new Measurement(server, database);
  }

  static Measurement begin(Target target) {
    return begin(target.server(), target.database());
  }

  private Map<Figure, Double> cpu() {
    Map<Figure, Double> seconds = new EnumMap<>(Figure.class);
    server.ifPresent(tree -> seconds.put(Figure.SERVER_CPU, tree.cpuSeconds()));
    database.ifPresent(tree -> seconds.put(Figure.DATABASE_CPU, tree.cpuSeconds()));
    OperatingSystemMXBean own =
        (OperatingSystemMXBean) requireNonNull(ManagementFactory.getOperatingSystemMXBean());
    seconds.put(Figure.GENERATOR_CPU, own.getProcessCpuTime() / 1e9);
    return seconds;
  }

  double seconds() {
    return (System.nanoTime() - began) / 1e9;
  }

  /** What so many messages (or events, or rows) cost, and the memory now. */
  Map<Figure, Double> cost(long messages) {
    Map<Figure, Double> figures = new EnumMap<>(Figure.class);
    if (messages > 0) {
      cpu()
          .forEach(
              (figure, seconds) ->
                  figures.put(
                      figure, (seconds - requireNonNull(before.get(figure))) * 1_000 / messages));
    }
    server.ifPresent(tree -> figures.put(Figure.SERVER_MEMORY, tree.residentKilobytes() / 1024));
    database.ifPresent(
        tree -> figures.put(Figure.DATABASE_MEMORY, tree.residentKilobytes() / 1024));
    return figures;
  }
}

package io.parley.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.distribution.DistributionStatisticConfig;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.core.metrics.Info;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;

/**
 * Where meters are put up, each under its {@link Figure}, once, when a node starts. Whoever counts
 * keeps the meter: nothing is looked up by a label while it runs.
 */
final class Board {
  private static final String GC_PAUSE = Figure.GC_PAUSE.meter();

  /** Pauses are of another size than what goes over a network. */
  private static final double[] PAUSES =
      nanos(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 2);

  /** From a commit on a quiet disk to the longest that a client waits for an answer. */
  private static final Duration[] TIMES =
      durations(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20);

  private static final double[] SIZES = {1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 10_000};

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

  /** The registry would let go of them, and the counters would stand still without a word. */
  private final List<LongSupplier> counts = new ArrayList<>();

  Board() {
    registry.config().meterFilter(MeterFilter.denyUnless(id -> Figure.isOne(id.getName())));
    registry.config().meterFilter(new PauseBuckets());
  }

  PrometheusMeterRegistry registry() {
    return registry;
  }

  Counter counter(Figure figure, String... labels) {
    return Counter.builder(figure.meter())
        .baseUnit(figure.unit())
        .description(figure.help())
        .tags(labels)
        .register(registry);
  }

  /** A count that is kept elsewhere. */
  void counted(Figure figure, LongSupplier count, String... labels) {
    counts.add(count);
    FunctionCounter.builder(figure.meter(), count, LongSupplier::getAsLong)
        .baseUnit(figure.unit())
        .description(figure.help())
        .tags(labels)
        .register(registry);
  }

  void gauge(Figure figure, DoubleSupplier value, String... labels) {
    Gauge.builder(figure.meter(), value, DoubleSupplier::getAsDouble)
        .strongReference(true)
        .baseUnit(figure.unit())
        .description(figure.help())
        .tags(labels)
        .register(registry);
  }

  /** A gauge that isn't there while nobody knows its value. */
  MultiGauge gaugeWhileKnown(Figure figure) {
    return MultiGauge.builder(figure.meter())
        .baseUnit(figure.unit())
        .description(figure.help())
        .register(registry);
  }

  /** What says by its labels alone what is so; Micrometer has no such meter. */
  void info(Figure figure, Map<String, String> labels) {
    Info.builder()
        .name(figure.exposed())
        .help(figure.help())
        .labelNames(labels.keySet().toArray(String[]::new))
        .register(registry.getPrometheusRegistry())
        .setLabelValues(labels.values().toArray(String[]::new));
  }

  Timer timer(Figure figure) {
    return Timer.builder(figure.meter())
        .description(figure.help())
        .serviceLevelObjectives(TIMES)
        .register(registry);
  }

  DistributionSummary summary(Figure figure) {
    return DistributionSummary.builder(figure.meter())
        .baseUnit(figure.unit())
        .description(figure.help())
        .serviceLevelObjectives(SIZES)
        .register(registry);
  }

  private static Duration[] durations(double... seconds) {
    Duration[] durations = new Duration[seconds.length];
    for (int i = 0; i < seconds.length; i++) {
      durations[i] = Duration.ofNanos((long) (seconds[i] * 1e9));
    }
    return durations;
  }

  private static double[] nanos(double... seconds) {
    double[] nanos = new double[seconds.length];
    for (int i = 0; i < seconds.length; i++) {
      nanos[i] = seconds[i] * 1e9;
    }
    return nanos;
  }

  private static final class PauseBuckets implements MeterFilter {
    @Override
    public DistributionStatisticConfig configure(Meter.Id id, DistributionStatisticConfig config) {
      return id.getName().equals(GC_PAUSE)
          ? DistributionStatisticConfig.builder()
              .serviceLevelObjectives(PAUSES)
              .build()
              .merge(config)
          : config;
    }
  }
}

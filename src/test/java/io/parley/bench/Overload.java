package io.parley.bench;

import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Three times the load that can be carried. First, everybody waits for answers and keeps some in
 * flight: what is accepted so is the peak. Then three times as many are offered, whatever the
 * answers: at least four fifths of the peak must be accepted all the same, and everything answered.
 */
final class Overload implements Stretch {
  private static final int TIMES = 3;
  private static final double LEAST_PERCENT = 80;

  /** Few, as when a peak is measured elsewhere, and as many as one may. */
  private static final List<Integer> IN_FLIGHT = List.of(Pairs.IN_FLIGHT, 8);

  private final World world;
  private final int pairs;
  private List<Talk> talks = List.of();

  Overload(World world, int pairs) {
    this.world = world;
    this.pairs = pairs;
  }

  @Override
  public Scenario scenario() {
    return Scenario.OVERLOAD;
  }

  @Override
  public String variant() {
    return world.variant(Pairs.variant(pairs));
  }

  @Override
  public void prepare() {
    talks = world.population().pairs(pairs);
  }

  @Override
  public Run run() {
    Duration window = Duration.ofSeconds(world.settings().seconds());
    double peak = 0;
    for (int inFlight : IN_FLIGHT) {
      Verifier verifier = new Verifier();
      Traffic traffic = new Traffic();
      try (Crew<Client> crew = Crew.ofPairs(world.server(), talks, verifier, traffic)) {
        Map<Figure, Double> figures =
            traffic.saturate(crew, world.server(), inFlight, Pairs.rampUp(window), window);
        peak = Math.max(peak, figures.getOrDefault(Figure.ACCEPTED, 0.0));
      }
      if (!verifier.verdict().isEmpty()) {
        return new Run(scenario(), variant(), new EnumMap<>(Figure.class), verifier.verdict());
      }
    }
    return beyond(peak, window);
  }

  private Run beyond(double peak, Duration window) {
    Verifier verifier = new Verifier();
    OpenLoop load = new OpenLoop(verifier);
    ServerUnderLoad server = world.server();
    server.giveBack();
    Map<Figure, Double> figures = new EnumMap<>(Figure.class);
    resident(figures, Figure.MEMORY_BEFORE);
    try (Crew<Client> crew = Crew.ofPairs(server, talks, verifier, load);
        Depths depths = Depths.watch(server)) {
      load.offer(crew, TIMES * peak, Pairs.rampUp(window));
      load.begin();
      Measurement measurement = Measurement.begin(server);
      load.offer(crew, TIMES * peak, window);
      load.end();
      figures.putAll(load.figures(measurement.seconds()));
      figures.putAll(measurement.cost(load.acceptedCount()));
      load.settle(crew);
      Depths.awaitEmpty(server);
      figures.putAll(depths.most());
    }
    server.giveBack();
    resident(figures, Figure.MEMORY_AFTER);
    figures.put(Figure.PEAK, peak);
    double share = 100 * figures.getOrDefault(Figure.ACCEPTED, 0.0) / peak;
    figures.put(Figure.SHARE, share);
    if (share < LEAST_PERCENT) {
      verifier.fault("%.0f %% of the peak is carried beyond it".formatted(share));
    }
    return new Run(scenario(), variant(), figures, verifier.verdict());
  }

  private void resident(Map<Figure, Double> figures, Figure figure) {
    world.server().server().ifPresent(tree -> figures.put(figure, tree.residentKilobytes() / 1024));
  }
}

package io.parley.bench;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Pairs of people who talk with each other: as much as goes through, or at a low pace. */
final class Pairs implements Stretch {
  static final int IN_FLIGHT = 2;
  private static final Duration PACE = Duration.ofMillis(20);
  private static final int LOW_PAIRS = 10;

  private final World world;
  private final Scenario scenario;
  private final int pairs;
  private List<Talk> talks = List.of();

  private Pairs(World world, Scenario scenario, int pairs) {
    this.world = world;
    this.scenario = scenario;
    this.pairs = pairs;
  }

  static Pairs low(World world) {
    return new Pairs(world, Scenario.LOW, LOW_PAIRS);
  }

  static Pairs saturated(World world, int pairs) {
    return new Pairs(world, Scenario.PAIRS, pairs);
  }

  @Override
  public Scenario scenario() {
    return scenario;
  }

  @Override
  public String variant() {
    return variant(pairs);
  }

  static String variant(int pairs) {
    return pairs + (pairs == 1 ? " pair" : " pairs");
  }

  /** Load before anything is measured. */
  static Duration rampUp(Duration window) {
    return window.dividedBy(4);
  }

  @Override
  public void prepare() {
    talks = world.population().pairs(pairs);
  }

  @Override
  public Run run() {
    Verifier verifier = new Verifier();
    Traffic traffic = new Traffic();
    Duration window = Duration.ofSeconds(world.settings().seconds());
    Duration rampUp = rampUp(window);
    try (Crew<Client> crew = Crew.ofPairs(world.server(), talks, verifier, traffic)) {
      Map<Figure, Double> figures =
          scenario == Scenario.LOW
              ? traffic.pace(crew, world.server(), PACE, rampUp, window)
              : traffic.saturate(crew, world.server(), IN_FLIGHT, rampUp, window);
      return new Run(scenario, variant(), figures, verifier.verdict());
    }
  }
}

package io.parley.bench;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Pairs of people who talk with each other: as much as goes through, or at a low pace. */
final class Pairs implements Stretch {
  static final int IN_FLIGHT = 2;
  private static final Duration PACE = Duration.ofMillis(20);
  private static final int LOW_PAIRS = 10;

  private final World world;
  private final Scenario scenario;
  private final int pairs;
  private final boolean isMarking;
  private final Optional<Profile> profile;
  private List<Talk> talks = List.of();

  private Pairs(
      World world, Scenario scenario, int pairs, boolean isMarking, Optional<Path> profilesBelow) {
    this.world = world;
    this.scenario = scenario;
    this.pairs = pairs;
    this.isMarking = isMarking;
    this.profile = profilesBelow.map(this::profile);
  }

  static Pairs low(World world, boolean isMarking) {
    return low(world, LOW_PAIRS, isMarking);
  }

  static Pairs low(World world, int pairs, boolean isMarking) {
    return new Pairs(world, Scenario.LOW, pairs, isMarking, Optional.empty());
  }

  /**
   * @param profilesBelow the folder, if it is to be told where processor time goes
   */
  static Pairs saturated(World world, int pairs, boolean isMarking, Optional<Path> profilesBelow) {
    return new Pairs(world, Scenario.PAIRS, pairs, isMarking, profilesBelow);
  }

  /** One has the plain name; of several each has its own. */
  private Profile profile(Path folder) {
    BenchSettings settings = world.settings();
    int all = settings.pairs().size() * settings.marks().size() * settings.nodes().size();
    String name = all == 1 ? "profile" : "profile-" + variant().replaceAll("[^a-z0-9]+", "-");
    return new Profile(world, folder, name, "pairs, " + variant());
  }

  @Override
  public Scenario scenario() {
    return scenario;
  }

  @Override
  public String variant() {
    return world.variant(variant(pairs)) + (isMarking ? ", with marks" : "");
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
    Traffic traffic =
        new Traffic(isMarking ? Optional.of(new Marks(System::nanoTime)) : Optional.empty());
    Duration window = Duration.ofSeconds(world.settings().seconds());
    Duration rampUp = rampUp(window);
    try (Crew<Client> crew = Crew.ofPairs(world.server(), talks, verifier, traffic)) {
      Map<Figure, Double> figures =
          scenario == Scenario.LOW
              ? traffic.pace(crew, world.server(), PACE, rampUp, window)
              : traffic.saturate(crew, world.server(), IN_FLIGHT, rampUp, window, profile);
      return new Run(scenario, variant(), figures, verifier.verdict());
    }
  }
}

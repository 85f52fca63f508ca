package io.parley.bench;

import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Many connections on which nothing is said: idle ones, or all of them anew at once. */
final class Crowd implements Stretch {
  static final Duration SETTLE = Duration.ofSeconds(2);

  private final World world;
  private final Scenario scenario;
  private final int clients;
  private List<Talk> talks = List.of();

  private Crowd(World world, Scenario scenario) {
    this.world = world;
    this.scenario = scenario;
    this.clients = clients(world.settings());
  }

  /** Both of each pair. */
  static int clients(BenchSettings settings) {
    return (settings.clients() + 1) / 2 * 2;
  }

  static Crowd idle(World world) {
    return new Crowd(world, Scenario.IDLE);
  }

  static Crowd storm(World world) {
    return new Crowd(world, Scenario.STORM);
  }

  @Override
  public Scenario scenario() {
    return scenario;
  }

  @Override
  public String variant() {
    return world.variant(clients + " clients");
  }

  @Override
  public void prepare() {
    talks = world.population().pairs(clients / 2);
  }

  /** A second crowd would find what the first one left, such as people that are in memory. */
  @Override
  public boolean isRepeated() {
    return scenario == Scenario.STORM;
  }

  @Override
  public Run run() {
    return scenario == Scenario.STORM ? storm() : idle();
  }

  private Run storm() {
    Verifier verifier = new Verifier();
    Client.Ear nobody = new Client.Ear() {};
    // They reconnect: the server knows them.
    Crew.ofPairs(world.server(), talks, verifier, nobody).close();
    try (Crew<Client> crew = new Crew<>(world.server(), verifier)) {
      Measurement measurement = Measurement.begin(world.server());
      for (Talk talk : talks) {
        crew.connect(new Client(talk.first(), List.of(talk), false, verifier, nobody));
        crew.connect(new Client(talk.second(), List.of(talk), false, verifier, nobody));
      }
      crew.awaitReady(0);
      Map<Figure, Double> figures = new EnumMap<>(Figure.class);
      figures.put(Figure.WELCOMED, measurement.seconds());
      figures.putAll(measurement.cost(clients));
      return new Run(scenario, variant(), figures, verifier.verdict());
    }
  }

  private Run idle() {
    Verifier verifier = new Verifier();
    Map<Figure, Double> figures = new EnumMap<>(Figure.class);
    Memory before = Memory.of(world.server());
    try (Crew<Client> crew = Crew.ofPairs(world.server(), talks, verifier, new Client.Ear() {})) {
      crew.loop().during(SETTLE);
      Memory with = Memory.of(world.server());
      crew.loop().during(Duration.ofSeconds(world.settings().idleSeconds()));
      Memory later = Memory.of(world.server());
      if (world.server().isOwn()) {
        figures.put(Figure.CLIENT_MEMORY, (with.resident() - before.resident()) / clients);
        figures.put(Figure.CLIENT_GROWTH, (later.resident() - with.resident()) / clients);
        if (before.live() > 0) {
          figures.put(Figure.CLIENT_HEAP, (with.live() - before.live()) / clients);
        }
      }
      return new Run(scenario, variant(), figures, verifier.verdict());
    }
  }

  /** Kilobytes of the server's processes, after a collection of garbage. */
  private record Memory(double live, double resident) {
    static Memory of(ServerUnderLoad server) {
      double live = server.liveBytes() / 1024.0;
      // Pages that the heap once had would pass for free ones: with room in it, connections would
      // seem to cost nothing.
      server.giveBack();
      return new Memory(live, server.server().map(ProcessTree::residentKilobytes).orElse(0.0));
    }
  }
}

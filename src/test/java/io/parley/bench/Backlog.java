package io.parley.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Somebody returns after a hundred others have written, and is shown all of it. */
final class Backlog implements Stretch {
  private static final int FRIENDS = 100;
  private static final int IN_FLIGHT = 8;
  private static final Duration AWAITED = Duration.ofMinutes(5);

  private final World world;
  private final int events;
  private List<Talk> talks = List.of();

  Backlog(World world, int events) {
    this.world = world;
    this.events = events;
  }

  @Override
  public Scenario scenario() {
    return Scenario.BACKLOG;
  }

  @Override
  public String variant() {
    return world.variant(events + " events");
  }

  @Override
  public void prepare() {
    talks = world.population().friends(FRIENDS);
    Verifier verifier = new Verifier();
    Traffic traffic = new Traffic();
    try (Crew<Client> crew = new Crew<>(world.server(), verifier)) {
      List<Client> friends = new ArrayList<>();
      for (Talk talk : talks) {
        verifier.watch(talk.back());
        Client friend = new Client(talk.second(), List.of(talk), false, verifier, traffic);
        friends.add(friend);
        crew.add(friend);
      }
      crew.awaitReady(0);
      traffic.send(crew, friends, IN_FLIGHT, events / FRIENDS);
    }
    List<String> faults = verifier.verdict();
    if (!faults.isEmpty()) {
      throw new IllegalStateException("what was to await the client: " + faults);
    }
  }

  @Override
  public Run run() {
    Verifier verifier = new Verifier();
    try (Crew<Client> crew = new Crew<>(world.server(), verifier)) {
      Client returning =
          new Client(talks.get(0).first(), talks, true, verifier, new Client.Ear() {});
      Measurement measurement = Measurement.begin(world.server());
      crew.connect(returning);
      crew.loop().until(() -> returning.isReady() || !verifier.isClean(), AWAITED);
      Map<Figure, Double> figures = new EnumMap<>(Figure.class);
      figures.put(Figure.EVENTS, events / measurement.seconds());
      figures.putAll(measurement.cost(events));
      return new Run(scenario(), variant(), figures, verifier.verdict());
    }
  }
}

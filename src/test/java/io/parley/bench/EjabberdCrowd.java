package io.parley.bench;

import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** The same idle connections as those of {@link Crowd}, at an ejabberd. */
final class EjabberdCrowd implements Stretch {
  private static final Client.Ear NOBODY = new Client.Ear() {};

  private static final Duration STARTED = Duration.ofSeconds(5);

  private final Ejabberd ejabberd;
  private final int clients;
  private final Duration watched;
  private List<Talk> talks = List.of();

  EjabberdCrowd(Ejabberd ejabberd, BenchSettings settings) {
    this.ejabberd = ejabberd;
    this.clients = Crowd.clients(settings);
    this.watched = Duration.ofSeconds(settings.idleSeconds());
  }

  @Override
  public Scenario scenario() {
    return ejabberd.setup().scenario();
  }

  @Override
  public String variant() {
    return "idle, " + clients;
  }

  @Override
  public void prepare() {
    talks = ejabberd.pairs(clients / 2);
  }

  /** Memory that was given stays, as in the other crowd. */
  @Override
  public boolean isRepeated() {
    return false;
  }

  @Override
  public Run run() {
    Verifier verifier = new Verifier();
    // Erlang loads the code of a session when the first one comes, and what a start has left
    // behind is given back meanwhile.
    try (Crew<XmppClient> first = ejabberd.crew(talks.subList(0, 1), verifier, NOBODY)) {
      first.loop().during(STARTED);
    }
    double before = residentKilobytes();
    try (Crew<XmppClient> crew = ejabberd.crew(talks, verifier, NOBODY)) {
      crew.loop().during(Crowd.SETTLE);
      double with = residentKilobytes();
      crew.loop().during(watched);
      Map<Figure, Double> figures = new EnumMap<>(Figure.class);
      figures.put(Figure.CLIENT_MEMORY, (with - before) / clients);
      figures.put(Figure.CLIENT_GROWTH, (residentKilobytes() - with) / clients);
      return new Run(scenario(), variant(), figures, verifier.verdict());
    }
  }

  private double residentKilobytes() {
    return ejabberd.server().map(ProcessTree::residentKilobytes).orElse(0.0);
  }
}

package io.parley.bench;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/** The same load as that of {@link Pairs}, on an ejabberd. */
final class EjabberdPairs implements Stretch {
  private final Ejabberd ejabberd;
  private final Duration window;
  private final int pairs;
  private List<Talk> talks = List.of();

  EjabberdPairs(Ejabberd ejabberd, Duration window, int pairs) {
    this.ejabberd = ejabberd;
    this.window = window;
    this.pairs = pairs;
  }

  @Override
  public Scenario scenario() {
    return ejabberd.setup().scenario();
  }

  @Override
  public String variant() {
    return Pairs.variant(pairs);
  }

  @Override
  public void prepare() {
    talks = ejabberd.pairs(pairs);
  }

  @Override
  public Run run() {
    Verifier verifier = new Verifier();
    Traffic traffic = new Traffic();
    long sentBefore = sent();
    long archivedBefore = ejabberd.archived();
    try (Crew<XmppClient> crew = ejabberd.crew(talks, verifier, traffic)) {
      Map<Figure, Double> figures =
          traffic.saturate(crew, ejabberd, Pairs.IN_FLIGHT, Pairs.rampUp(window), window);
      long sent = sent() - sentBefore;
      long archived = ejabberd.archived() - archivedBefore;
      // An insert that failed is told to nobody: neither is the message held back.
      if (archived != 2 * sent) {
        verifier.fault(
            "%d messages, and %d rows in the archive instead of two for each"
                .formatted(sent, archived));
      }
      return new Run(scenario(), variant(), figures, verifier.verdict());
    }
  }

  private long sent() {
    return talks.stream().mapToLong(talk -> talk.there().sent() + talk.back().sent()).sum();
  }
}

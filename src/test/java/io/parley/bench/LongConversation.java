package io.parley.bench;

import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** One conversation of many events beside short ones: reading it, and waking it up. */
final class LongConversation implements Stretch {
  private static final int IN_FLIGHT = 8;
  private static final int SHORT_EVENTS = 10;
  private static final int PAGES = 200;
  private static final int PAGE = 100;
  private static final Duration ANSWERED_WITHIN = Duration.ofSeconds(30);

  private final World world;
  private final int events;

  LongConversation(World world, int events) {
    this.world = world;
    this.events = events;
  }

  @Override
  public Scenario scenario() {
    return Scenario.LONG;
  }

  @Override
  public String variant() {
    return events + " events";
  }

  /** It becomes longer by each. */
  @Override
  public boolean isRepeated() {
    return false;
  }

  @Override
  public Run run() {
    Map<Figure, Double> figures = new EnumMap<>(Figure.class);
    Talk longOne = world.population().pairs(1).get(0);
    List<Talk> shortOnes = world.population().pairs(2);
    Verifier verifier = new Verifier();
    say(List.of(longOne), events, verifier);
    say(shortOnes, SHORT_EVENTS, verifier);
    readPages(longOne, verifier, figures);
    if (world.server().process().isPresent()) {
      world.server().restart();
      // What any first operation of a fresh process costs is no matter of length.
      for (int i = 0; i < 20; i++) {
        sayOne(shortOnes.get(0), verifier);
      }
      figures.put(Figure.RECOVERED_SHORT, sayOne(shortOnes.get(1), verifier));
      figures.put(Figure.RECOVERED, sayOne(longOne, verifier));
    }
    return new Run(scenario(), variant(), figures, verifier.verdict());
  }

  private void say(List<Talk> talks, int each, Verifier all) {
    Verifier verifier = new Verifier();
    Traffic traffic = new Traffic();
    try (Crew<Client> crew = Crew.ofPairs(world.server(), talks, verifier, traffic)) {
      List<Client> senders =
          crew.clients().stream()
              .filter(client -> client.somebody().equals(client.talks().get(0).first()))
              .toList();
      traffic.send(crew, senders, IN_FLIGHT, each);
    }
    verifier.verdict().forEach(all::fault);
  }

  /** Milliseconds until accepted. */
  private double sayOne(Talk talk, Verifier all) {
    Verifier verifier = new Verifier();
    double[] millis = {0};
    Client.Ear ear =
        new Client.Ear() {
          @Override
          public void accepted(Talker talker, Talk where, long n) {
            long sent = where.laneOf(talker.somebody()).sentNanos(n);
            millis[0] = (System.nanoTime() - sent) / 1e6;
          }
        };
    try (Crew<Client> crew = Crew.ofPairs(world.server(), List.of(talk), verifier, ear)) {
      crew.clients().get(0).say(talk);
      crew.awaitComplete();
    }
    verifier.verdict().forEach(all::fault);
    return millis[0];
  }

  private void readPages(Talk talk, Verifier all, Map<Figure, Double> figures) {
    Verifier verifier = new Verifier();
    Pages pages = new Pages();
    Random random = new Random(1);
    try (Crew<Client> crew = Crew.ofPairs(world.server(), List.of(talk), verifier, pages)) {
      for (int i = 0; i < 2 * PAGES; i++) {
        // The first ones are for the compiler.
        Histogram times = i < PAGES ? new Histogram() : pages.anywhere;
        read(crew, talk, pages, PAGE + 1L + random.nextInt(events - PAGE + 1), times);
      }
      for (int i = 0; i < PAGES; i++) {
        read(crew, talk, pages, PAGE + 1L, pages.atStart);
      }
    }
    verifier.verdict().forEach(all::fault);
    if (pages.wrong > 0) {
      all.fault("%d pages weren't the %d events before".formatted(pages.wrong, PAGE));
    }
    figures.put(Figure.PAGE_P50, pages.anywhere.percentile(50) / 1e6);
    figures.put(Figure.PAGE_P99, pages.anywhere.percentile(99) / 1e6);
    figures.put(Figure.DEEPEST_PAGE, pages.atStart.percentile(50) / 1e6);
  }

  private static void read(
      Crew<Client> crew, Talk talk, Pages pages, long before, Histogram times) {
    long asked = System.nanoTime();
    int wanted = pages.come + 1;
    pages.before = before;
    crew.clients().get(0).askPage(talk, before);
    if (!crew.loop().until(() -> pages.come == wanted, ANSWERED_WITHIN)) {
      throw new IllegalStateException("no page before " + before);
    }
    times.record(System.nanoTime() - asked);
  }

  /** Those that came. */
  private static final class Pages implements Client.Ear {
    private final Histogram anywhere = new Histogram();
    private final Histogram atStart = new Histogram();
    private long before;
    private int come;
    private int wrong;

    @Override
    public void page(int events, long lastSeq) {
      come++;
      if (events != PAGE || lastSeq != before - 1) {
        wrong++;
      }
    }
  }
}

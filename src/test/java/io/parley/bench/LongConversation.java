package io.parley.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;

/** One conversation of many events beside short ones: reading it, and waking it up. */
final class LongConversation implements Stretch {
  private static final int IN_FLIGHT = 8;
  private static final int SHORT_EVENTS = 10;
  private static final int SHORT_ONES = 21;
  private static final int PAGES = 200;
  private static final int TENTHS = 10;
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
    return world.variant(events + " events");
  }

  /** It becomes longer by each. */
  @Override
  public boolean isRepeated() {
    return false;
  }

  @Override
  public Run run() {
    return runs().get(0);
  }

  @Override
  public List<Run> runs() {
    Map<Figure, Double> figures = new EnumMap<>(Figure.class);
    Talk longOne = world.population().pairs(1).get(0);
    List<Talk> shortOnes = world.population().pairs(SHORT_ONES);
    Verifier verifier = new Verifier();
    say(List.of(longOne), events, verifier);
    say(shortOnes, SHORT_EVENTS, verifier);
    Pages pages = readPages(longOne, verifier, figures);
    if (world.server().isOwn()) {
      wake(longOne, shortOnes, verifier, figures);
    }
    List<Run> runs = new ArrayList<>();
    runs.add(new Run(scenario(), variant(), figures, verifier.verdict()));
    for (int tenth = 0; tenth < TENTHS; tenth++) {
      runs.add(pages.run(this, tenth));
    }
    return runs;
  }

  /**
   * Nothing is in memory after a restart, and a session reads a conversation's head from the
   * database: the first operation is what brings it back.
   */
  private void wake(
      Talk longOne, List<Talk> shortOnes, Verifier verifier, Map<Figure, Double> figures) {
    List<Double> shortMillis = new ArrayList<>();
    List<Double> longMillis = new ArrayList<>();
    for (int restart = 0; restart < world.settings().repeats(); restart++) {
      world.server().restart();
      // What it costs a fresh process to bring back any conversation is no matter of length.
      for (Talk talk : shortOnes.subList(1, SHORT_ONES)) {
        sayOne(talk, verifier);
      }
      // Neither is what the first of the two would still have to warm up: they take turns.
      if (restart % 2 == 0) {
        shortMillis.add(sayOne(shortOnes.get(0), verifier));
        longMillis.add(sayOne(longOne, verifier));
      } else {
        longMillis.add(sayOne(longOne, verifier));
        shortMillis.add(sayOne(shortOnes.get(0), verifier));
      }
    }
    figures.put(Figure.RECOVERED_SHORT, median(shortMillis));
    figures.put(Figure.RECOVERED, median(longMillis));
  }

  private static double median(List<Double> values) {
    List<Double> sorted = values.stream().sorted().toList();
    return (sorted.get((sorted.size() - 1) / 2) + sorted.get(sorted.size() / 2)) / 2;
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

  private Pages readPages(Talk talk, Verifier all, Map<Figure, Double> figures) {
    Verifier verifier = new Verifier();
    Pages pages = new Pages();
    Random random = new Random(1);
    try (Crew<Client> crew = Crew.ofPairs(world.server(), List.of(talk), verifier, pages)) {
      for (int i = 0; i < PAGES; i++) {
        // For the compiler.
        read(crew, talk, pages, PAGE + 1L + random.nextInt(events - PAGE + 1));
      }
      for (int i = 0; i < TENTHS * PAGES / 2; i++) {
        int tenth = i % TENTHS;
        int length = events / TENTHS;
        long before = events + 1L - (long) tenth * length - random.nextInt(length);
        long nanos = read(crew, talk, pages, Math.max(PAGE + 1L, before));
        pages.anywhere.record(nanos);
        pages.byTenth.get(tenth).record(nanos);
      }
      for (int i = 0; i < PAGES; i++) {
        pages.atStart.record(read(crew, talk, pages, PAGE + 1L));
      }
    }
    verifier.verdict().forEach(all::fault);
    if (pages.wrong > 0) {
      all.fault("%d pages weren't the %d events before".formatted(pages.wrong, PAGE));
    }
    figures.put(Figure.PAGE_P50, pages.anywhere.percentile(50) / 1e6);
    figures.put(Figure.PAGE_P99, pages.anywhere.percentile(99) / 1e6);
    figures.put(Figure.DEEPEST_PAGE, pages.atStart.percentile(50) / 1e6);
    return pages;
  }

  /** Nanoseconds until it was there. */
  private static long read(Crew<Client> crew, Talk talk, Pages pages, long before) {
    long asked = System.nanoTime();
    int wanted = pages.come + 1;
    pages.before = before;
    crew.clients().get(0).askPage(talk, before);
    if (!crew.loop().until(() -> pages.come == wanted, ANSWERED_WITHIN)) {
      throw new IllegalStateException("no page before " + before);
    }
    return System.nanoTime() - asked;
  }

  /** Those that came. */
  private static final class Pages implements Client.Ear {
    private final Histogram anywhere = new Histogram();
    private final Histogram atStart = new Histogram();
    private final List<Histogram> byTenth = Stream.generate(Histogram::new).limit(TENTHS).toList();
    private long before;
    private int come;
    private int wrong;

    /** Of one tenth of the conversation, the newest first. */
    Run run(Stretch stretch, int tenth) {
      Histogram nanos = byTenth.get(tenth);
      return new Run(
          stretch.scenario(),
          "%s, tenth %d back".formatted(stretch.variant(), tenth + 1),
          Map.of(
              Figure.PAGE_P50,
              nanos.percentile(50) / 1e6,
              Figure.PAGE_P99,
              nanos.percentile(99) / 1e6),
          List.of());
    }

    @Override
    public void page(int events, long lastSeq) {
      come++;
      if (events != PAGE || lastSeq != before - 1) {
        wrong++;
      }
    }
  }
}

package io.parley.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** Loads a server, verifies all that it does meanwhile, and reports. */
public final class Bench {
  private static final int WARM_UP_PAIRS = 50;
  private static final int FIRST_PAIRS = 5;

  private final BenchSettings settings;
  private final Path folder;
  private final Consumer<String> say;
  private final EjabberdPackage ejabberd = EjabberdPackage.ofThisMachine();

  Bench(BenchSettings settings, Path folder, Consumer<String> say) {
    this.settings = settings;
    this.folder = folder;
    this.say = say;
  }

  /** Also writes it into the folder. */
  Report run() throws IOException {
    Files.createDirectories(folder);
    double loadBefore = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
    say.accept(
        "Results go to %s (load of this machine before: %.1f)".formatted(folder, loadBefore));
    Optional<String> skipped =
        settings.scenarios().stream().anyMatch(Scenario::isPeer)
            ? ejabberd.missing()
            : Optional.empty();
    skipped.ifPresent(why -> say.accept("SKIPPED: " + why));
    Report report = new Report(measureAll(skipped.isEmpty()), skipped.stream().toList());
    Files.writeString(folder.resolve("bench.json"), Json.of(report, settings, loadBefore));
    Files.writeString(folder.resolve("bench.svg"), Picture.of(report));
    Files.writeString(folder.resolve("table.txt"), report.table());
    return report;
  }

  /**
   * One cluster after the other, each with the machine and a PostgreSQL for itself: another one
   * that only waits would beat, ask its database, and take what is measured here.
   */
  private List<Run> measureAll(boolean isPeerThere) {
    List<Run> runs = new ArrayList<>();
    for (int nodes : settings.nodes()) {
      try (ServerUnderLoad server = server(nodes);
          Population population = new Population(server.databaseUrl())) {
        World world = new World(server, population, settings, say);
        runs.addAll(measure(world, isPeerThere && isFirst(world)));
      }
    }
    return runs;
  }

  /** What has nothing to do with nodes is measured beside the first cluster, once. */
  private boolean isFirst(World world) {
    return world.server().nodes() == settings.nodes().get(0);
  }

  private ServerUnderLoad server(int nodes) {
    if (settings.running().isPresent()) {
      return ServerUnderLoad.running(settings.running().get(), folder);
    }
    say.accept("Starting PostgreSQL and " + (nodes == 1 ? "a server" : "a cluster of " + nodes));
    return ServerUnderLoad.start(folder, nodes);
  }

  private List<Run> measure(World world, boolean isPeerThere) {
    Run warmUp = warmUp(world);
    if (!warmUp.isVerified()) {
      return List.of(warmUp);
    }
    return measureBeside(
        world,
        isPeerThere ? EjabberdSetup.among(settings.scenarios()) : List.of(),
        stretches(world));
  }

  /** With what is to be measured at these as well. */
  private List<Run> measureBeside(World world, List<EjabberdSetup> peers, List<Stretch> stretches) {
    if (peers.isEmpty()) {
      return measure(stretches);
    }
    EjabberdSetup setup = peers.get(0);
    say.accept("Starting " + setup.scenario().title());
    Duration window = Duration.ofSeconds(settings.seconds());
    try (Ejabberd peer =
        Ejabberd.start(setup, ejabberd, world.server(), folder.resolve(setup.scenario().word()))) {
      // Before anything has filled its heap: what idle ones need would find room there.
      List<Run> runs = new ArrayList<>(measure(List.of(new EjabberdCrowd(peer, settings))));
      Run warmUp = warmUp(new EjabberdPairs(peer, window, WARM_UP_PAIRS), 1);
      if (!warmUp.isVerified()) {
        runs.add(warmUp);
        return runs;
      }
      settings.pairs().forEach(n -> stretches.add(new EjabberdPairs(peer, window, n)));
      runs.addAll(measureBeside(world, peers.subList(1, peers.size()), stretches));
      return runs;
    }
  }

  private List<Run> measure(List<Stretch> stretches) {
    List<Run> runs = new ArrayList<>();
    Set<Stretch> out = new HashSet<>();
    for (int repeat = 0; repeat < settings.repeats(); repeat++) {
      // One of each, then again: what else the machine does falls on all of them alike.
      for (Stretch stretch : stretches) {
        if (out.contains(stretch) || (repeat > 0 && !stretch.isRepeated())) {
          continue;
        }
        say.accept(
            "%s %s (%d of %d)"
                .formatted(
                    stretch.scenario().word(),
                    stretch.variant(),
                    repeat + 1,
                    stretch.isRepeated() ? settings.repeats() : 1));
        for (Run run : runs(stretch, repeat == 0)) {
          runs.add(run);
          if (!run.isVerified()) {
            run.faults().forEach(fault -> say.accept("  FAILED: " + fault));
            out.add(stretch);
          }
        }
      }
    }
    return runs;
  }

  private static List<Run> runs(Stretch stretch, boolean isFirst) {
    try {
      if (isFirst) {
        stretch.prepare();
      }
      return stretch.runs();
    } catch (RuntimeException e) {
      return List.of(
          new Run(
              stretch.scenario(),
              stretch.variant(),
              new EnumMap<>(Figure.class),
              List.of("not finished: " + e)));
    }
  }

  /**
   * The compilers' work belongs to no figure. Nodes that share the load each have as much, and
   * begin with few, and then at a low pace: shards are given homes one after the other, which takes
   * moments at rest, but for a hundred people at once longer than a message waits on nodes that
   * have just started and share two cores.
   */
  private Run warmUp(World world) {
    int nodes = world.server().nodes();
    if (nodes > 1) {
      List<Stretch> gently =
          List.of(
              Pairs.saturated(world, FIRST_PAIRS, false, Optional.empty()),
              Pairs.low(world, WARM_UP_PAIRS, false));
      for (Stretch stretch : gently) {
        Run begun = warmUp(stretch, 1);
        if (!begun.isVerified()) {
          return begun;
        }
      }
    }
    return warmUp(Pairs.saturated(world, WARM_UP_PAIRS, false, Optional.empty()), nodes);
  }

  private Run warmUp(Stretch stretch, int times) {
    say.accept("Warming up");
    Run run = runs(stretch, true).get(0);
    for (int more = 1; more < times && run.isVerified(); more++) {
      run = runs(stretch, false).get(0);
    }
    return run;
  }

  private List<Stretch> stretches(World world) {
    List<Stretch> stretches = new ArrayList<>();
    Optional<Path> profiles = settings.isProfiled() ? Optional.of(folder) : Optional.empty();
    for (Scenario scenario : settings.scenarios()) {
      if (scenario == Scenario.LIMITS && !isFirst(world)) {
        continue; // Those of the machine, once.
      }
      switch (scenario) {
        case LOW -> settings.marks().forEach(marks -> stretches.add(Pairs.low(world, marks)));
        case PAIRS -> {
          for (int n : settings.pairs()) {
            settings
                .marks()
                .forEach(marks -> stretches.add(Pairs.saturated(world, n, marks, profiles)));
          }
        }
        case BACKLOG -> settings.events().forEach(n -> stretches.add(new Backlog(world, n)));
        case IDLE -> stretches.add(Crowd.idle(world));
        case STORM -> stretches.add(Crowd.storm(world));
        case LONG ->
            stretches.add(
                new LongConversation(world, settings.events().get(settings.events().size() - 1)));
        case OVERLOAD -> settings.pairs().forEach(n -> stretches.add(new Overload(world, n)));
        case EJABBERD, EJABBERD_BARE -> {
          // They come last, if they are there.
        }
        case LIMITS -> {
          stretches.add(new BareInsert(world, 1));
          stretches.add(new BareInsert(world, 100));
          settings
              .pairs()
              .forEach(n -> stretches.add(new BareRelay(world, folder.resolve("relay.log"), n)));
        }
      }
    }
    return stretches;
  }

  /** {@code ./parley bench}; the exit code says whether every run was verified. */
  public static void main(String[] words) throws IOException {
    Optional<String> answer = BenchSettings.answer(List.of(words));
    if (answer.isPresent()) {
      System.out.println(answer.get());
      return;
    }
    BenchSettings settings;
    try {
      settings = BenchSettings.parse(List.of(words));
    } catch (IllegalArgumentException e) {
      System.err.println(e.getMessage());
      System.exit(2);
      return;
    }
    Optional<String> tooFew = OpenFiles.tooFew(settings, OpenFiles.limit());
    if (tooFew.isPresent()) {
      System.err.println(tooFew.get());
      System.exit(2);
      return;
    }
    Path folder = Path.of("target", "bench", Long.toString(System.currentTimeMillis()));
    Report report;
    try {
      report = new Bench(settings, folder.toAbsolutePath(), System.out::println).run();
    } catch (RuntimeException e) {
      System.err.println("The bench can't go on: " + e.getMessage());
      System.exit(1);
      return;
    }
    System.out.println();
    System.out.println(report.table());
    System.exit(report.isVerified() ? 0 : 1);
  }
}

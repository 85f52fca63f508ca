package io.parley.campaign;

import io.parley.campaign.check.Check;
import io.parley.campaign.check.Evidence;
import io.parley.campaign.check.Journal;
import io.parley.campaign.check.Recoveries;
import io.parley.campaign.check.Recoveries.Round;
import io.parley.campaign.check.Verdict;
import io.parley.campaign.client.Population;
import io.parley.campaign.record.Notebook;
import io.parley.campaign.record.Observation.Phase;
import io.parley.campaign.record.Observation.Step;
import io.parley.campaign.world.World;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A campaign: starts a cluster and people, lets one fault happen after the other while they talk,
 * and has judged what they saw.
 */
public final class Campaign {
  private static final Duration REST_WITHIN = Duration.ofSeconds(90);
  private static final int NODES = 3;

  /** Idle conversations go to sleep all the time: what is sent then must not be lost either. */
  private static final List<String> NODE_OPTIONS =
      List.of("-Dpekko.cluster.sharding.passivation.default-idle-strategy.idle-entity.timeout=3s");

  private final CampaignSettings settings;
  private final Consumer<String> say;
  private final Path folder;
  private final List<String> notes = new ArrayList<>();
  private final List<String> failures = new ArrayList<>();

  Campaign(CampaignSettings settings, Path folder, Consumer<String> say) {
    this.settings = settings;
    this.folder = folder;
    this.say = say;
  }

  /** What came of it: the table, and whether all promises were kept. */
  record Outcome(Verdict verdict, List<Round> rounds, List<String> failures, String table) {
    Outcome {
      rounds = List.copyOf(rounds);
      failures = List.copyOf(failures);
    }

    /** Nothing contradicts a promise, and after every fault all came to rest. */
    boolean isKept() {
      return verdict.isClean() && failures.isEmpty();
    }
  }

  Outcome run() throws IOException, SQLException {
    Files.createDirectories(folder);
    Path observations = folder.resolve("observations.jsonl");
    say.accept(
        "Starting PostgreSQL and "
            + NODES
            + " nodes (seed "
            + settings.seed()
            + ", all in "
            + folder
            + ")");
    try (World world = World.start(folder, NODES, NODE_OPTIONS)) {
      observe(world, observations);
      say.accept("Judging");
      Journal journal = world.database().journal();
      Evidence evidence = Evidence.read(observations);
      Verdict verdict = Check.of(evidence, journal);
      List<Round> rounds = Recoveries.of(evidence, settings.fromHeal());
      notes.add("largest node: " + world.residentMegabytes() + " MB resident");
      notes.addAll(failures);
      String table = Table.of(verdict, rounds, notes);
      Files.writeString(folder.resolve("table.txt"), table);
      return new Outcome(verdict, rounds, failures, table);
    }
  }

  private void observe(World world, Path observations) {
    try (Notebook notebook = Notebook.create(observations)) {
      Population population =
          Population.start(
              world, notebook, settings.people(), settings.paceMillis(), settings.seed());
      try {
        say.accept(settings.people() + " people with " + population.devices() + " devices talk");
        World.pause(settings.calmSeconds() * 1_000L);
        for (List<Fault> round : settings.rounds()) {
          round(world, population, notebook, round);
        }
        population.readHistories();
        population.send(false);
        awaitRest(population, "everything");
      } finally {
        population.end();
      }
      population.readReadSide();
    }
  }

  private void round(World world, Population population, Notebook notebook, List<Fault> faults) {
    String name = String.join(" + ", faults.stream().map(Fault::name).toList());
    for (Fault fault : faults) {
      String missing = fault.missing(world);
      if (!missing.isEmpty()) {
        say.accept("SKIPPED " + name + ": " + missing);
        notes.add("skipped " + name + ": " + missing);
        return;
      }
    }
    long started = System.nanoTime();
    notebook.note(new Phase(notebook.now(), name, Step.BEGIN));
    say.accept(name + ": begins");
    breakAndMend(world, population, faults, name);
    notebook.note(new Phase(notebook.now(), name, Step.HEAL));
    World.pause(settings.calmSeconds() * 1_000L);
    population.send(false);
    awaitRest(population, name);
    notebook.note(new Phase(notebook.now(), name, Step.REST));
    population.send(true);
    say.accept("%s: over after %.0f s".formatted(name, (System.nanoTime() - started) / 1e9));
  }

  /**
   * What goes wrong beyond the faults themselves fails the campaign, and the rest of it goes on.
   */
  private void breakAndMend(World world, Population population, List<Fault> faults, String name) {
    try {
      for (Fault fault : faults) {
        fault.begin().accept(world, population);
      }
      World.pause(settings.holdSeconds() * 1_000L);
    } catch (IllegalStateException e) {
      fail("NOT MADE " + name + ": " + e.getMessage());
    }
    for (Fault fault : faults) {
      try {
        fault.heal().accept(world, population);
      } catch (IllegalStateException e) {
        fail("NOT HEALED " + name + ": " + e.getMessage());
      }
    }
  }

  private void fail(String what) {
    String failure = what.length() > 500 ? what.substring(0, 500) + "…" : what;
    say.accept(failure);
    failures.add(failure);
  }

  private void awaitRest(Population population, String name) {
    List<String> unrest = new ArrayList<>();
    try {
      World.await(
          "everybody has everything",
          REST_WITHIN,
          () -> {
            unrest.clear();
            unrest.addAll(population.unrest());
            return unrest.isEmpty();
          });
    } catch (IllegalStateException never) {
      fail("NO REST after " + name + ": " + unrest);
    }
  }

  /** {@code ./parley campaign}; the exit code says whether all promises were kept. */
  public static void main(String[] words) throws Exception {
    Optional<String> answer = CampaignSettings.answer(List.of(words));
    if (answer.isPresent()) {
      System.out.println(answer.get());
      return;
    }
    CampaignSettings settings;
    try {
      settings = CampaignSettings.parse(List.of(words));
    } catch (IllegalArgumentException e) {
      System.err.println(e.getMessage());
      System.exit(2);
      return;
    }
    Path folder = Path.of("target", "campaign", Long.toString(System.currentTimeMillis()));
    Outcome outcome = new Campaign(settings, folder.toAbsolutePath(), System.out::println).run();
    System.out.println();
    System.out.println(outcome.table());
    System.exit(outcome.isKept() ? 0 : 1);
  }
}

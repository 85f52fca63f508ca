package io.parley.campaign;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.parley.campaign.check.Check;
import io.parley.campaign.check.Evidence;
import io.parley.campaign.check.Journal;
import io.parley.campaign.check.Verdict;
import io.parley.campaign.check.Violation.Kind;
import io.parley.campaign.client.Population;
import io.parley.campaign.record.Notebook;
import io.parley.campaign.record.Observation;
import io.parley.campaign.world.World;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * The power fails: what the disk holds at that moment is recovered by another PostgreSQL, and
 * everything that was accepted before must be in it. As the control, the same with
 * synchronous_commit off, which must lose something; else this test could not fail.
 */
class PowerLossClusterIT {
  private static final int IMAGES = 3;

  /** WAL is written five times a second without being waited for: one image may be lucky. */
  private static final int CONTROLS = 10;

  /** Less would prove nothing of an image. */
  private static final int ACCEPTED = 20;

  /** On a machine that is busy otherwise, a node that has just started is slow. */
  private static final Duration ACCEPTED_WITHIN = Duration.ofSeconds(60);

  @Test
  void whatWasAcceptedIsOnTheDiskAndWithoutSynchronousCommitItIsNot() throws Exception {
    Path folder = Path.of("target", "campaign", "power-loss").toAbsolutePath();
    try (World world = World.start(folder, 1, List.of())) {
      assumeTrue(
          world.database().disk().isReal(),
          "SKIPPED: needs root and mkfs.ext4, for a disk whose power can fail");
      Path notes = folder.resolve("observations.jsonl");
      List<Loss> losses = new ArrayList<>();
      List<Loss> controls = new ArrayList<>();
      try (Notebook notebook = Notebook.create(notes)) {
        Population population = Population.start(world, notebook, 6, 100, 1);
        awaitAccepted(notebook);
        for (int i = 0; i < IMAGES; i++) {
          World.pause(2_000);
          losses.add(loss(world, notebook, "image" + i));
        }
        world.database().writeLate();
        world.database().execute("ALTER ROLE CURRENT_USER SET synchronous_commit = off");
        // Connections that are open have the setting from before.
        world.nodes().get(0).database().reset();
        World.pause(4_000);
        awaitAccepted(notebook);
        for (int i = 0; i < CONTROLS; i++) {
          World.pause(500);
          controls.add(loss(world, notebook, "control" + i));
        }
        population.end();
      }
      List<Observation> seen = new ArrayList<>();
      Notebook.read(notes, seen::add);
      for (Loss loss : losses) {
        Verdict verdict = verdict(seen, loss);
        assertThat(verdict.accepted()).isGreaterThan(ACCEPTED);
        assertThat(verdict.count(Kind.LOST)).as("%s", verdict.violations()).isZero();
      }
      long lost = 0;
      for (Loss control : controls) {
        lost += verdict(seen, control).count(Kind.LOST);
      }
      assertThat(lost).as("lost by the control").isPositive();
    }
  }

  private static void awaitAccepted(Notebook notebook) {
    long before = notebook.accepted();
    await().atMost(ACCEPTED_WITHIN).until(() -> notebook.accepted() > before + ACCEPTED);
  }

  private record Loss(long at, Journal journal) {}

  /** What was seen until now, and what is left of it. */
  private static Loss loss(World world, Notebook notebook, String name) throws Exception {
    long now = notebook.now();
    Path image = world.database().powerLoss(name);
    return new Loss(now, world.database().recovered(image));
  }

  private static Verdict verdict(List<Observation> seen, Loss loss) {
    return Check.of(
        Evidence.of(seen.stream().filter(one -> one.at() < loss.at()).toList()), loss.journal());
  }
}

package io.parley.campaign;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * A small campaign: the node that coordinates is killed, the network falls apart (with root), and
 * PostgreSQL is killed, while people talk. {@code ./parley campaign} is the large one.
 */
class CampaignSmokeClusterIT {

  @Test
  void nothingIsLostDoubledMovedOrLeakedAndEverybodyIsServedAgain() throws Exception {
    Campaign.Outcome outcome =
        new Campaign(
                CampaignSettings.parse(List.of("--smoke", "--seed", "1")),
                Path.of("target", "campaign", "smoke").toAbsolutePath(),
                System.out::println)
            .run();
    System.out.println(outcome.table());
    assertThat(outcome.verdict().violations()).isEmpty();
    assertThat(outcome.verdict().accepted()).isGreaterThan(500);
    assertThat(outcome.failures()).isEmpty();
    assertThat(outcome.isKept()).isTrue();
    assertThat(outcome.rounds()).isNotEmpty();
    outcome
        .rounds()
        .forEach(
            round -> {
              assertThat(round.accepts().count()).as(round.fault()).isPositive();
              assertThat(round.accepts().p95()).as(round.fault()).isLessThan(30_000);
            });
  }
}

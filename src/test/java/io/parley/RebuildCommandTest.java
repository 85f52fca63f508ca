package io.parley;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.feed.RebuildProgress;
import io.parley.feed.RebuildReport.Mended;
import java.time.Duration;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the command says. */
class RebuildCommandTest {
  private final Locale before = Locale.getDefault();

  RebuildCommandTest() {
    Locale.setDefault(Locale.ROOT);
  }

  @AfterEach
  void restore() {
    Locale.setDefault(before);
  }

  @Test
  void progressTellsTheRateAndWhatIsLeft() {
    assertThat(
            RebuildCommand.line(new RebuildProgress(2_000, 6_000, 90_000), Duration.ofSeconds(10)))
        .isEqualTo("2,000 of 6,000 conversations, 9,000 events a second, about 20 s left");
    assertThat(RebuildCommand.line(new RebuildProgress(1, 721, 50), Duration.ofSeconds(1)))
        .endsWith("about 12 min left");
    assertThat(RebuildCommand.line(new RebuildProgress(0, 5, 0), Duration.ZERO))
        .isEqualTo("0 of 5 conversations, 0 events a second");
  }

  @Test
  void whatDifferedIsCalledAFault() {
    assertThat(RebuildCommand.mended(new Mended(2, 0, 0, 1, 0, 0)))
        .startsWith("Differed, and are mended: 2 summaries, 1 reactions. That isn't wear");
    assertThat(RebuildCommand.mended(new Mended(0, 0, 0, 0, 0, 0))).startsWith("Nothing differed");
  }
}

package io.parley.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class OpenFilesTest {

  private static Optional<String> tooFew(long limit, String... words) {
    return OpenFiles.tooFew(BenchSettings.parse(List.of(words)), limit);
  }

  @Test
  void whoAsksForMoreClientsThanThereAreFilesIsToldWhatToDo() {
    assertThat(tooFew(1_024, "--scenario", "low,idle", "--clients", "18000"))
        .contains(
            "18,000 connections want 18,500 open files in a process, and this system allows 1,024."
                + " Raise that (ulimit -n 18500), or ask for fewer --clients or --pairs.");
    assertThat(tooFew(18_500, "--scenario", "idle,storm", "--clients", "18000")).isEmpty();
  }

  @Test
  void bothOfEachPairCount() {
    assertThat(tooFew(2_499, "--scenario", "pairs", "--pairs", "10,1000")).isPresent();
    assertThat(tooFew(2_500, "--scenario", "pairs", "--pairs", "10,1000")).isEmpty();
  }

  @Test
  void bothEjabberdsHaveIdleOnesAsWell() {
    for (String which : List.of("ejabberd", "ejabberd-bare")) {
      assertThat(tooFew(2_499, "--scenario", which, "--pairs", "10", "--clients", "2000"))
          .isPresent();
    }
  }

  @Test
  void onlyWhatIsMeasuredCounts() {
    assertThat(tooFew(1_024, "--scenario", "low,backlog,long")).isEmpty();
  }

  @Test
  void thisSystemHasALimit() {
    assertThat(OpenFiles.limit()).isPositive();
  }
}

package io.parley.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReportTest {

  private static Run run(double accepted, String... faults) {
    return new Run(Scenario.PAIRS, "10 pairs", Map.of(Figure.ACCEPTED, accepted), List.of(faults));
  }

  @Test
  void repeatsAreToldByTheirMedian() {
    Report report = new Report(List.of(run(300), run(9_000), run(200)));
    assertThat(report.lines()).hasSize(1);
    assertThat(report.lines().get(0).figures()).containsEntry(Figure.ACCEPTED, 300.0);
    assertThat(new Report(List.of(run(2), run(4))).lines().get(0).figures())
        .containsEntry(Figure.ACCEPTED, 3.0);
  }

  @Test
  void oneRunThatIsNotVerifiedFailsTheWhole() {
    Report report = new Report(List.of(run(1), run(1, "person 2: seq 7 after 5")));
    assertThat(report.isVerified()).isFalse();
    assertThat(report.table())
        .contains("FAILED pairs 10 pairs: person 2: seq 7 after 5")
        .containsPattern("pairs +10 pairs .* FAILED");
    assertThat(Picture.of(report)).doesNotContain("null");
  }

  @Test
  void nothingMeasuredIsNothingVerified() {
    assertThat(new Report(new ArrayList<>()).isVerified()).isFalse();
  }
}

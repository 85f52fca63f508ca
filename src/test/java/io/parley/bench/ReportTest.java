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

  private static Run costly(Scenario scenario, double accepted, double cpu, String... faults) {
    Map<Figure, Double> figures =
        Map.of(Figure.ACCEPTED, accepted, Figure.SERVER_CPU, cpu, Figure.DATABASE_CPU, 1.0);
    return new Run(scenario, "10 pairs", figures, List.of(faults));
  }

  @Test
  void eachEjabberdIsComparedWithParleyUnderTheSameLoad() {
    Report report =
        new Report(
            List.of(
                costly(Scenario.PAIRS, 100, 1),
                costly(Scenario.EJABBERD, 50, 4),
                costly(Scenario.EJABBERD_BARE, 200, 2)));
    assertThat(report.comparisons())
        .containsExactly(
            new Comparison(Scenario.EJABBERD, "10 pairs", 2.5, 4, 0.5),
            new Comparison(Scenario.EJABBERD_BARE, "10 pairs", 1.5, 2, 2));
    assertThat(report.table())
        .containsPattern("(?m)^ejabberd, as shipped 10 pairs ")
        .containsPattern("(?m)^ejabberd, stripped   10 pairs ")
        .contains(
            "ejabberd, as shipped : Parley, 10 pairs: CPU per message 2.50 (server alone 4.00),"
                + " messages a second 0.500",
            "ejabberd, stripped : Parley, 10 pairs: CPU per message 1.50 (server alone 2.00),"
                + " messages a second 2.00");
  }

  @Test
  void whatFailedOrIsAloneIsComparedWithNothing() {
    Run ejabberd = costly(Scenario.EJABBERD, 50, 4);
    assertThat(new Report(List.of(ejabberd)).comparisons()).isEmpty();
    assertThat(new Report(List.of(costly(Scenario.PAIRS, 100, 1, "lost"), ejabberd)).comparisons())
        .isEmpty();
  }

  @Test
  void whatWasSkippedIsToldWithTheFiguresOfTheRest() {
    Report report = new Report(List.of(run(1)), List.of("ejabberd isn't measured"));
    assertThat(report.table()).contains("SKIPPED: ejabberd isn't measured");
    assertThat(report.isVerified()).isTrue();
  }

  @Test
  void nothingMeasuredIsNothingVerified() {
    assertThat(new Report(new ArrayList<>()).isVerified()).isFalse();
  }
}

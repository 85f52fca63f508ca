package io.parley.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;

/** A small load, verified; {@code ./parley bench} is the large one. */
class BenchSmokeIT {
  private static final Path FOLDER = Path.of("target", "bench", "smoke").toAbsolutePath();

  @Test
  void fivePairsTalkForTwoSecondsAndAllOfItIsVerifiedAndReported() throws Exception {
    BenchSettings settings =
        BenchSettings.parse(
            List.of(
                "--scenario pairs --pairs 5 --seconds 2 --repeats 1 --marks on --profile"
                    .split(" ", -1)));
    Report report = new Bench(settings, FOLDER, System.out::println).run();

    assertThat(report.runs()).hasSize(1).allSatisfy(run -> assertThat(run.faults()).isEmpty());
    assertThat(report.isVerified()).isTrue();
    assertThat(report.runs().get(0).figures())
        .containsKeys(Figure.SERVER_CPU, Figure.DATABASE_CPU, Figure.SERVER_MEMORY)
        .allSatisfy((figure, value) -> assertThat(value).as(figure.label()).isPositive());
    assertThat(report.runs().get(0).figures().getOrDefault(Figure.MARKED, 0.0))
        .as("each of 10 people marks about once a second")
        .isBetween(1.0, 20.0);
    assertThat(Files.readString(FOLDER.resolve("profile.txt"))).contains(" samples by ", " %  ");
    assertThat(FOLDER.resolve("profile.html")).isNotEmptyFile();
    assertThat(Files.readString(FOLDER.resolve("profile.svg"))).contains("<title>");
    JsonNode json = new ObjectMapper().readTree(FOLDER.resolve("bench.json").toFile());
    assertThat(json.path("verified").asBoolean()).isTrue();
    assertThat(json.path("medians").path(0).path("figures").path("accepted/s").asDouble())
        .isPositive();
    Document picture =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(FOLDER.resolve("bench.svg").toFile());
    assertThat(picture.getDocumentElement().getElementsByTagName("rect").getLength()).isPositive();
    assertThat(Files.readString(FOLDER.resolve("table.txt"))).contains("5 pairs, with marks");
  }

  @Test
  void ofThreeTimesTheLoadEverythingIsAnsweredAndWhatWasAcceptedIsShown() throws Exception {
    BenchSettings settings =
        BenchSettings.parse(
            List.of("--scenario overload --pairs 5 --seconds 2 --repeats 1".split(" ", -1)));
    Report report = new Bench(settings, FOLDER, System.out::println).run();

    Run run = report.runs().get(0);
    // How much is carried is for a quiet machine to tell.
    assertThat(run.faults()).allMatch(fault -> fault.contains("% of the peak"));
    double peak = run.figures().getOrDefault(Figure.PEAK, 0.0);
    // What a client with 64 unanswered doesn't send is due all the same: they wait with it, because
    // the server reads only as far as there is room.
    double due =
        run.figures().getOrDefault(Figure.OFFERED, 0.0)
            + run.figures().getOrDefault(Figure.HELD_BACK, 0.0);
    assertThat(due).isGreaterThan(2.5 * peak);
    assertThat(run.figures())
        .containsKeys(
            Figure.SHARE,
            Figure.OVERLOADED,
            Figure.QUEUED_ROWS,
            Figure.QUEUED_OUTBOUND,
            Figure.MEMORY_BEFORE,
            Figure.MEMORY_HIGHEST,
            Figure.MEMORY_AFTER);
    assertThat(run.figures().getOrDefault(Figure.SLOWEST_ANSWER, 0.0)).isBetween(0.0, 20.0);
  }
}

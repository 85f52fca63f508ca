package io.parley.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** docs/metrics.md has the table of all figures, as they are given. */
class MetricsPageTest {

  @Test
  void thePageHasTheTableOfAllFigures() throws IOException {
    assertThat(Files.readString(Path.of("docs", "metrics.md"))).contains(table());
  }

  /** Micrometer takes two of one name for one, whatever their units. */
  @Test
  void noTwoFiguresHaveOneName() {
    assertThat(Arrays.stream(Figure.values()).map(Figure::meter)).doesNotHaveDuplicates();
  }

  /** As {@code promtool check metrics} has it: they are parts of histograms, or counters. */
  @Test
  void noGaugeEndsLikeAnotherKind() {
    assertThat(Arrays.stream(Figure.values()).filter(figure -> figure.kind().equals("gauge")))
        .extracting(Figure::exposed)
        .noneMatch(name -> name.matches(".*_(count|sum|bucket|total)"));
  }

  private static String table() {
    return "| Name | Kind | Labels | What |\n|---|---|---|---|\n"
        + Arrays.stream(Figure.values())
            .map(
                figure ->
                    "| `%s` | %s | %s | %s |\n"
                        .formatted(figure.exposed(), figure.kind(), figure.labels(), figure.help()))
            .collect(Collectors.joining());
  }
}

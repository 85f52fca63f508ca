package io.parley.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What the dashboard shows and what the alerts watch are figures that there are. */
class DashboardTest {
  private static final Path CONF = Path.of("conf");
  private static final Path DASHBOARD = CONF.resolve("grafana/dashboards/parley.json");
  private static final Path ALERTS = CONF.resolve("prometheus/alerts.yml");
  private static final Pattern NAME =
      Pattern.compile("\\b(parley|jvm|process|system)_[a-z0-9_]+\\b");
  private static final Set<String> FIGURES =
      Arrays.stream(Figure.values()).map(Figure::exposed).collect(Collectors.toSet());
  private static final Set<String> HISTOGRAMS =
      Arrays.stream(Figure.values())
          .filter(figure -> figure.kind().equals("histogram"))
          .map(Figure::exposed)
          .collect(Collectors.toSet());

  @Test
  void theDashboardShowsFiguresThatThereAre() throws IOException {
    List<String> queries = new ArrayList<>();
    for (JsonNode panel : new ObjectMapper().readTree(DASHBOARD.toFile()).path("panels")) {
      assertThat(panel.path("title").asText()).isNotEmpty();
      panel.path("targets").forEach(target -> queries.add(target.path("expr").asText()));
    }
    assertThat(queries).hasSizeGreaterThan(10).noneMatch(String::isEmpty);
    assertThat(unknown(String.join("\n", queries))).isEmpty();
  }

  @Test
  void alertsWatchFiguresThatThereAre() throws IOException {
    String rules = Files.readString(ALERTS);
    assertThat(rules.lines().filter(line -> line.strip().startsWith("- alert: ")).count())
        .isGreaterThan(5);
    assertThat(unknown(rules)).isEmpty();
  }

  /** A name that stands for nothing would be an alert that never comes. */
  @Test
  void aNameThatIsNotGivenIsFound() {
    assertThat(unknown("rate(parley_operation_accepted_seconds_bucket[1m]) parley_sessions"))
        .isEmpty();
    assertThat(unknown("parley_sessions_bucket parley_absent_total"))
        .containsExactly("parley_absent_total", "parley_sessions_bucket");
  }

  private static Set<String> unknown(String text) {
    Set<String> unknown = new TreeSet<>();
    for (Matcher name = NAME.matcher(text); name.find(); ) {
      String histogram = name.group().replaceAll("_(bucket|count|sum|max)$", "");
      if (!FIGURES.contains(name.group()) && !HISTOGRAMS.contains(histogram)) {
        unknown.add(name.group());
      }
    }
    return unknown;
  }
}

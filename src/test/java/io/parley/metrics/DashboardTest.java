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
import java.util.Map;
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
  private static final Pattern NAME = Pattern.compile("\\b(parley|jvm|process)_[a-z0-9_]+\\b");

  /** What is selected by, or told apart by. */
  private static final Pattern LABELS =
      Pattern.compile("\\b([a-z]+)(?:=~|!=|=)\"|\\bby \\(([a-z, ]+)\\)");

  /** Prometheus' own, and the buckets'. */
  private static final Set<String> EVERYWHERE = Set.of("job", "instance", "le");

  private static final Map<String, Figure> FIGURES =
      Arrays.stream(Figure.values()).collect(Collectors.toMap(Figure::exposed, f -> f));
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
    assertThat(queries).allSatisfy(query -> assertThat(strayLabels(query)).as(query).isEmpty());
  }

  @Test
  void alertsWatchFiguresThatThereAre() throws IOException {
    String rules = Files.readString(ALERTS);
    assertThat(rules.lines().filter(line -> line.strip().startsWith("- alert: ")).count())
        .isGreaterThan(5);
    assertThat(unknown(rules)).isEmpty();
    assertThat(rules.split("- alert: "))
        .allSatisfy(rule -> assertThat(strayLabels(rule)).as(rule).isEmpty());
  }

  /** A name that stands for nothing would be an alert that never comes. */
  @Test
  void aNameThatIsNotGivenIsFound() {
    assertThat(unknown("rate(parley_operation_accepted_seconds_bucket[1m]) parley_sessions"))
        .isEmpty();
    assertThat(unknown("parley_sessions_bucket parley_absent_total"))
        .containsExactly("parley_absent_total", "parley_sessions_bucket");
  }

  /** What is selected by a label that a figure hasn't is never there, and never missed. */
  @Test
  void aLabelThatAFigureHasNotIsFound() {
    assertThat(strayLabels("sum by (reason, le) (parley_journal_failures_total{reason!=\"x\"})"))
        .isEmpty();
    assertThat(strayLabels("sum by (kind) (parley_sessions{job=\"parley\",outcome=~\"a|b\"})"))
        .containsExactly("kind", "outcome");
  }

  private static Set<String> unknown(String text) {
    Set<String> unknown = new TreeSet<>();
    for (Matcher name = NAME.matcher(text); name.find(); ) {
      if (!FIGURES.containsKey(name.group()) && !HISTOGRAMS.contains(histogram(name.group()))) {
        unknown.add(name.group());
      }
    }
    return unknown;
  }

  private static String histogram(String sample) {
    return sample.replaceAll("_(bucket|count|sum|max)$", "");
  }

  /** Labels in an expression that none of its figures has. */
  private static Set<String> strayLabels(String expression) {
    Set<String> known = new TreeSet<>(EVERYWHERE);
    for (Matcher name = NAME.matcher(expression); name.find(); ) {
      Figure figure = FIGURES.getOrDefault(name.group(), FIGURES.get(histogram(name.group())));
      if (figure != null) {
        known.addAll(List.of(figure.labels().split(", ", -1)));
      }
    }
    Set<String> stray = new TreeSet<>();
    for (Matcher labels = LABELS.matcher(expression); labels.find(); ) {
      String found = labels.group(1) == null ? labels.group(2) : labels.group(1);
      stray.addAll(List.of(found.split(", ", -1)));
    }
    stray.removeAll(known);
    return stray;
  }
}

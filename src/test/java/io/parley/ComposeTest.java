package io.parley;

import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the containers are given fits what the server reads; no Docker is needed to see that. */
class ComposeTest {
  private static final Pattern VARIABLE = Pattern.compile("^ {6}(PARLEY_[A-Z_]+): (.*)$");
  private static final Pattern IMAGES_OWN = Pattern.compile("(PARLEY_[A-Z_]+)=(\\S+)");
  private static final Pattern WITH_DEFAULT = Pattern.compile("\\$\\{([A-Z_]+):-([^}]*)}");

  private final Path home;

  ComposeTest(@TempDir Path home) {
    this.home = home;
  }

  @Test
  void aNodeUnderstandsAllThatItIsGiven() throws IOException {
    Map<String, String> given = environment();
    String password = "PARLEY_DATABASE_PASSWORD_FILE";
    assertThat(given).containsKey(password).doesNotContainKey("PARLEY_DATABASE_PASSWORD");
    given.put(password, Files.writeString(home.resolve("password"), "canary\n").toString());
    // No name server knows the database here.
    given.put("PARLEY_CLUSTER_HOST", "node.example");

    Settings settings = Settings.load(home, given);

    assertThat(settings.source().warnings()).isEmpty();
    assertThat(settings.origins()).containsExactly("https://localhost:8443");
    assertThat(settings.edge().secure()).isTrue();
    assertThat(settings.storage().external().orElseThrow().password()).isEqualTo("canary");
  }

  @Test
  void theEdgeAsksWhereTheNodesListen() throws IOException {
    Settings settings = Settings.load(home, environmentOfImage());
    String edge = Files.readString(Path.of("conf/Caddyfile"));
    assertThat(edge)
        .contains("name node")
        .contains("port " + settings.listen().port())
        .doesNotContain(Integer.toString(settings.management().port()));
    assertThat(settings.listen().bind()).isEqualTo("0.0.0.0");
    assertThat(Files.readString(Path.of("scripts/healthy.sh")))
        .contains("PARLEY_MANAGEMENT_PORT:-" + settings.management().port());
  }

  /** Figures are for Prometheus and health for Docker: neither port of a node is published. */
  @Test
  void nobodyOutsideReachesANode() throws IOException {
    assertThat(published()).containsExactly("${HTTPS_PORT:-8443}:443", "127.0.0.1:3000:3000");
    Settings settings = Settings.load(home, environmentOfImage());
    assertThat(Files.readString(Path.of("conf/prometheus/prometheus.yml")))
        .contains("names: [node]")
        .contains("port: " + settings.management().port());
  }

  private static List<String> published() throws IOException {
    return Pattern.compile("ports: \\[\"([^\"]+)\"]")
        .matcher(Files.readString(Path.of("docker-compose.yml")))
        .results()
        .map(found -> found.group(1))
        .toList();
  }

  /** Else one of them would be left at its default in silence. */
  @Test
  void whatTheEdgeReadsItIsGiven() throws IOException {
    Set<String> read =
        Pattern.compile("\\{\\$([A-Z_]+)")
            .matcher(Files.readString(Path.of("conf/Caddyfile")))
            .results()
            .map(found -> found.group(1))
            .collect(toSet());
    assertThat(Files.readAllLines(Path.of("docker-compose.yml")))
        .anyMatch(line -> line.strip().equals("DOMAIN: ${DOMAIN:-localhost}"));
    assertThat(read).containsExactly("DOMAIN");
  }

  private Map<String, String> environment() throws IOException {
    Map<String, String> environment = environmentOfImage();
    for (String line : Files.readAllLines(Path.of("docker-compose.yml"))) {
      Matcher variable = VARIABLE.matcher(line);
      if (variable.matches()) {
        String value = WITH_DEFAULT.matcher(variable.group(2)).replaceAll("$2");
        environment.put(variable.group(1), value.replace("\"", ""));
      }
    }
    return environment;
  }

  private static Map<String, String> environmentOfImage() throws IOException {
    Map<String, String> environment = new HashMap<>();
    List<String> lines = Files.readAllLines(Path.of("Dockerfile"));
    lines.stream()
        .filter(line -> line.startsWith("ENV "))
        .flatMap(line -> IMAGES_OWN.matcher(line).results())
        .forEach(one -> environment.put(one.group(1), one.group(2)));
    return environment;
  }
}

package io.parley;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.parley.model.Limits;
import io.parley.search.SearchSettings;
import io.parley.testing.TestAuthority;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsTest {

  private final Path home;

  SettingsTest(@TempDir Path home) {
    this.home = home;
  }

  @Test
  void withNothingSetTheDefaultsHold() {
    Settings settings = load(Map.of());
    assertThat(settings.listen()).isEqualTo(new Settings.Endpoint("127.0.0.1", 8080));
    assertThat(settings.management()).isEqualTo(new Settings.Endpoint("127.0.0.1", 8558));
    assertThat(settings.origins()).contains("http://localhost:8080", "http://127.0.0.1:8080");
    assertThat(settings.storage().folder()).isEqualTo(home.resolve("data"));
    assertThat(settings.storage().external()).isEmpty();
    assertThat(settings.signUp()).isTrue();
    assertThat(settings.limits()).isEqualTo(Limits.DEFAULT);
    assertThat(settings.search()).isEqualTo(SearchSettings.DEFAULT);
    assertThat(settings.source().warnings()).isEmpty();
  }

  @Test
  void theFileWinsOverTheDefaultsAndTheEnvironmentOverTheFile() throws IOException {
    file("parley { port = 9000, management.port = 9001, data-dir = elsewhere }");
    Settings settings = load(Map.of("PARLEY_PORT", "9100", "PARLEY_RATE_LIMITS", "off"));
    assertThat(settings.listen().port()).isEqualTo(9100);
    assertThat(settings.management().port()).isEqualTo(9001);
    assertThat(settings.storage().folder()).isEqualTo(home.resolve("elsewhere"));
    assertThat(settings.limits().rateLimits()).isFalse();
  }

  /** Chosen by the system, it could be gone again before the node listens there. */
  @Test
  void thePortBetweenNodesIsChosenWhereNoneIsSet() {
    String port = "pekko.remote.artery.canonical.port";
    assertThat(load(Map.of()).system("r2dbc:x").getInt(port)).isBetween(20_000, 32_767);
    assertThat(load(Map.of("PARLEY_CLUSTER_PORT", "25520")).system("r2dbc:x").getInt(port))
        .isEqualTo(25_520);
  }

  @Test
  void anEmptyVariableIsNotSet() {
    assertThat(load(Map.of("PARLEY_DATABASE_URL", "", "PARLEY_PORT", " ")).listen().port())
        .isEqualTo(8080);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "PARLEY_PORT | eighty | a port from 1 to 65535",
        "PARLEY_PORT | 65536 | a port from 1 to 65535",
        "PARLEY_PORT | -1 | a port from 1 to 65535",
        "PARLEY_MANAGEMENT_PORT | 1.5 | a port from 1 to 65535",
        "PARLEY_RATE_LIMITS | maybe | on or off",
        "PARLEY_SEARCH_TIME_LIMIT | 5s | a duration",
        "PARLEY_SEARCH_CONNECTIONS | 0 | a whole number from 1 to 100",
        "PARLEY_LIMITS_PAGE | 0 | a whole number from 1 to 1000",
        "PARLEY_LIMITS_ASSEMBLY | soon | a duration",
        "PARLEY_ORIGINS | * | exact origins",
        "PARLEY_LOG | xml | text or json",
        "PARLEY_JOURNAL_PARALLEL_BATCHES | 0 | a whole number from 1 to 50",
        "PARLEY_JOURNAL_PARALLEL_FROM | 0 | a whole number from 1 to 1000000",
        "PARLEY_JOURNAL_PARALLEL_FROM | some | a whole number from 1 to 1000000",
        "PARLEY_JOURNAL_BATCH_ROWS | -1 | a whole number from 1 to 1000000",
        "PARLEY_JOURNAL_QUEUE_ROWS | 0 | a whole number from 1 to 1000000",
        "PARLEY_JOURNAL_PAGE_ROWS | 0 | a whole number from 1 to 1000000",
        "PARLEY_JOURNAL_BATCH_BYTES | 0 | a size such as 4 MiB",
        "PARLEY_JOURNAL_QUEUE_BYTES | much | a size such as 4 MiB",
        "PARLEY_JOURNAL_PAGE_BYTES | -4 MiB | a size such as 4 MiB",
        "PARLEY_JOURNAL_WRITE_BOUND | soon | a duration such as 10s, up to 300s",
        "PARLEY_JOURNAL_CIRCUIT_BREAKER_MAX_FAILURES | 0 | a whole number from 1 to 1000000",
        "PARLEY_SNAPSHOT_CIRCUIT_BREAKER_RESET_TIMEOUT | -1s | a duration such as 10s",
        "PARLEY_DATABASE_ACQUIRE_TIMEOUT | 0s | a duration such as 10s, up to 300s",
        "PARLEY_DATABASE_IDLE_IN_TRANSACTION_TIMEOUT | x | a duration such as 10s, up to 300s",
        "PARLEY_FEED_WORKERS | many | a whole number from 1 to 16",
        "PARLEY_FEED_POLL_INTERVAL | 0ms | a duration such as 10s, up to 300s",
        "PARLEY_FEED_PAGE_ROWS | 0 | a whole number from 1 to 1000000",
        "PARLEY_FEED_PAGE_BYTES | none | a size such as 4 MiB",
        "PARLEY_CLUSTER_PORT | 70000 | a port from 1 to 65535",
        "PARLEY_CLUSTER_PATIENCE | 2h | a duration such as 10s, up to 3600s",
        "PARLEY_CLUSTER_SEED_NODES | node1 | host:port of nodes",
        "PARLEY_CLUSTER_SEED_NODES | node1:7355,node2:0 | host:port of nodes",
      })
  void aBadValueIsNamedWithItsVariableAndWhatIsAllowed(
      String variable, String value, String allowed) {
    assertThatThrownBy(() -> load(Map.of(variable, value)))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining(variable)
        .hasMessageContaining("\"" + value + "\"")
        .hasMessageContaining(allowed);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "chat.example.org",
        "https://chat.example.org/",
        "https://*.example.org",
        "HTTPS://chat.example.org",
        "ftp://chat.example.org",
        "https://ada@chat.example.org",
        "null",
      })
  void whatNoBrowserSendsIsNoOrigin(String origin) {
    assertThatThrownBy(() -> load(Map.of("PARLEY_ORIGINS", "https://a.example," + origin)))
        .hasMessageContaining("PARLEY_ORIGINS");
  }

  @Test
  void originsComeAsAListOrWithCommas() throws IOException {
    file("parley.origins = [\"https://a.example\", \"https://b.example:8443\"]");
    assertThat(load(Map.of()).origins())
        .containsExactly("https://a.example", "https://b.example:8443");
    assertThat(load(Map.of("PARLEY_ORIGINS", "https://c.example, http://d.example:1")).origins())
        .containsExactly("https://c.example", "http://d.example:1");
  }

  /** Whoever puts an origin together from a name and a port needn't know which port is usual. */
  @Test
  void theSchemesOwnPortIsLeftOutAsBrowsersDo() {
    String given = "https://a.example:443,http://b.example:80,https://c.example:80,https://[::443]";
    assertThat(load(Map.of("PARLEY_ORIGINS", given)).origins())
        .containsExactly(
            "https://a.example", "http://b.example", "https://c.example:80", "https://[::443]");
  }

  @Test
  void withACertificateItsOwnOriginsAreThoseOfHttps() {
    TestAuthority.named("authority").issue("node").write(home.resolve("tls"));
    Map<String, String> tls =
        Map.of("PARLEY_TLS_CERTIFICATE", "tls/node.pem", "PARLEY_TLS_KEY", "tls/node.key");
    Settings settings = load(tls);
    assertThat(settings.secure()).isTrue();
    assertThat(settings.origins()).contains("https://localhost:8080", "https://127.0.0.1:8080");
    Map<String, String> usual = new HashMap<>(tls);
    usual.put("PARLEY_PORT", "443");
    assertThat(load(usual).origins()).contains("https://localhost", "https://[::1]");
  }

  @ParameterizedTest
  @CsvSource({
    "PARLEY_TLS_KEY, PARLEY_TLS_CERTIFICATE isn't set",
    "PARLEY_TLS_CERTIFICATE, PARLEY_TLS_KEY isn't set",
    "PARLEY_CLUSTER_TLS_KEY, set all three",
    "PARLEY_CLUSTER_TLS_NAME, is for nodes that show each other certificates",
  })
  void aCertificateWithoutWhatBelongsToItIsRefused(String variable, String told) {
    assertThatThrownBy(() -> load(Map.of(variable, "/etc/hosts"))).hasMessageContaining(told);
  }

  @Test
  void faultsInCertificatesAreToldWithAllOthers() {
    assertThatThrownBy(
            () ->
                load(
                    Map.of(
                        "PARLEY_PORT", "x",
                        "PARLEY_TLS_CERTIFICATE", "no.pem",
                        "PARLEY_TLS_KEY", "no.key",
                        "PARLEY_CLUSTER_TLS_CERTIFICATE", "no.pem",
                        "PARLEY_CLUSTER_TLS_KEY", "no.key",
                        "PARLEY_CLUSTER_TLS_AUTHORITY", "none.pem")))
        .isInstanceOf(SettingsException.class)
        .hasMessageContainingAll(
            "PARLEY_PORT",
            "PARLEY_TLS_CERTIFICATE is",
            "PARLEY_TLS_KEY is",
            "PARLEY_CLUSTER_TLS_CERTIFICATE is",
            "PARLEY_CLUSTER_TLS_KEY is",
            "PARLEY_CLUSTER_TLS_AUTHORITY is \"" + home.resolve("none.pem"));
  }

  @Test
  void allFaultsAreToldAtOnce() {
    assertThatThrownBy(() -> load(Map.of("PARLEY_PORT", "x", "PARLEY_SIGN_UP", "y")))
        .hasMessageContaining("PARLEY_PORT")
        .hasMessageContaining("PARLEY_SIGN_UP");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "PARLEY_FEED_WORKERS | 3 | parley.feed.workers is 3; allowed is 1, 2, 4, 8 or 16.",
        "PARLEY_FEED_MIN_BACKOFF | 10s | must not be longer than parley.feed.max-backoff.",
        "PARLEY_DATABASE_STATEMENT_TIMEOUT | 5s | must be shorter than parley.journal.write-bound (5000 ms).",
        "PARLEY_JOURNAL_WRITE_BOUND | 8s | must be shorter than parley.journal.circuit-breaker.call-timeout",
        "PARLEY_SNAPSHOT_CIRCUIT_BREAKER_CALL_TIMEOUT | 4s | must be shorter than parley.snapshot.circuit-breaker",
      })
  void whatDoesNotFitTogetherIsToldAtTheStart(String variable, String value, String told) {
    assertThatThrownBy(() -> load(Map.of(variable, value, "PARLEY_PORT", "no")))
        .isInstanceOf(SettingsException.class)
        .hasMessageContainingAll(told, "parley.port");
  }

  @Test
  void onePortForTwoPurposesIsRefused() {
    assertThatThrownBy(() -> load(Map.of("PARLEY_PORT", "8558"))).hasMessageContaining("both 8558");
  }

  @Test
  void aMistypedKeyIsRefusedWithItsLineAndAGuess() throws IOException {
    file("parley {\n  prot = 9000\n}");
    assertThatThrownBy(() -> load(Map.of()))
        .hasMessageContaining("parley.prot")
        .hasMessageContaining("application.conf: 2")
        .hasMessageContaining("did you mean port?");
  }

  @Test
  void aMistypedKeyIsToldWithAllOtherFaults() throws IOException {
    file("parley {\n  prot = 9000\n  sign-up = perhaps\n}");
    assertThatThrownBy(() -> load(Map.of("PARLEY_PORT", "x")))
        .isInstanceOf(SettingsException.class)
        .hasMessageContainingAll("parley.prot", "sign-up", "PARLEY_PORT");
    file("parley {\n  prot = 9000\n  management = 3\n}");
    assertThatThrownBy(() -> load(Map.of()))
        .hasMessageContainingAll("parley.prot", "application.conf: 3: parley.management");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "parley = 3",
        "parley.management = 3",
        "parley.cluster = []",
        "parley.port { a = 1 }",
        "parley.port = [1]"
      })
  void whatIsNoGroupOfSettingsIsRefusedAsSuch(String text) throws IOException {
    file(text);
    assertThatThrownBy(() -> load(Map.of()))
        .isInstanceOf(SettingsException.class)
        .hasMessageContainingAll("application.conf: 1", "parley");
  }

  @Test
  void theFileMayReferToVariablesAndToItself() throws IOException {
    file("base = 9000\nparley { port = ${base}, data-dir = ${?NO_SUCH_VARIABLE_HERE} }");
    assertThat(load(Map.of()).listen().port()).isEqualTo(9000);
    file("parley.port = ${NO_SUCH_VARIABLE_HERE}");
    assertThatThrownBy(() -> load(Map.of()))
        .isInstanceOf(SettingsException.class)
        .hasMessageContainingAll("application.conf: 1", "NO_SUCH_VARIABLE_HERE");
  }

  @Test
  void aMistypedVariableIsWarnedOf() {
    assertThat(load(Map.of("PARLEY_PROT", "9000")).source().warnings())
        .singleElement()
        .asString()
        .contains("PARLEY_PROT", "did you mean PARLEY_PORT?");
  }

  @Test
  void aFileThatIsNoHoconIsRefusedWithItsLine() throws IOException {
    file("parley {\n  port = [\n");
    assertThatThrownBy(() -> load(Map.of()))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("application.conf");
  }

  @Test
  void aPasswordIsNeverShown() {
    assertThatThrownBy(() -> load(Map.of("PARLEY_DATABASE_URL", "postgresql://ada:canary@:1/x")))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("PARLEY_DATABASE_URL")
        .hasMessageNotContaining("canary");
    Settings settings =
        load(Map.of("PARLEY_DATABASE_URL", "postgresql://ada:canary@db.example:5433/chat"));
    assertThat(settings.toString()).doesNotContain("canary");
    assertThat(settings.storage().external().orElseThrow().port()).isEqualTo(5433);
    assertThat(settings.databaseUrl())
        .hasValueSatisfying(url -> assertThat(url).contains("canary"));
  }

  private Settings load(Map<String, String> environment) {
    return Settings.load(home, environment);
  }

  private void file(String text) throws IOException {
    Files.createDirectories(home.resolve("conf"));
    Files.writeString(home.resolve("conf/application.conf"), text);
  }
}

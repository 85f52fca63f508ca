package io.parley;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.parley.database.DatabaseAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Settings that are read from files, as containers are given their secrets. */
class VariableFileTest {
  private static final String URL = "postgresql://parley@db.example:5433/chat?sslmode=require";
  private static final String AWKWARD = " p@ss w:rd/%41?#é+ ";

  private final Path home;

  VariableFileTest(@TempDir Path home) {
    this.home = home;
  }

  @Test
  void aFileStandsForAnyVariableAndLosesTheLineEndThatEditorsLeave() throws IOException {
    Settings settings =
        load(
            Map.of(
                "PARLEY_PORT_FILE", write("port", "9100\n"),
                "PARLEY_ORIGINS_FILE", write("origins", " https://a.example\r\n")));
    assertThat(settings.listen().port()).isEqualTo(9100);
    assertThat(settings.origins()).containsExactly("https://a.example");
    assertThat(settings.source().warnings()).isEmpty();
  }

  @Test
  void aPasswordOfItsOwnIsTakenAsItIs() throws IOException {
    Settings settings =
        load(
            Map.of(
                "PARLEY_DATABASE_URL",
                URL,
                "PARLEY_DATABASE_PASSWORD_FILE",
                write("password", AWKWARD + "\n")));
    DatabaseAddress address = DatabaseAddress.parse(settings.databaseUrl().orElseThrow());
    assertThat(address.password()).isEqualTo(AWKWARD);
    assertThat(address.host()).isEqualTo("db.example");
    assertThat(address.security()).isEqualTo(DatabaseAddress.parse(URL).security());
    assertThat(settings.toString()).doesNotContain("p@ss");
  }

  @Test
  void twoAnswersToOneQuestionAreRefused() throws IOException {
    String file = write("secret", "canary");
    assertThatThrownBy(() -> load(Map.of("PARLEY_PORT", "1", "PARLEY_PORT_FILE", file)))
        .hasMessageContaining("PARLEY_PORT and PARLEY_PORT_FILE are both set");
    assertThatThrownBy(
            () ->
                load(
                    Map.of(
                        "PARLEY_DATABASE_URL",
                        "postgresql://ada:other@db.example/chat",
                        "PARLEY_DATABASE_PASSWORD_FILE",
                        file)))
        .hasMessageContaining("has a password already")
        .hasMessageNotContaining("canary")
        .hasMessageNotContaining("other");
    assertThatThrownBy(() -> load(Map.of("PARLEY_DATABASE_PASSWORD_FILE", file)))
        .hasMessageContaining("a PostgreSQL of your own")
        .hasMessageNotContaining("canary");
  }

  @Test
  void aFileThatCantBeUsedIsNamedWithWhatIsWrongAndNothingOfIt() throws IOException {
    assertRefused(home.resolve("absent").toString(), "no such file");
    assertRefused(home.toString(), "a folder");
    assertRefused(write("empty", " \n"), "is empty");
    assertRefused(write("long", "canary".repeat(20_000)), "more than 65536 bytes");
    Path bytes = home.resolve("bytes");
    Files.write(bytes, new byte[] {'c', 'a', 'n', 'a', 'r', 'y', (byte) 0xff});
    assertRefused(bytes.toString(), "UTF-8");
  }

  @Test
  void allFaultsAreToldAtOnceWhereverTheyAre() {
    assertThatThrownBy(
            () ->
                load(
                    Map.of(
                        "PARLEY_PORT_FILE", "/no/1",
                        "PARLEY_BIND_FILE", "/no/2",
                        "PARLEY_SIGN_UP", "perhaps")))
        .hasMessageContaining("/no/1")
        .hasMessageContaining("/no/2")
        .hasMessageContaining("perhaps");
  }

  /** It may be the file of another setting, a secret. */
  @Test
  void whatAFileHoldsIsNotShownWhenItIsRefused() throws IOException {
    String file = write("mistaken", "canary");
    assertThatThrownBy(() -> load(Map.of("PARLEY_PORT_FILE", file, "PARLEY_ORIGINS_FILE", file)))
        .hasMessageContaining("parley.port")
        .hasMessageContaining("parley.origins")
        .hasMessageContaining("PARLEY_PORT_FILE=" + file)
        .hasMessageNotContaining("canary");
  }

  @Test
  void anEmptyNameIsNotSetAndAMistypedOneIsWarnedOf() {
    Settings settings = load(Map.of("PARLEY_PORT_FILE", "", "PARLEY_PROT_FILE", "/x"));
    assertThat(settings.listen().port()).isEqualTo(8080);
    assertThat(settings.source().warnings())
        .singleElement()
        .asString()
        .contains("PARLEY_PROT_FILE is set");
  }

  private void assertRefused(String file, String because) {
    assertThatThrownBy(
            () -> load(Map.of("PARLEY_DATABASE_URL", URL, "PARLEY_DATABASE_PASSWORD_FILE", file)))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("PARLEY_DATABASE_PASSWORD_FILE names " + file)
        .hasMessageContaining(because)
        .hasMessageNotContaining("canary");
  }

  private Settings load(Map<String, String> environment) {
    return Settings.load(home, environment);
  }

  private String write(String name, String text) throws IOException {
    return Files.writeString(home.resolve(name), text).toString();
  }
}

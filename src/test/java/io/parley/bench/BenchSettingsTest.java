package io.parley.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BenchSettingsTest {

  @Test
  void withoutAWordEverythingUsualRunsOnAServerOfItsOwn() {
    BenchSettings settings = BenchSettings.parse(List.of());
    assertThat(settings.scenarios())
        .containsExactly(
            Scenario.LOW,
            Scenario.PAIRS,
            Scenario.BACKLOG,
            Scenario.IDLE,
            Scenario.STORM,
            Scenario.LONG,
            Scenario.LIMITS);
    assertThat(settings.pairs()).containsExactly(10, 100, 1_000);
    assertThat(settings.nodes()).containsExactly(1);
    assertThat(settings.marks()).containsExactly(false);
    assertThat(settings.isProfiled()).isFalse();
    assertThat(settings.running()).isEmpty();
    assertThat(settings.idleSeconds()).isEqualTo(60);
  }

  @Test
  void wordsSayWhatRunsAndHowLong() {
    BenchSettings settings =
        BenchSettings.parse(List.of("--scenario", "low,pairs", "--seconds", "2", "--pairs", "5,7"));
    assertThat(settings.scenarios()).containsExactly(Scenario.LOW, Scenario.PAIRS);
    assertThat(settings.seconds()).isEqualTo(2);
    assertThat(settings.idleSeconds()).isEqualTo(2);
    assertThat(settings.pairs()).containsExactly(5, 7);
  }

  @Test
  void clustersMarksAndAProfileAreAskedFor() {
    BenchSettings settings =
        BenchSettings.parse(List.of("--profile", "--nodes", "1,3", "--marks", "both"));
    assertThat(settings.nodes()).containsExactly(1, 3);
    assertThat(settings.marks()).containsExactly(false, true);
    assertThat(settings.isProfiled()).isTrue();
    assertThat(BenchSettings.parse(List.of("--marks", "on")).marks()).containsExactly(true);
  }

  @Test
  void threeTimesTheLoadIsOfferedWhenItIsNamed() {
    BenchSettings settings =
        BenchSettings.parse(List.of("--scenario", "overload", "--nodes", "3", "--pairs", "4000"));
    assertThat(settings.scenarios()).containsExactly(Scenario.OVERLOAD);
    assertThat(OpenFiles.tooFew(settings, 8_000)).isPresent();
  }

  @Test
  void ejabberdIsMeasuredWhenItIsNamed() {
    assertThat(BenchSettings.parse(List.of("--scenario", "pairs,ejabberd")).scenarios())
        .containsExactly(Scenario.PAIRS, Scenario.EJABBERD);
    List<Scenario> both =
        BenchSettings.parse(List.of("--scenario", "ejabberd-bare,ejabberd")).scenarios();
    assertThat(EjabberdSetup.among(both))
        .containsExactly(EjabberdSetup.SHIPPED, EjabberdSetup.STRIPPED);
    assertThat(EjabberdSetup.among(List.of(Scenario.PAIRS, Scenario.EJABBERD_BARE)))
        .containsExactly(EjabberdSetup.STRIPPED);
  }

  @Test
  void aServerThatRunsIsNamedWithItsDatabase() {
    BenchSettings settings =
        BenchSettings.parse(
            List.of("--url", "http://10.0.0.1:8080", "--database", "postgresql://a:b@c:1/d"));
    assertThat(settings.running())
        .contains(
            new BenchSettings.Running(
                URI.create("http://10.0.0.1:8080"), "postgresql://a:b@c:1/d"));
  }

  @Test
  void helpAndTheListAreAnswered() {
    assertThat(BenchSettings.answer(List.of("--help"))).contains(BenchSettings.USAGE);
    assertThat(BenchSettings.answer(List.of("--list")).orElseThrow())
        .contains("low ", "pairs ", "backlog ", "idle ", "storm ", "long ", "limits ", "ejabberd ")
        .contains("ejabberd-bare ");
    assertThat(BenchSettings.answer(List.of("--pairs", "5"))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--fast                         | The bench doesn't know --fast",
        "--scenario                     | --scenario wants a value",
        "--scenario low,fast            | There is no scenario fast; ./parley bench --list",
        "--scenario low,                | There is no scenario without a name",
        "--seconds soon                 | --seconds takes a whole number from 1 to 3600, not soon",
        "--seconds 0                    | --seconds takes a whole number from 1 to 3600, not 0",
        "--pairs 10,,20                 | --pairs takes a whole number from 1 to 10000, not nothing",
        "--pairs 10001                  | not 10001",
        "--nodes 0                      | --nodes takes a whole number from 1 to 9, not 0",
        "--nodes                        | --nodes wants a value",
        "--marks some                   | --marks takes off, on or both, not some",
        "--profile yes                  | The bench doesn't know yes",
        "--nodes 3 --url http://a:1 --database postgresql://a | --nodes is for nodes that the bench",
        "--profile --url http://a:1 --database postgresql://a | --profile is for nodes that",
        "--events 150                   | --events takes hundreds",
        "--url http://a:1               | --url and --database go together",
        "--database postgresql://a      | --url and --database go together",
        "--url https://a:1 --database postgresql://a | --url takes http://host:port",
        "--url http://a --database postgresql://a    | --url takes http://host:port",
        "--scenario ejabberd --url http://a:1 --database postgresql://a | not with --url",
        "--scenario ejabberd-bare --url http://a:1 --database postgresql://a | not with --url",
        "--url a:b:c --database postgresql://a       | --url takes http://host:port",
        "--url http://a:1 --database mysql://a       | --database takes postgresql://",
      })
  void whatCantBeMeantIsRefusedInWords(String words, String told) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> BenchSettings.parse(List.of(words.split(" ", -1))))
        .withMessageContaining(told);
  }
}

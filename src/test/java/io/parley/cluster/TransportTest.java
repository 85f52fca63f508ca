package io.parley.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TransportTest {
  private static final String OLD = "0ld".repeat(20);
  private static final String NEW = "2ew".repeat(20);
  private static final Transport OF_OLD = transport(OLD, OLD);

  @Test
  void whatWasWrittenDownIsRead() {
    Transport two = transport(OLD, OLD, NEW);
    assertThat(Transport.parse(two.text())).contains(two);
    assertThat(Transport.parse(Transport.PLAIN.text())).contains(Transport.PLAIN);
  }

  @Test
  void whatALaterBuildMayWriteSaysNothing() {
    assertThat(Transport.parse("quic and more")).isEmpty();
  }

  @Test
  void thoseWhoSpeakAlikeAndTrustEachOtherHaveNoObstacle() {
    assertThat(Transport.PLAIN.obstacle(Transport.PLAIN)).isEmpty();
    assertThat(OF_OLD.obstacle(OF_OLD)).isEmpty();
  }

  @Test
  void oneWithAndOneWithoutTlsAreToldWhichIsWhich() {
    assertThat(Transport.PLAIN.obstacle(OF_OLD).orElseThrow()).contains("this one doesn't: set");
    assertThat(OF_OLD.obstacle(Transport.PLAIN).orElseThrow()).contains("speaks without TLS");
  }

  @Test
  void anAuthorityGivesPlaceToAnotherOneThroughATimeOfBoth() {
    Transport both = transport(OLD, OLD, NEW);
    Transport bothByNew = transport(NEW, OLD, NEW);
    Transport ofNew = transport(NEW, NEW);
    assertThat(both.obstacle(OF_OLD)).isEmpty();
    assertThat(bothByNew.obstacle(both)).isEmpty();
    assertThat(ofNew.obstacle(bothByNew)).isEmpty();
    assertThat(bothByNew.obstacle(OF_OLD).orElseThrow()).contains("doesn't trust the authority");
    assertThat(ofNew.obstacle(both).orElseThrow()).contains("this node doesn't trust");
  }

  @Test
  void namesThatWereWrittenDownAreRead() {
    for (Transport one :
        List.of(
            named("", Set.of()),
            named("parley", Set.of("parley")),
            named("parley", Set.of("parley", "a.example", "b.example")))) {
      assertThat(Transport.parse(one.text())).contains(one);
    }
    assertThat(named("parley", Set.of("parley", "a.example")).text())
        .isEqualTo("tls " + OLD + " " + OLD + ",names:parley:a.example:parley");
  }

  @Test
  void aBuildThatKnowsNoNamesReadsARowThatHasThem() {
    // As it took the row apart: three parts, the last one a set that it looks for authorities in.
    String[] parts = named("parley", Set.of("parley", "a.example")).text().split(" ", -1);
    assertThat(parts).hasSize(3).startsWith("tls", OLD);
    assertThat(parts[2].split(",", -1)).contains(OLD);
  }

  @Test
  void aRowWithoutNamesIsNoReasonToRefuse() {
    Transport before = Transport.parse("tls " + OLD + " " + OLD).orElseThrow();
    assertThat(before).isEqualTo(OF_OLD);
    Transport named = named("parley", Set.of("parley"));
    assertThat(named.obstacle(before)).isEmpty();
    assertThat(before.obstacle(named)).isEmpty();
  }

  @Test
  void whoeverLacksANameThatTheOtherWantsIsToldWhatIsSetHereAndThere() {
    Transport named = named("parley", Set.of("parley"));
    Transport printer = named("", Set.of("printer"));
    Transport other = named("chat", Set.of("chat"));
    assertThat(printer.obstacle(named).orElseThrow())
        .contains(
            "PARLEY_CLUSTER_TLS_NAME is not set here and parley there",
            "this node's certificate doesn't carry the DNS name parley: give this node one");
    assertThat(named.obstacle(printer).orElseThrow())
        .contains(
            "PARLEY_CLUSTER_TLS_NAME is parley here and not set there",
            "its certificate doesn't carry the DNS name parley: set here what is set there");
    assertThat(other.obstacle(named).orElseThrow())
        .contains("PARLEY_CLUSTER_TLS_NAME is chat here and parley there");
  }

  @Test
  void aNameIsBroughtInAndChangedAtOneNodeAfterTheOther() {
    Transport without = named("", Set.of("chat", "parley"));
    Transport chat = named("chat", Set.of("chat", "parley"));
    Transport parley = named("parley", Set.of("chat", "parley"));
    assertThat(chat.obstacle(without)).isEmpty();
    assertThat(without.obstacle(chat)).isEmpty();
    assertThat(parley.obstacle(chat)).isEmpty();
    assertThat(chat.obstacle(parley)).isEmpty();
  }

  /** Of a build that doesn't tell names. */
  private static Transport transport(String signedBy, String... trusted) {
    return new Transport(signedBy, Set.of(trusted), Optional.empty());
  }

  private static Transport named(String wanted, Set<String> carried) {
    Optional<String> name = Optional.of(wanted).filter(one -> !one.isEmpty());
    return new Transport(OLD, Set.of(OLD), Optional.of(new CarriedNames(name, carried)));
  }
}

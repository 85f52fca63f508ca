package io.parley.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;

class TransportTest {
  private static final String OLD = "0ld".repeat(20);
  private static final String NEW = "2ew".repeat(20);
  private static final Transport OF_OLD = new Transport(OLD, Set.of(OLD));

  @Test
  void whatWasWrittenDownIsRead() {
    Transport two = new Transport(OLD, Set.of(OLD, NEW));
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
    Transport both = new Transport(OLD, Set.of(OLD, NEW));
    Transport bothByNew = new Transport(NEW, Set.of(OLD, NEW));
    Transport ofNew = new Transport(NEW, Set.of(NEW));
    assertThat(both.obstacle(OF_OLD)).isEmpty();
    assertThat(bothByNew.obstacle(both)).isEmpty();
    assertThat(ofNew.obstacle(bothByNew)).isEmpty();
    assertThat(bothByNew.obstacle(OF_OLD).orElseThrow()).contains("doesn't trust the authority");
    assertThat(ofNew.obstacle(both).orElseThrow()).contains("this node doesn't trust");
  }
}

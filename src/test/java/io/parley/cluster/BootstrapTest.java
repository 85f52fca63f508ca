package io.parley.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.cluster.Bootstrap.Ask;
import io.parley.cluster.Bootstrap.Beat;
import io.parley.cluster.Bootstrap.Form;
import io.parley.cluster.Bootstrap.Step;
import io.parley.cluster.Bootstrap.Twin;
import io.parley.cluster.Bootstrap.Wait;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class BootstrapTest {
  private static final Optional<Transport> PLAIN = Optional.of(Transport.PLAIN);
  private static final String SELF = "10.0.0.1:7355";
  private static final String PEER = "10.0.0.2:7355";
  private static final String THIRD = "10.0.0.3:7355";

  private final Bootstrap bootstrap = new Bootstrap(SELF);

  @Test
  void anEmptyTableIsNoReasonToWait() {
    assertThat(bootstrap.look(List.of())).isEqualTo(new Form(List.of()));
  }

  @Test
  void whoeverHasJustBeatenIsAskedAtOnce() {
    assertThat(bootstrap.look(List.of(beat(PEER, 5, true)))).isEqualTo(new Ask(List.of(PEER)));
  }

  @Test
  void anOldBeatIsNoProofThatItsMemberIsGone() {
    // After an outage of PostgreSQL every beat is old, and everyone alive.
    assertThat(bootstrap.look(List.of(beat(PEER, 5, false)))).isEqualTo(new Wait());
    assertThat(bootstrap.look(List.of(beat(PEER, 6, true)))).isEqualTo(new Ask(List.of(PEER)));
  }

  @Test
  void aBeatThatStandsStillLongEnoughIsProof() {
    List<Beat> table = List.of(beat(PEER, 5, false));
    for (int i = 0; i < Bootstrap.LOOKS_UNTIL_GONE; i++) {
      assertThat(bootstrap.look(table)).isEqualTo(new Wait());
    }
    assertThat(bootstrap.look(table)).isEqualTo(new Form(table));
  }

  @Test
  void oneWhoseConnectionIsLostIsGoneSooner() {
    List<Beat> table = List.of(new Beat(PEER, 1, 5, false, false, PLAIN));
    for (int i = 0; i < Bootstrap.LOOKS_UNTIL_GONE_UNHELD; i++) {
      assertThat(bootstrap.look(table)).isEqualTo(new Wait());
    }
    assertThat(bootstrap.look(table)).isEqualTo(new Form(table));
  }

  @Test
  void oneWhoBeatsKeepsEverybodyFromFormingAnotherCluster() {
    for (int i = 0; i < 100; i++) {
      // A beat every fourth look.
      Step step = bootstrap.look(List.of(beat(PEER, i / 4, false), beat(THIRD, 9, false)));
      assertThat(step).isNotInstanceOf(Form.class);
    }
  }

  @Test
  void aLookThatFailedBeginsTheProofAnew() {
    List<Beat> table = List.of(beat(PEER, 5, false));
    for (int i = 0; i < 50; i++) {
      assertThat(bootstrap.look(table)).isEqualTo(new Wait());
      if (i % Bootstrap.LOOKS_UNTIL_GONE == 0) {
        bootstrap.lookFailed();
      }
    }
  }

  @Test
  void aMemberThatStopsBeatingIsNotAskedForLong() {
    List<Beat> table = List.of(beat(PEER, 5, true));
    for (int i = 0; i < 6; i++) {
      assertThat(bootstrap.look(table)).isEqualTo(new Ask(List.of(PEER)));
    }
    assertThat(bootstrap.look(table)).isEqualTo(new Wait());
  }

  @Test
  void theProcessBeforeAtTheSameAddressIsNobodyToAsk() {
    assertThat(bootstrap.look(List.of(beat(SELF, 5, true)))).isEqualTo(new Wait());
    assertThat(bootstrap.look(List.of(beat(SELF, 5, true), beat(PEER, 3, true))))
        .isEqualTo(new Ask(List.of(PEER)));
  }

  @Test
  void theLastBeatOfTheProcessBeforeMayComeLateAndIsNoTwin() {
    bootstrap.look(List.of(beat(SELF, 5, true)));
    List<Beat> table = List.of(beat(SELF, 6, true));
    for (int i = 0; i <= Bootstrap.LOOKS_UNTIL_GONE - 1; i++) {
      assertThat(bootstrap.look(table)).isEqualTo(new Wait());
    }
    assertThat(bootstrap.look(table)).isEqualTo(new Form(table));
  }

  @Test
  void anotherProcessThatBeatsAtTheSameAddressIsFoundOut() {
    bootstrap.look(List.of(beat(SELF, 5, true)));
    bootstrap.look(List.of(beat(SELF, 6, true)));
    assertThat(bootstrap.look(List.of(beat(SELF, 7, true)))).isEqualTo(new Twin());
  }

  private static Beat beat(String address, long beats, boolean isFresh) {
    return new Beat(address, 1, beats, isFresh, true, PLAIN);
  }
}

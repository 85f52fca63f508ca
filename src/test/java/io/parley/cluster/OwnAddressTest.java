package io.parley.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class OwnAddressTest {

  @Test
  void towardsAnAddressOfItsOwnAMachineSpeaksFromThatOne() {
    Optional<String> own = OwnAddress.find();
    assumeThat(own).as("this machine has a network").isPresent();
    assertThat(OwnAddress.towards(own.get())).isEqualTo(own);
  }

  @Test
  void whatOthersCantReachIsNotOffered() {
    assertThat(OwnAddress.towards("127.0.0.1")).isEmpty();
    assertThat(OwnAddress.towards("::1")).isEmpty();
    assertThat(OwnAddress.towards("no.such.invalid")).isEmpty();
  }
}

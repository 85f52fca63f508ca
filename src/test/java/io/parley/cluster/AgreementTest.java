package io.parley.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class AgreementTest {

  @Test
  void whatWasWrittenDownIsRead() {
    Agreement agreement = new Agreement(Map.of("shards", "128", "workers", "4"));
    assertThat(Agreement.parse(agreement.text())).isEqualTo(agreement);
  }

  @Test
  void eachDifferenceIsNamedWithBothValues() {
    assertThat(
            new Agreement(Map.of("shards", "64", "workers", "4"))
                .differences(new Agreement(Map.of("shards", "128", "workers", "4"))))
        .containsExactly("shards is 64 here and 128 there");
  }

  @Test
  void aSettingThatOneBuildDoesNotKnowIsNoDifference() {
    assertThat(
            new Agreement(Map.of("shards", "128", "newer", "1"))
                .differences(new Agreement(Map.of("shards", "128", "older", "2"))))
        .isEmpty();
  }
}

package io.parley.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.testing.TestAuthority;
import io.parley.tls.TlsFiles;
import io.parley.tls.TlsIdentity;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CarriedNamesTest {
  private final TestAuthority authority = TestAuthority.named("nodes");
  private final Path folder;

  CarriedNamesTest(@TempDir Path folder) {
    this.folder = folder;
  }

  @Test
  void aNameIsTheSameHoweverItIsWritten() {
    CarriedNames one = names("Parley-Node", "parley-NODE");
    assertThat(one.text()).isEqualTo("names:parley-node:localhost:parley-node");
    assertThat(names("PARLEY-NODE", "parley-node").obstacle(one)).isEmpty();
    assertThat(one.obstacle(names("printer", "printer"))).isPresent();
  }

  @Test
  void whatStandsBetweenThePartsOfARowIsNoPartOfAName() {
    String odd = "a b:c;d";
    CarriedNames one = names(odd, odd);
    assertThat(one.text()).isEqualTo("names:a+b%3Ac%3Bd:a+b%3Ac%3Bd:localhost");
    assertThat(CarriedNames.parse(one.text())).contains(one);
  }

  /** Of a node that is set to {@code wanted}, with a certificate of {@code subject}. */
  private CarriedNames names(String wanted, String subject) {
    authority.issue(subject).write(folder);
    TestAuthority.write(folder.resolve("authority.pem"), authority.pem());
    return CarriedNames.of(
        TlsIdentity.read(
            new TlsFiles(
                "PARLEY_CLUSTER_TLS",
                folder.resolve("node.pem"),
                folder.resolve("node.key"),
                Optional.of(folder.resolve("authority.pem")),
                Optional.of(wanted)),
            Instant.now()));
  }
}

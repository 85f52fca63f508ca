package io.parley.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.parley.database.TransportSecurity.Mode;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DatabaseUrlTest {

  @Test
  void readsEveryPart() {
    DatabaseAddress address =
        DatabaseAddress.parse(
            "postgresql://parley:p%40ss%2Fw%3Ard%C3%A9@db.example:6543/chat%20db"
                + "?sslmode=verify-full&sslrootcert=%2Fetc%2Fca.pem");

    assertThat(address.host()).isEqualTo("db.example");
    assertThat(address.port()).isEqualTo(6543);
    assertThat(address.name()).isEqualTo("chat db");
    assertThat(address.user()).isEqualTo("parley");
    assertThat(address.password()).isEqualTo("p@ss/w:rdé");
    assertThat(address.security().mode()).isEqualTo(Mode.VERIFY_FULL);
    assertThat(address.security().rootCertificate()).contains(Path.of("/etc/ca.pem"));
  }

  @Test
  void leavesOutWhatMayBeLeftOut() {
    DatabaseAddress address = DatabaseAddress.parse("postgres://parley@[::1]/parley");

    assertThat(address.host()).isEqualTo("::1");
    assertThat(address.port()).isEqualTo(5432);
    assertThat(address.password()).isEmpty();
    assertThat(address.security()).isEqualTo(TransportSecurity.DISABLED);
    assertThat(address.jdbcUrl()).isEqualTo("jdbc:postgresql://[::1]:5432/parley?sslmode=disable");
  }

  @Test
  void aPasswordThatNobodyEscapedDoesNotMoveTheHost() {
    DatabaseAddress address = DatabaseAddress.parse("postgresql://u:a@b:c?d/e#f@host/name");

    assertThat(address.password()).isEqualTo("a@b:c?d/e#f");
    assertThat(address.host()).isEqualTo("host");
  }

  @Test
  void anAddressIsWrittenAsItIsRead() {
    TransportSecurity security =
        new TransportSecurity(Mode.VERIFY_FULL, Optional.of(Path.of("/etc/c a@1.pem")));
    for (String host : List.of("db.example", "::1")) {
      DatabaseAddress address =
          new DatabaseAddress(host, 6543, "chat db", "a:da", "p@ss w:rd/%41?#é+", security);
      assertThat(DatabaseAddress.parse(address.url())).isEqualTo(address);
      DatabaseAddress without = address.withPassword("");
      assertThat(DatabaseAddress.parse(without.url())).isEqualTo(without);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "mysql://u:secret@h/n | must begin with postgresql://",
        "h:5432/n | must begin with postgresql://",
        "postgresql://h:5432/n | needs a user before the host",
        "postgresql://:secret@h/n | has an empty user",
        "postgresql://u:secret@/n | has an empty host",
        "postgresql://u:secret@h | needs a database name",
        "postgresql://u:secret@h/ | needs a database name",
        "postgresql://u:secret@h/n/m | has more than a database name",
        "postgresql://u:secret@h:x/n | has a port that isn't a number",
        "postgresql://u:secret@h:0/n | has a port outside 1 to 65535",
        "postgresql://u:secret@h:65536/n | has a port outside 1 to 65535",
        "postgresql://u:secret@[::1/n | has an IPv6 host without its closing bracket",
        "postgresql://u:secret%zz@h/n | has a % without two hex digits in the password",
        "postgresql://u:secret%ff@h/n | doesn't decode to UTF-8 in the password",
        "postgresql://u:secret@h/n?sslmode=prefer | has an sslmode other than",
        "postgresql://u:secret@h/n?ssl=true | has a parameter other than",
        "postgresql://u:secret@h/n?sslrootcert=/a | has an sslrootcert, which only sslmode=verify-full looks at",
      })
  void namesThePartAtFaultAndNeverThePassword(String url, String fault) {
    assertThatThrownBy(() -> DatabaseAddress.parse(url))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("The database URL " + fault.split(" ", 2)[0])
        .hasMessageContaining(fault)
        .hasMessageNotContaining("secret")
        .hasNoCause();
  }

  @Test
  void neverPrintsThePassword() {
    DatabaseAddress address = DatabaseAddress.parse("postgresql://u:secret@h/n");

    assertThat(address).hasToString("u@h:5432/n");
    assertThat(address.jdbcUrl()).doesNotContain("secret");
  }
}

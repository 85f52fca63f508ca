package io.parley.account;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Base64;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class Argon2Test {
  /** From the test suite of the reference implementation, Argon2id, version 1.3. */
  @ParameterizedTest
  @CsvSource({
    "65536,2,1,password,somesalt,"
        + "09316115d5cf24ed5a15a31a3ba326e5cf32edc24702987c02b6566f61913cf7",
    "256,2,1,password,somesalt,"
        + "9dfeb910e80bad0311fee20f9c0e2b12c17987b4cac90c2ef54d5b3021c68bfe",
    "256,2,2,password,somesalt,"
        + "6d093c501fd5999645e0ea3bf620d7b8be7fd2db59c20d9fff9539da2bf57037",
    "65536,1,1,password,somesalt,"
        + "f6a5adc1ba723dddef9b5ac1d464e180fcd9dffc9d1cbf76cca2fed795d9ca98",
    "65536,2,1,differentpassword,somesalt,"
        + "0b84d652cf6b0c4beaef0dfe278ba6a80df6696281d7e0d2891b817d8c458fde",
    "65536,2,1,password,diffsalt,"
        + "bdf32b05ccc42eb15d58fd19b1f856b113da1e9a5874fdcc544308565aa8141c"
  })
  void agreesWithTheReferenceImplementation(
      int memoryKib, int passes, int lanes, String password, String salt, String hash) {
    String phc =
        "$argon2id$v=19$m=%d,t=%d,p=%d$%s$%s"
            .formatted(
                memoryKib,
                passes,
                lanes,
                base64(salt.getBytes(UTF_8)),
                base64(HexFormat.of().parseHex(hash)));

    assertThat(Argon2.matches(phc, password)).isTrue();
    assertThat(Argon2.matches(phc, password + "x")).isFalse();
  }

  @Test
  void whatIsStoredSaysNineteenMebibytesTwoPassesOneLane() {
    String phc = Argon2.RECOMMENDED.encode("correct horse battery", new byte[16]);

    assertThat(phc).startsWith("$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$");
    assertThat(Argon2.matches(phc, "correct horse battery")).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "plain",
        "$argon2i$v=19$m=256,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHApl8ArZWb2GRPPc",
        "$argon2id$v=16$m=256,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHApl8ArZWb2GRPPc",
        "$argon2id$v=19$m=99999999,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHApl8ArZWb2G"
      })
  void anotherAlgorithmOrGarbageInTheTableIsAFaultAndNotAWrongPassword(String phc) {
    assertThatThrownBy(() -> Argon2.matches(phc, "x")).isInstanceOf(IllegalArgumentException.class);
  }

  private static String base64(byte[] bytes) {
    return Base64.getEncoder().withoutPadding().encodeToString(bytes);
  }
}

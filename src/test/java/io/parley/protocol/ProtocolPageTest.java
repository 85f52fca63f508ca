package io.parley.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.model.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** docs/protocol.md has a true row for every code, and every example of a frame in it is known. */
class ProtocolPageTest {
  private static String page = "";

  @BeforeAll
  static void read() throws IOException {
    page = Files.readString(Path.of("docs", "protocol.md"));
  }

  @ParameterizedTest
  @EnumSource
  void anErrorIsToldWithItsStatusAndWhetherToRetry(ErrorCode code) {
    assertThat(page)
        .contains(
            "\n| `%s` | %s | %d | "
                .formatted(code.code(), code.retryable() ? "yes" : "no", Problem.status(code)));
  }

  @ParameterizedTest
  @EnumSource
  void aGoodbyeIsToldWithWhetherToComeBack(ByeCode code) {
    assertThat(page)
        .contains("\n| `%s` | %s | ".formatted(code.code(), code.reconnect() ? "yes" : "no"));
  }

  @Test
  void everyTypeOfFrameIsMentioned() {
    Examples.in("client").forEach(name -> assertMentioned(Examples.schemaOf(name)));
    Examples.in("server").forEach(name -> assertMentioned(Examples.schemaOf(name)));
  }

  private static void assertMentioned(String type) {
    assertThat(page).containsAnyOf("`" + type + "`", "`" + type + " ", "\"t\":\"" + type + "\"");
  }
}

package io.parley.model;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class MessageTextTest {
  private static final int CODE_POINTS = 8_000;
  private static final int BYTES = 16_384;

  /** The web client reads the same lines: protocol/examples/text. */
  @ParameterizedTest
  @MethodSource("examples")
  void bothSidesRefuseTheSameTexts(JsonNode example) {
    String text = example.get("text").textValue().repeat(example.path("times").asInt(1));
    String refusal = example.get("refusal").textValue();
    assertThat(refusal(text).map(ErrorCode::code)).isEqualTo(Optional.ofNullable(refusal));
  }

  static Stream<JsonNode> examples() throws IOException {
    Path file = Path.of("protocol", "examples", "text", "message.jsonl");
    List<JsonNode> examples = new ArrayList<>();
    for (String line : Files.readAllLines(file)) {
      examples.add(new ObjectMapper().readTree(line));
    }
    return examples.stream();
  }

  @Test
  void everyControlButTabAndLineFeedIsRefused() {
    for (int c = 0; c <= 0x9f; c++) {
      if (Character.isISOControl(c)) {
        boolean allowed = c == '\t' || c == '\n';
        assertThat(refusal("a" + Character.toString(c)))
            .as("U+%04X", c)
            .isEqualTo(allowed ? Optional.empty() : Optional.of(ErrorCode.INVALID_TEXT));
      }
    }
  }

  @Test
  void everyNoncharacterIsRefused() {
    for (int plane = 0; plane <= 16; plane++) {
      assertThat(refusal("a" + Character.toString(plane * 0x10000 + 0xfffe)))
          .contains(ErrorCode.INVALID_TEXT);
      assertThat(refusal("a" + Character.toString(plane * 0x10000 + 0xffff)))
          .contains(ErrorCode.INVALID_TEXT);
    }
    for (int c = 0xfdd0; c <= 0xfdef; c++) {
      assertThat(refusal("a" + Character.toString(c))).contains(ErrorCode.INVALID_TEXT);
    }
  }

  @Test
  void theLimitsAreReachedAndNotPassed() {
    assertThat(refusal("a".repeat(CODE_POINTS))).isEmpty();
    assertThat(refusal("a".repeat(CODE_POINTS + 1))).contains(ErrorCode.TOO_LONG);
    assertThat(refusal("\ud83d\ude00".repeat(BYTES / 4))).isEmpty();
    assertThat(refusal("\ud83d\ude00".repeat(BYTES / 4) + "a")).contains(ErrorCode.TOO_LONG);
    assertThat(refusal("\u20ac".repeat(BYTES / 3))).isEmpty();
    assertThat(refusal("\u20ac".repeat(BYTES / 3 + 1))).contains(ErrorCode.TOO_LONG);
  }

  @Test
  void tooLongWinsOverTheRest() {
    assertThat(refusal("\u0000".repeat(CODE_POINTS + 1))).contains(ErrorCode.TOO_LONG);
    assertThat(refusal(" ".repeat(CODE_POINTS + 1))).contains(ErrorCode.TOO_LONG);
  }

  @Test
  void lengthsInBytesAreThoseOfUtf8() {
    for (String text :
        new String[] {"", "a", "\u00e9", "\u07ff\u0800", "\uffff", "a\ud83d\ude00"}) {
      assertThat(MessageText.utf8Length(text))
          .isEqualTo(text.getBytes(StandardCharsets.UTF_8).length);
    }
  }

  @Test
  void aPreviewNeverSplitsACharacter() {
    assertThat(MessageText.preview("ab\ud83d\ude00c", 3)).isEqualTo("ab\ud83d\ude00");
    assertThat(MessageText.preview("ab\ud83d\ude00", 2)).isEqualTo("ab");
    assertThat(MessageText.preview("\ud83d\ude00\ud83d\ude00", 2)).hasSize(4);
    assertThat(MessageText.preview("", 2)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\ud83d\ude00", // a face
        "\u2764\ufe0f", // a heart, shown as emoji
        "\ud83d\udc4d\ud83c\udffd", // a thumb with a skin tone
        "\ud83d\udc68\u200d\ud83d\udc69\u200d\ud83d\udc67\u200d\ud83d\udc66", // a family
        "\ud83d\udc69\ud83c\udffd\u200d\ud83d\ude80", // an astronaut with a skin tone
        "\ud83c\udff3\ufe0f\u200d\ud83c\udf08", // the rainbow flag
        "\ud83c\uddeb\ud83c\uddf7", // the flag of a country
        "\ud83c\udff4\udb40\udc67\udb40\udc62\udb40\udc65\udb40\udc6e\udb40\udc67\udb40\udc7f",
        "1\ufe0f\u20e3", // a keycap
        "a",
        "e\u0301",
        "\ud55c"
      })
  void oneGraphemeClusterIsAReaction(String text) {
    assertThat(MessageText.isEmoji(text)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "\n",
        "\r\n",
        "\t",
        "\u200d",
        "\ufe0f",
        "\ud83d",
        "ab",
        "a ",
        "\ud83d\ude00\ud83d\ude00",
        "\ud83d\ude00a",
        "\ud83c\uddeb\ud83c\uddf7\ud83c\uddeb\ud83c\uddf7",
        "\ud83d\udc4d\ud83c\udffd\ud83d\udc4d",
        "\ud83d\ude00\u0000"
      })
  void anythingElseIsNot(String text) {
    assertThat(MessageText.isEmoji(text)).isFalse();
  }

  @Test
  void aClusterWithoutAnEndIsNotAReaction() {
    assertThat(MessageText.isEmoji("e" + "\u0301".repeat(31))).isTrue();
    assertThat(MessageText.isEmoji("e" + "\u0301".repeat(32))).isFalse();
    assertThat(MessageText.isEmoji("e" + "\u0301".repeat(100_000))).isFalse();
  }

  private static Optional<ErrorCode> refusal(String text) {
    return MessageText.refusal(text, CODE_POINTS, BYTES);
  }
}

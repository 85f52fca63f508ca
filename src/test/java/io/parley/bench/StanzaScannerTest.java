package io.parley.bench;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StanzaScannerTest {
  private static final String MESSAGE =
      "<message to='a@b/c' type='chat'><body>1 2 3 fox</body><stanza-id by='a' id='7'/></message>";

  private static byte[] bytes(String xml) {
    return xml.getBytes(ISO_8859_1);
  }

  /** All that is there whole. */
  private static List<String> elements(String xml) {
    List<String> elements = new ArrayList<>();
    byte[] bytes = bytes(xml);
    int from = 0;
    int end = StanzaScanner.end(bytes, from, bytes.length);
    while (end >= 0) {
      elements.add(new String(bytes, from, end - from, ISO_8859_1));
      from = end;
      end = StanzaScanner.end(bytes, from, bytes.length);
    }
    return elements;
  }

  @Test
  void stanzasThatCameTogetherAreToldApart() {
    assertThat(elements(MESSAGE + "<r xmlns='urn:xmpp:sm:3'/>" + MESSAGE + "<a h='1'/>"))
        .containsExactly(MESSAGE, "<r xmlns='urn:xmpp:sm:3'/>", MESSAGE, "<a h='1'/>");
  }

  @Test
  void theStreamsOpeningAndItsEndStandByThemselves() {
    String opening = "<stream:stream id='1' from='localhost'>";
    String features = "<stream:features><bind><required/></bind></stream:features>";
    assertThat(elements("<?xml version='1.0'?>" + opening + features + "</stream:stream>"))
        .containsExactly("<?xml version='1.0'?>", opening, features, "</stream:stream>");
  }

  @Test
  void whatIsntThereWholeIsAwaited() {
    byte[] bytes = bytes(MESSAGE);
    for (int to = 0; to < bytes.length; to++) {
      assertThat(StanzaScanner.end(bytes, 0, to)).as("of %d bytes", to).isEqualTo(-1);
    }
    assertThat(StanzaScanner.end(bytes, 0, bytes.length)).isEqualTo(bytes.length);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<a><a></a></a>",
        "<a b='>' c=\"/>\"><d/></a>",
        "<a b=\"it's\"/>",
        "<a>1 &lt; 2</a>",
        "<a\n/>",
      })
  void oneElementIsOne(String xml) {
    assertThat(elements(xml + "<next>")).containsExactly(xml);
  }

  @Test
  void spaceThatKeepsALineUpBelongsToWhatFollows() {
    byte[] bytes = bytes(" \n<a h='1'/>");
    int end = StanzaScanner.end(bytes, 0, bytes.length);
    assertThat(end).isEqualTo(bytes.length);
    assertThat(StanzaScanner.isNamed(bytes, StanzaScanner.start(bytes, 0, end), "a")).isTrue();
  }

  @Test
  void aNameIsAWholeName() {
    byte[] bytes = bytes("<auth/>");
    assertThat(StanzaScanner.isNamed(bytes, 0, "a")).isFalse();
    assertThat(StanzaScanner.isNamed(bytes, 0, "auth")).isTrue();
    assertThat(StanzaScanner.isNamed(bytes, 0, "authenticated")).isFalse();
  }

  @Test
  void attributesAreOfTheFirstTag() {
    byte[] bytes = bytes("<a th='1' h='22' x=\"3\"><b y='4'/></a>");
    assertThat(StanzaScanner.attribute(bytes, 0, bytes.length, "h")).isEqualTo("22");
    assertThat(StanzaScanner.attribute(bytes, 0, bytes.length, "x")).isEqualTo("3");
    assertThat(StanzaScanner.attribute(bytes, 0, bytes.length, "y")).isEmpty();
  }

  @Test
  void theTextOfAMessageIsThatOfItsBody() {
    byte[] bytes = bytes(MESSAGE);
    assertThat(StanzaScanner.text(bytes, 0, bytes.length, "body")).isEqualTo("1 2 3 fox");
    assertThat(StanzaScanner.text(bytes, 0, bytes.length, "subject")).isEmpty();
  }

  @Test
  void ofWhatFollowsNothingIsTaken() {
    byte[] bytes = bytes("<message/>" + MESSAGE);
    assertThat(StanzaScanner.text(bytes, 0, "<message/>".length(), "body")).isEmpty();
  }
}

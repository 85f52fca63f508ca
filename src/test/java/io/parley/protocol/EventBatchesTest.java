package io.parley.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.parley.model.ConversationEvent;
import io.parley.model.ConversationId;
import io.parley.model.ConversationSummary;
import io.parley.model.ConversationSummary.LastMessage;
import io.parley.model.Limits;
import io.parley.model.Marks;
import io.parley.model.MessageText;
import io.parley.model.Operation;
import io.parley.model.OutboxNumber;
import io.parley.model.Person;
import io.parley.model.SequencedEvent;
import io.parley.model.UserId;
import io.parley.testing.Schemas;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class EventBatchesTest {
  private static final int FRAME = Limits.DEFAULT.frames().frameBytes();
  private static final int TEXT_BYTES = Limits.DEFAULT.text().utf8Bytes();
  private static final long MAX = Fields.MAX_INTEGER;
  private static final String LONGEST_ID = "0".repeat(30);
  private static final ConversationId CONVERSATION = ConversationId.parse("c_" + LONGEST_ID);
  private static final UserId BY = UserId.parse("u_" + LONGEST_ID);

  private final EventBatches frames = EventBatches.forFrames(Limits.DEFAULT);
  private final FrameCodec codec = new FrameCodec(Limits.DEFAULT);

  /** Every text that JSON could make longer, as long as the limit in bytes alone allows it. */
  static Stream<String> worstTexts() {
    return Stream.of(
        "\"".repeat(TEXT_BYTES),
        "\\".repeat(TEXT_BYTES),
        "\t".repeat(TEXT_BYTES - 1) + "x",
        "\n".repeat(TEXT_BYTES - 1) + "x",
        "\"\\".repeat(TEXT_BYTES / 2),
        "\u2028".repeat(TEXT_BYTES / 3),
        "\ud83d\ude00".repeat(TEXT_BYTES / 4));
  }

  @ParameterizedTest
  @MethodSource("worstTexts")
  void oneEventAlwaysFitsAFrame(String text) {
    EncodedEvent event = message(MAX, text);
    assertThat(event.utf8Bytes()).isLessThanOrEqualTo(2 * TEXT_BYTES + EventBatches.ENVELOPE_BYTES);
    assertThat(utf8(codec.encode(frames.frames(CONVERSATION, List.of(event)).get(0))))
        .isLessThanOrEqualTo(FRAME);
    assertThat(
            utf8(codec.encode(new ServerFrame.Page(MAX, CONVERSATION, List.of(event), false, MAX))))
        .isLessThanOrEqualTo(FRAME);
  }

  @Test
  void noAllowedCharacterTakesMoreThanTwiceItsBytesInJson() {
    for (int codePoint = 0; codePoint <= Character.MAX_CODE_POINT; codePoint++) {
      String text = Character.toString(codePoint);
      boolean isAllowed = MessageText.refusal("x" + text, 2, 8).isEmpty();
      if (isAllowed) {
        int plain = utf8(Json.object(json -> json.writeStringField("", "")));
        int written = utf8(Json.object(json -> json.writeStringField("", text))) - plain;
        assertThat(written).as("U+%04X", codePoint).isLessThanOrEqualTo(2 * utf8(text));
      }
    }
  }

  @Test
  void aHundredOfTheLongestEventsComeInFramesThatKeepTheLimitAndLoseNone() {
    String half = "\"\\".repeat(TEXT_BYTES / 2);
    List<EncodedEvent> events =
        LongStream.rangeClosed(1, 100).mapToObj(seq -> message(seq, half)).toList();
    List<ServerFrame.Events> cut = frames.frames(CONVERSATION, events);
    assertThat(cut)
        .allSatisfy(frame -> assertThat(utf8(codec.encode(frame))).isLessThanOrEqualTo(FRAME));
    assertThat(cut.stream().flatMap(frame -> frame.events().stream()))
        .containsExactlyElementsOf(events);
  }

  @Test
  void smallEventsAreCutByCount() {
    List<EncodedEvent> events =
        LongStream.rangeClosed(1, 250).mapToObj(seq -> message(seq, "x")).toList();
    assertThat(frames.frames(CONVERSATION, events))
        .extracting(f -> f.events().size())
        .containsExactly(100, 100, 50);
    assertThat(frames.frames(CONVERSATION, List.of())).isEmpty();
  }

  @Test
  void aPageAfterKeepsTheOldestAndAPageBeforeTheNewest() {
    List<EncodedEvent> events =
        LongStream.rangeClosed(1, 10).mapToObj(seq -> message(seq, "\"".repeat(8_000))).toList();
    assertThat(frames.oldest(events)).extracting(EncodedEvent::seq).containsExactly(1L, 2L, 3L, 4L);
    assertThat(frames.newest(events))
        .extracting(EncodedEvent::seq)
        .containsExactly(7L, 8L, 9L, 10L);
    assertThat(frames.oldest(List.of())).isEmpty();
    assertThat(frames.newest(List.of())).isEmpty();
  }

  @Test
  void anEventOfExactlyTheRoomLeftFitsAndOneByteMoreDoesNot() {
    int room = FRAME - EventBatches.ENVELOPE_BYTES;
    EncodedEvent small = new EncodedEvent(1, "x".repeat(99));
    assertThat(frames.oldest(List.of(small, new EncodedEvent(2, "x".repeat(room - 101)))))
        .hasSize(2);
    assertThat(frames.oldest(List.of(small, new EncodedEvent(2, "x".repeat(room - 100)))))
        .hasSize(1);
    assertThat(frames.newest(List.of(small, new EncodedEvent(2, "x".repeat(room - 101)))))
        .hasSize(2);
    assertThat(frames.newest(List.of(small, new EncodedEvent(2, "x".repeat(room - 100)))))
        .hasSize(1);
  }

  @Test
  void limitsUnderWhichAnEventCouldNotBeSentAreRefused() {
    Limits limits =
        new Limits(
            Limits.DEFAULT.frames(),
            new Limits.Text(40_000, 40_000, 20),
            Limits.DEFAULT.reads(),
            Limits.DEFAULT.rates(),
            true);
    assertThatThrownBy(() -> EventBatches.forFrames(limits))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void anInboxOfTheLongestConversationsComesInFramesThatKeepTheLimit() {
    String preview = "\ud83d\ude00".repeat(160);
    var conversations = IntStream.range(0, 300).mapToObj(i -> longest(i, preview)).toList();
    List<ServerFrame.Inbox> cut =
        new InboxFrames(Limits.DEFAULT).cut(BY, conversations, "s".repeat(512));
    assertThat(cut)
        .allSatisfy(frame -> assertThat(utf8(codec.encode(frame))).isLessThanOrEqualTo(FRAME));
    assertThat(cut).allSatisfy(frame -> assertThat(frame.conversations()).isNotEmpty());
    assertThat(cut.stream().flatMap(frame -> frame.conversations().stream()))
        .containsExactlyElementsOf(conversations);
    assertThat(cut.subList(0, cut.size() - 1))
        .allSatisfy(
            frame -> {
              assertThat(frame.more()).isTrue();
              assertThat(frame.since()).isEmpty();
            });
    assertThat(cut.get(cut.size() - 1).more()).isFalse();
    assertThat(cut.get(cut.size() - 1).since()).isPresent();
  }

  @Test
  void anInboxThatDidNotChangeIsToldByOneFrame() {
    List<ServerFrame.Inbox> cut = new InboxFrames(Limits.DEFAULT).cut(BY, List.of(), "7");
    assertThat(cut).containsExactly(new ServerFrame.Inbox(BY, List.of(), Optional.of("7"), false));
    Schemas.assertValidServerFrame(codec.encode(cut.get(0)));
  }

  private static ConversationSummary longest(int index, String preview) {
    return new ConversationSummary(
        ConversationId.parse("c_" + index),
        new Person(BY, "\ud83d\ude00".repeat(64), "\"".repeat(128)),
        MAX,
        MAX,
        MAX,
        new Marks(MAX, MAX),
        new Marks(MAX, MAX),
        Optional.of(new LastMessage(MAX, BY, MAX, preview, false)));
  }

  private static EncodedEvent message(long seq, String text) {
    return EventJson.encode(
        new SequencedEvent(
            seq,
            new ConversationEvent.Operated(
                BY,
                MAX,
                new OutboxNumber(MAX, MAX),
                new Operation.Message(text, OptionalLong.of(MAX)),
                Optional.of(new Marks(MAX, MAX)))),
        true);
  }

  private static int utf8(String json) {
    return json.getBytes(UTF_8).length;
  }
}

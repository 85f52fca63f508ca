package io.parley.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.model.ConversationId;
import io.parley.model.ErrorCode;
import io.parley.model.Limits;
import io.parley.model.Marks;
import io.parley.model.Operation;
import io.parley.model.UserId;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FrameCodecTest {
  private static final ConversationId AB = ConversationId.parse("c_ab");
  private final FrameCodec codec = new FrameCodec(Limits.DEFAULT);

  @Test
  void aHelloIsReadWithAllItsFields() {
    assertThat(
            frame(
                """
                {"t":"hello","id":1,"token":"x","client":"web/1.0","user":"u_1","epoch":"e_5",
                 "since":"s","cursors":[["c_ab",118],["c_cd",null]],"backlog":500}"""))
        .isEqualTo(
            new ClientFrame.Hello(
                1,
                Optional.of("x"),
                Optional.of("web/1.0"),
                Optional.of(UserId.parse("u_1")),
                Optional.of("e_5"),
                Optional.of("s"),
                List.of(
                    new ClientFrame.Cursor(AB, OptionalLong.of(118)),
                    new ClientFrame.Cursor(ConversationId.parse("c_cd"), OptionalLong.empty())),
                OptionalLong.of(500)));
  }

  @Test
  void anAbsentFieldAndANullAreTheSame() {
    assertThat(frame("{\"t\":\"hello\",\"id\":1,\"token\":null,\"cursors\":null}"))
        .isEqualTo(frame("{\"t\":\"hello\",\"id\":1}"));
    assertThat(send("{\"kind\":\"message\",\"text\":\"a\",\"replyTo\":null}"))
        .isEqualTo(send("{\"kind\":\"message\",\"text\":\"a\"}"));
  }

  @Test
  void aSendCarriesOperationAndMarksAndReadImpliesDelivered() {
    assertThat(
            frame(
                """
                {"t":"send","id":3,"conversation":"c_ab","outbox":17,"n":1,
                 "op":{"kind":"message","text":"Hello","replyTo":119},"read":119}"""))
        .isEqualTo(
            new ClientFrame.Send(
                3,
                AB,
                17,
                1,
                Optional.of(new Operation.Message("Hello", OptionalLong.of(119))),
                Optional.of(new Marks(119, 119))));
  }

  @Test
  void aSkipIsASendWithoutAnOperation() {
    assertThat(send("{\"kind\":\"skip\"}").operation()).isEmpty();
  }

  @Test
  void aPageTakesEitherBoundOrNone() {
    assertThat(frame("{\"t\":\"page\",\"id\":4,\"conversation\":\"c_ab\"}"))
        .isEqualTo(
            new ClientFrame.Page(
                4, AB, OptionalLong.empty(), OptionalLong.empty(), OptionalInt.empty()));
    assertThat(
            invalidField(
                "{\"t\":\"page\",\"id\":4,\"conversation\":\"c_ab\",\"before\":9,\"after\":1}"))
        .isEqualTo("after");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "null",
        "1",
        "\"hello\"",
        "[]",
        "{",
        "{\"t\":\"pong\"}{}",
        "{\"t\":\"pong\"} x",
        "{\"t\":\"pong\",\"t\":\"pong\"}",
        "{\"t\":\"ping\",\"id\":1,\"id\":2}",
        "{\"t\":\"send\",\"id\":1,\"op\":{\"kind\":\"skip\",\"kind\":\"message\"}}",
        "{t:\"pong\"}",
        "{\"t\":'pong'}",
        "{\"t\":\"pong\",}",
        "{\"t\":\"pong\",\"x\":01}",
        "{\"t\":\"pong\",\"x\":NaN}",
        "{\"t\":\"pong\" /* why */}",
        "{\"t\":\"pong\",\"x\":\"\u0001\"}",
        "{\"t\":\"pong\",\"x\":[[[[[[[[[[1]]]]]]]]]]}",
        "{\"t\":\"pong\",\"x\":1111111111111111111111111111111111111111}",
        "{}",
        "{\"t\":1}",
        "{\"t\":null}"
      })
  void whatIsNotOneStrictObjectIsMalformed(String json) {
    assertThat(codec.decode(json)).isInstanceOf(Decoded.Malformed.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"t\":\"ping\"}|id is missing",
        "{\"t\":\"ping\",\"id\":\"1\"}|id must be an integer of at most 2^53 - 1",
        "{\"t\":\"ping\",\"id\":1.0}|id must be an integer of at most 2^53 - 1",
        "{\"t\":\"ping\",\"id\":1e2}|id must be an integer of at most 2^53 - 1",
        "{\"t\":\"ping\",\"id\":9007199254740992}|id must be an integer of at most 2^53 - 1",
        "{\"t\":\"ping\",\"id\":99999999999999999999}|id must be an integer of at most 2^53 - 1",
        "{\"t\":\"hello\",\"id\":1,\"cursors\":{}}|cursors must be an array",
        "{\"t\":\"resume\",\"id\":1,\"cursors\":[[\"c_a\"]]}"
            + "|cursors[0] must be [conversation, seq or null]",
        "{\"t\":\"hello\",\"id\":1,\"cursors\":[[1,1]]}|cursors[0] must be a string",
        "{\"t\":\"typing\",\"conversation\":\"c_ab\",\"on\":1}|on must be true or false",
        "{\"t\":\"mark\",\"conversation\":\"c_ab\"}|delivered is missing",
        "{\"t\":\"watch\",\"users\":[1]}|users[0] must be a string",
        "{\"t\":\"watch\"}|users is missing",
        "{\"t\":\"resume\",\"id\":1}|cursors is missing"
      })
  void aWrongShapeIsMalformedAndNamesTheField(String json, String why) {
    assertThat(codec.decode(json))
        .isInstanceOfSatisfying(
            Decoded.Malformed.class, malformed -> assertThat(malformed.why()).isEqualTo(why));
  }

  @Test
  void aMalformedRequestIsAnsweredUnderItsIdWhenThatCanBeRead() {
    assertThat(codec.decode("{\"t\":\"start\",\"id\":7,\"peer\":1}"))
        .isEqualTo(new Decoded.Malformed(OptionalLong.of(7), "peer must be a string"));
  }

  @Test
  void anUnknownTypeIsNamedOnlyWhenItIsAWord() {
    assertThat(codec.decode("{\"t\":\"dance\",\"id\":7}"))
        .isEqualTo(new Decoded.Unknown(OptionalLong.of(7), "dance"));
    assertThat(codec.decode("{\"t\":\"<script>\"}"))
        .isEqualTo(new Decoded.Unknown(OptionalLong.empty(), "?"));
  }

  @Test
  void unknownFieldsAreIgnored() {
    assertThat(frame("{\"t\":\"pong\",\"later\":{\"x\":[1.5e300,null]}}"))
        .isEqualTo(new ClientFrame.Pong());
  }

  @Test
  void theLargestIntegerOfJsonIsReadExactly() {
    assertThat(frame("{\"t\":\"ping\",\"id\":9007199254740991}"))
        .isEqualTo(new ClientFrame.Ping(9_007_199_254_740_991L));
  }

  @Test
  void oneCursorPastTheLimitIsInvalid() {
    assertThat(frame(resumeWith(100))).isInstanceOf(ClientFrame.Resume.class);
    assertThat(invalidField(resumeWith(101))).isEqualTo("cursors");
  }

  @Test
  void cursorsThatNameAConversationTwiceAreInvalid() {
    assertThat(invalidField("{\"t\":\"resume\",\"id\":1,\"cursors\":[[\"c_a\",1],[\"c_a\",2]]}"))
        .isEqualTo("cursors");
  }

  @Test
  void cursorsWithoutTheirOwnerAreInvalid() {
    assertThat(invalidField("{\"t\":\"hello\",\"id\":1,\"cursors\":[[\"c_ab\",1]]}"))
        .isEqualTo("user");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"t\":\"send\",\"id\":1,\"conversation\":\"c_ab\",\"outbox\":0,\"n\":1}|outbox",
        "{\"t\":\"send\",\"id\":1,\"conversation\":\"c_ab\",\"outbox\":1,\"n\":0}|n",
        "{\"t\":\"send\",\"id\":1,\"conversation\":\"c_ab\",\"outbox\":1,\"n\":-1}|n",
        "{\"t\":\"page\",\"id\":1,\"conversation\":\"c_ab\",\"before\":0}|before",
        "{\"t\":\"page\",\"id\":1,\"conversation\":\"c_ab\",\"after\":-1}|after",
        "{\"t\":\"page\",\"id\":1,\"conversation\":\"c_ab\",\"limit\":0}|limit",
        "{\"t\":\"page\",\"id\":1,\"conversation\":\"c_ab\",\"limit\":101}|limit",
        "{\"t\":\"mark\",\"conversation\":\"c_ab\",\"read\":-1}|read",
        "{\"t\":\"hello\",\"id\":1,\"backlog\":-1}|backlog",
        "{\"t\":\"resume\",\"id\":1,\"cursors\":[[\"c_ab\",-1]]}|cursors[0]",
        "{\"t\":\"start\",\"id\":1,\"peer\":\"a\\u0000b\"}|peer",
        "{\"t\":\"start\",\"id\":1,\"peer\":\"\\ud800\"}|peer"
      })
  void aValueOutOfItsRangeIsInvalidAndNamed(String json, String field) {
    assertThat(invalidField(json)).isEqualTo(field);
  }

  @Test
  void watchingOneMoreThanAllowedIsInvalid() {
    String users =
        IntStream.range(0, 51).mapToObj(i -> "\"u_" + i + "\"").collect(Collectors.joining(","));
    assertThat(invalidField("{\"t\":\"watch\",\"users\":[" + users + "]}")).isEqualTo("users");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"kind\":\"dance\"}|UNSUPPORTED|op.kind is not known",
        "{\"kind\":\"message\"}|BAD_FRAME|op.text is missing",
        "{\"kind\":\"message\",\"text\":1}|BAD_FRAME|op.text must be a string",
        "{\"kind\":\"message\",\"text\":\"a\",\"replyTo\":0}|INVALID|op.replyTo must be at least 1",
        "{\"kind\":\"edit\",\"text\":\"a\"}|BAD_FRAME|op.of is missing",
        "{\"kind\":\"delete\",\"of\":0}|INVALID|op.of must be at least 1",
        "{\"kind\":\"react\",\"of\":1,\"emoji\":\"x\"}|BAD_FRAME|op.on is missing",
        "[]|BAD_FRAME|op must be an object"
      })
  void anUnusableOperationKeepsItsNumberSoThatItCanBeSpent(String op, ErrorCode code, String why) {
    assertThat(codec.decode(sendWith(op)))
        .isEqualTo(new Decoded.UnusableSend(3, AB, 17, 1, code, why));
  }

  @Test
  void aMalformedIdIsReadAsOneThatIsNeverFound() {
    assertThat(frame("{\"t\":\"typing\",\"conversation\":\"'; drop table\",\"on\":true}"))
        .isEqualTo(new ClientFrame.Typing(ConversationId.NONE, true));
  }

  @Test
  void aSendOverHttpIsReadByTheSameRules() {
    assertThat(
            codec.decodeSend(
                AB,
                "{\"outbox\":17,\"n\":1,\"op\":{\"kind\":\"delete\",\"of\":4},\"delivered\":9}"))
        .isEqualTo(
            new Decoded.Frame(
                new ClientFrame.Send(
                    0,
                    AB,
                    17,
                    1,
                    Optional.of(new Operation.Delete(4)),
                    Optional.of(new Marks(9, 0)))));
    assertThat(codec.decodeSend(AB, "{")).isInstanceOf(Decoded.Malformed.class);
    assertThat(codec.decodeSend(AB, "{\"outbox\":17,\"n\":1,\"op\":{\"kind\":\"x\"}}"))
        .isInstanceOf(Decoded.UnusableSend.class);
  }

  @Test
  void whatCostsMoreToReadThanAnyFrameNeedsIsMalformed() {
    String long70k = "x".repeat(70_000);
    assertThat(codec.decode("{\"t\":\"pong\",\"x\":\"" + long70k + "\"}"))
        .isInstanceOf(Decoded.Malformed.class);
    assertThat(codec.decode("{\"t\":\"pong\"}" + " ".repeat(70_000)))
        .isInstanceOf(Decoded.Malformed.class);
    assertThat(codec.decode("{\"t\":\"pong\",\"x\":[" + "1,".repeat(10_000) + "1]}"))
        .isInstanceOf(Decoded.Malformed.class);
    assertThat(codec.decode("{\"t\":\"pong\",\"" + "x".repeat(200) + "\":1}"))
        .isInstanceOf(Decoded.Malformed.class);
    assertThat(codec.decode("[".repeat(60_000))).isInstanceOf(Decoded.Malformed.class);
  }

  @Test
  void aTextFarPastItsLimitStillReachesTheRuleThatRefusesIt() {
    String text = "x".repeat(60_000);
    assertThat(send("{\"kind\":\"message\",\"text\":\"" + text + "\"}").operation())
        .contains(new Operation.Message(text, OptionalLong.empty()));
  }

  private ClientFrame frame(String json) {
    Decoded decoded = codec.decode(json);
    assertThat(decoded).isInstanceOf(Decoded.Frame.class);
    return ((Decoded.Frame) decoded).frame();
  }

  private ClientFrame.Send send(String op) {
    return (ClientFrame.Send) frame(sendWith(op));
  }

  private static String sendWith(String op) {
    return "{\"t\":\"send\",\"id\":3,\"conversation\":\"c_ab\",\"outbox\":17,\"n\":1,\"op\":"
        + op
        + "}";
  }

  private String invalidField(String json) {
    Decoded decoded = codec.decode(json);
    assertThat(decoded).isInstanceOf(Decoded.Invalid.class);
    return ((Decoded.Invalid) decoded).field();
  }

  private static String resumeWith(int cursors) {
    return IntStream.range(0, cursors)
        .mapToObj(i -> "[\"c_" + i + "\",1]")
        .collect(Collectors.joining(",", "{\"t\":\"resume\",\"id\":1,\"cursors\":[", "]}"));
  }
}

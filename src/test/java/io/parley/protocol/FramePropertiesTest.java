package io.parley.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.parley.model.ConversationEvent;
import io.parley.model.ErrorCode;
import io.parley.model.Limits;
import io.parley.model.Operation;
import io.parley.model.OutboxNumber;
import io.parley.model.Person;
import io.parley.model.SequencedEvent;
import io.parley.testing.Schemas;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/** What holds for every frame there could be, tried with many. */
class FramePropertiesTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final FrameCodec CODEC = new FrameCodec(Limits.DEFAULT);

  @Property(tries = 2_000)
  void noBytesMakeTheReaderThrow(@ForAll byte[] bytes) {
    assertThat(CODEC.decode(new String(bytes, StandardCharsets.UTF_8))).isNotNull();
  }

  @Property(tries = 5_000)
  void noMutationOfAFrameMakesTheReaderThrow(
      @ForAll("examples") String example,
      @ForAll @IntRange(max = 4_000) int at,
      @ForAll @IntRange(max = 8) int cut,
      @ForAll("tokens") String token) {
    int from = Math.min(at, example.length());
    int to = Math.min(from + cut, example.length());
    String mutated = example.substring(0, from) + token + example.substring(to);
    assertThat(CODEC.decode(mutated)).isNotNull();
    assertThat(CODEC.decodeSend(ServerExamples.AB, mutated)).isNotNull();
  }

  /** The server may be stricter than the schemas, in ranges and repetitions; never laxer. */
  @Property(tries = 20_000)
  void whatTheReaderTakesTheSchemasTakeToo(
      @ForAll("examples") String example,
      @ForAll @IntRange(max = 300) int at,
      @ForAll @IntRange(max = 3) int cut,
      @ForAll("tokens") String token) {
    int from = Math.min(at, example.length());
    int to = Math.min(from + cut, example.length());
    String mutated = example.substring(0, from) + token + example.substring(to);
    if (CODEC.decode(mutated) instanceof Decoded.Frame) {
      assertThat(Schemas.problemsAsPublished("client-frame", mutated)).as(mutated).isEmpty();
    }
  }

  @Property(tries = 2_000)
  void aTextSurvivesByteForByteOnTheWayInAndOut(@ForAll("texts") String text)
      throws JsonProcessingException {
    String frame =
        JSON.writeValueAsString(
            JSON.createObjectNode()
                .put("t", "send")
                .put("id", 1)
                .put("conversation", "c_ab")
                .put("outbox", 1)
                .put("n", 1)
                .set("op", JSON.createObjectNode().put("kind", "message").put("text", text)));
    Decoded decoded = CODEC.decode(frame);
    assertThat(decoded).isInstanceOf(Decoded.Frame.class);
    ClientFrame.Send send = (ClientFrame.Send) ((Decoded.Frame) decoded).frame();
    Operation operation = send.operation().orElseThrow();
    String pushed =
        CODEC.encode(new ServerFrame.Events(ServerExamples.AB, List.of(encoded(operation))));
    byte[] bytes = pushed.getBytes(StandardCharsets.UTF_8);
    JsonNode read = JSON.readTree(new String(bytes, StandardCharsets.UTF_8));
    assertThat(
            read.path("events").path(0).path("text").textValue().getBytes(StandardCharsets.UTF_8))
        .isEqualTo(text.getBytes(StandardCharsets.UTF_8));
  }

  @Property(tries = 1_000)
  void everyFrameOfTheServerIsValid(@ForAll("frames") ServerFrame frame) {
    Schemas.assertValidServerFrame(CODEC.encode(frame));
  }

  @Provide
  Arbitrary<String> examples() {
    return Arbitraries.of(Examples.in("client")).map(name -> Examples.read("client", name));
  }

  @Provide
  Arbitrary<String> tokens() {
    return Arbitraries.oneOf(
        Arbitraries.of(
            "",
            "\"",
            "{",
            "}",
            "[",
            "]",
            ",",
            ":",
            "null",
            "true",
            "-",
            "0",
            "1e9",
            "1.0",
            "\\",
            "\\u0000",
            "\\ud800",
            "\ud800",
            "\u0000",
            "\u2028",
            "9007199254740992",
            "\"t\":\"x\","),
        Arbitraries.strings().ofMaxLength(4));
  }

  @Provide
  Arbitrary<String> texts() {
    return Arbitraries.oneOf(
        Arbitraries.integers()
            .between(1, Character.MAX_CODE_POINT)
            .filter(c -> c < Character.MIN_SURROGATE || c > Character.MAX_SURROGATE)
            .list()
            .ofMinSize(1)
            .ofMaxSize(40)
            .map(list -> text(list)),
        Arbitraries.of(
                "\"",
                "\\",
                "\n",
                "\t",
                "\u2028",
                "\u202e",
                "e\u0301",
                "\ud83d\udc68\u200d\ud83d\udc69",
                "</script>",
                "\ufeff",
                "\u00e9",
                "\\u0041")
            .list()
            .ofMinSize(1)
            .ofMaxSize(30)
            .map(parts -> String.join("", parts)));
  }

  @Provide
  Arbitrary<ServerFrame> frames() {
    Arbitrary<Long> numbers = Arbitraries.longs().between(1, Fields.MAX_INTEGER);
    Arbitrary<OptionalLong> perhaps =
        numbers
            .optional()
            .map(n -> n.isPresent() ? OptionalLong.of(n.get()) : OptionalLong.empty());
    Arbitrary<EncodedEvent> messages =
        texts().map(text -> encoded(new Operation.Message(text, OptionalLong.empty())));
    return Arbitraries.oneOf(
        messages
            .list()
            .ofMinSize(1)
            .ofMaxSize(5)
            .map(events -> (ServerFrame) new ServerFrame.Events(ServerExamples.AB, events)),
        Arbitraries.of(ErrorCode.values())
            .flatMap(
                code ->
                    perhaps.flatMap(
                        re ->
                            perhaps.map(
                                n ->
                                    new ServerFrame.Error(
                                        re,
                                        Optional.of(ServerExamples.AB),
                                        code,
                                        n,
                                        re,
                                        Optional.of("\"why\""))))),
        numbers.map(n -> new ServerFrame.Accepted(n, ServerExamples.AB, n, n, n, n, n % 2 == 0)),
        texts()
            .map(
                name ->
                    new ServerFrame.Welcome(1, "e_1", "s_1", named(name), 1, 1, Limits.DEFAULT)));
  }

  private static EncodedEvent encoded(Operation operation) {
    return EventJson.encode(
        new SequencedEvent(
            1,
            new ConversationEvent.Operated(
                ServerExamples.ADA.id(), 1, new OutboxNumber(1, 1), operation, Optional.empty())),
        true);
  }

  private static Person named(String displayName) {
    return new Person(ServerExamples.ADA.id(), "ada", displayName);
  }

  private static String text(List<Integer> codePoints) {
    StringBuilder text = new StringBuilder();
    codePoints.forEach(text::appendCodePoint);
    return text.toString();
  }
}

package io.parley.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.parley.model.ConversationId;
import io.parley.model.Limits;
import io.parley.model.Marks;
import io.parley.model.Operation;
import io.parley.model.UserId;
import io.parley.testing.Schemas;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Every frame of a client: its example is valid by its schema and read as what it means. */
class ClientExamplesTest {
  private static final ConversationId AB = ConversationId.parse("c_ab");
  private static final String TOKEN = "k3Jq0Vt9mB2xYc7LrZ5nWd8sPf1hTg4uEa6iOoQyRbM";
  private static final OptionalLong NONE = OptionalLong.empty();

  private final FrameCodec codec = new FrameCodec(Limits.DEFAULT);

  @TestFactory
  Stream<DynamicTest> anExampleIsValidAndReadAsWhatItMeans() {
    return examples().entrySet().stream()
        .map(
            example ->
                dynamicTest(
                    example.getKey(),
                    () -> {
                      String json = Examples.read("client", example.getKey());
                      Schemas.assertValidClientFrame(json);
                      Schemas.assertValid("client-frame", json);
                      Schemas.assertValid("client/" + Examples.schemaOf(example.getKey()), json);
                      assertThat(codec.decode(json))
                          .isEqualTo(new Decoded.Frame(example.getValue()));
                    }));
  }

  @Test
  void noExampleIsLeftWithoutAMeaning() {
    assertThat(Examples.in("client")).isEqualTo(examples().keySet());
  }

  @Test
  void everyTypeOfFrameAndOperationHasAnExample() {
    assertThat(examples().values().stream().map(Object::getClass))
        .containsAll(Arrays.asList(ClientFrame.class.getPermittedSubclasses()));
    assertThat(
            examples().values().stream()
                .flatMap(
                    frame ->
                        frame instanceof ClientFrame.Send send
                            ? send.operation().stream()
                            : Stream.empty())
                .map(Object::getClass))
        .containsAll(Arrays.asList(Operation.class.getPermittedSubclasses()));
  }

  private static Map<String, ClientFrame> examples() {
    Map<String, ClientFrame> frames = new LinkedHashMap<>();
    ClientFrame.Hello bare =
        new ClientFrame.Hello(
            1,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            List.of(),
            NONE);
    frames.put("hello.nulls", bare);
    frames.put("hello.cookie", hello(bare, Optional.empty(), "web/1.0"));
    frames.put("hello", hello(bare, Optional.of(TOKEN), "cli/1.0"));
    frames.put(
        "hello.resume",
        new ClientFrame.Hello(
            1,
            Optional.of(TOKEN),
            Optional.of("web/1.0"),
            Optional.of(UserId.parse("u_1")),
            Optional.of("e_5"),
            Optional.of("4182"),
            List.of(cursor("c_ab", OptionalLong.of(118)), cursor("c_cd", NONE)),
            OptionalLong.of(500)));
    frames.put("start", new ClientFrame.Start(2, "bob"));
    sends(frames);
    frames.put("mark", new ClientFrame.Mark(AB, new Marks(131, 130)));
    frames.put("mark.read", new ClientFrame.Mark(AB, new Marks(131, 131)));
    frames.put("typing", new ClientFrame.Typing(AB, true));
    frames.put("watch", new ClientFrame.Watch(List.of(UserId.parse("u_2"), UserId.parse("u_3"))));
    frames.put("page", new ClientFrame.Page(9, AB, OptionalLong.of(119), NONE, OptionalInt.of(50)));
    frames.put(
        "page.after", new ClientFrame.Page(10, AB, NONE, OptionalLong.of(0), OptionalInt.empty()));
    frames.put("page.newest", new ClientFrame.Page(11, AB, NONE, NONE, OptionalInt.empty()));
    frames.put(
        "resume", new ClientFrame.Resume(12, List.of(cursor("c_ef", OptionalLong.of(51_500)))));
    frames.put("ping", new ClientFrame.Ping(13));
    frames.put("pong", new ClientFrame.Pong());
    return frames;
  }

  private static void sends(Map<String, ClientFrame> frames) {
    Optional<Marks> noMarks = Optional.empty();
    frames.put("send", send(3, 1, Optional.of(new Operation.Message("Hello", NONE)), noMarks));
    frames.put(
        "send.reply",
        send(
            3,
            2,
            Optional.of(new Operation.Message("Yes, at noon", OptionalLong.of(119))),
            Optional.of(new Marks(119, 119))));
    frames.put(
        "send.edit", send(4, 3, Optional.of(new Operation.Edit(120, "Yes, at one")), noMarks));
    frames.put("send.delete", send(5, 4, Optional.of(new Operation.Delete(120)), noMarks));
    frames.put(
        "send.react",
        send(
            6,
            5,
            Optional.of(new Operation.React(119, "👩🏽‍🚀", true)),
            Optional.of(new Marks(119, 0))));
    frames.put("send.skip", send(7, 6, Optional.empty(), noMarks));
    frames.put(
        "send.text",
        send(8, 7, Optional.of(new Operation.Message(TextSamples.ESCAPED, NONE)), noMarks));
  }

  private static ClientFrame send(
      long id, long n, Optional<Operation> operation, Optional<Marks> claimed) {
    return new ClientFrame.Send(id, AB, 17, n, operation, claimed);
  }

  private static ClientFrame hello(ClientFrame.Hello bare, Optional<String> token, String client) {
    return new ClientFrame.Hello(
        bare.id(),
        token,
        Optional.of(client),
        bare.user(),
        bare.epoch(),
        bare.since(),
        bare.cursors(),
        bare.backlog());
  }

  private static ClientFrame.Cursor cursor(String conversation, OptionalLong seq) {
    return new ClientFrame.Cursor(ConversationId.parse(conversation), seq);
  }
}

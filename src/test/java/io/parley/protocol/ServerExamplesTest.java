package io.parley.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.model.ConversationEvent;
import io.parley.model.ErrorCode;
import io.parley.model.Limits;
import io.parley.model.Operation;
import io.parley.testing.Schemas;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every frame and event of the server: as its example says it, and valid by its schema. */
class ServerExamplesTest {
  private final FrameCodec codec = new FrameCodec(Limits.DEFAULT);

  static Set<String> frames() {
    return ServerExamples.frames().keySet();
  }

  static Set<String> events() {
    return ServerExamples.events().keySet();
  }

  @ParameterizedTest
  @MethodSource("frames")
  void aFrameStandsOnTheWireAsItsExample(String name) {
    String made = codec.encode(ServerExamples.frame(name));
    assertThat(made).isEqualTo(Examples.golden("server", name, made));
    Schemas.assertValidServerFrame(made);
    Schemas.assertValid("server-frame", made);
    Schemas.assertValid("server/" + Examples.schemaOf(name), made);
  }

  @ParameterizedTest
  @MethodSource("events")
  void anEventStandsOnTheWireAsItsExample(String name) {
    String made = ServerExamples.event(name).encoded().json();
    assertThat(made).isEqualTo(Examples.golden("event", name, made));
    Schemas.assertValidEvent(made);
  }

  @Test
  void noExampleIsLeftWithoutAFrameOrAnEvent() {
    assertThat(Examples.in("server")).isEqualTo(frames());
    assertThat(Examples.in("event")).isEqualTo(events());
  }

  @Test
  void everyTypeOfFrameHasAnExample() {
    assertThat(ServerExamples.frames().values().stream().map(Object::getClass))
        .containsAll(Arrays.asList(ServerFrame.class.getPermittedSubclasses()));
  }

  @Test
  void everyKindOfEventAndOperationHasAnExample() {
    Set<ConversationEvent> events =
        ServerExamples.events().values().stream()
            .map(copy -> copy.event().event())
            .collect(Collectors.toSet());
    assertThat(events.stream().map(Object::getClass))
        .containsAll(Arrays.asList(ConversationEvent.class.getPermittedSubclasses()));
    assertThat(
            events.stream()
                .flatMap(
                    event ->
                        event instanceof ConversationEvent.Operated operated
                            ? Stream.of(operated.operation())
                            : Stream.empty())
                .map(Object::getClass))
        .containsAll(Arrays.asList(Operation.class.getPermittedSubclasses()));
  }

  @Test
  void everyCodeHasAnExampleAndStandsInTheSchemas() {
    for (ErrorCode code : ErrorCode.values()) {
      assertThat(Examples.read("server", "error." + code.code()))
          .contains("\"code\":\"" + code.code() + "\"")
          .contains("\"retryable\":" + code.retryable());
    }
    for (ByeCode code : ByeCode.values()) {
      assertThat(Examples.read("server", "bye." + code.code()))
          .contains("\"code\":\"" + code.code() + "\"")
          .contains("\"reconnect\":" + code.reconnect());
    }
  }

  @ParameterizedTest
  @MethodSource("events")
  void thePeersCopyNeverTellsTheOutboxAndTheAuthorsAlwaysDoes(String name) {
    ServerExamples.Copy copy = ServerExamples.event(name);
    boolean numbered =
        copy.event().event() instanceof ConversationEvent.Operated
            || copy.event().event() instanceof ConversationEvent.Erased
            || copy.event().event() instanceof ConversationEvent.Skipped;
    assertThat(EventJson.encode(copy.event(), false).json())
        .doesNotContain("\"outbox\":", "\"n\":");
    if (numbered) {
      assertThat(EventJson.encode(copy.event(), true).json()).endsWith(",\"outbox\":17,\"n\":1}");
    }
  }
}

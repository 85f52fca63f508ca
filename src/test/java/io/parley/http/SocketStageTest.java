package io.parley.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.model.Limits;
import io.parley.session.Credit;
import io.parley.session.Outbound;
import io.parley.session.Session;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.http.javadsl.model.ws.Message;
import org.apache.pekko.http.javadsl.model.ws.TextMessage;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.OverflowStrategy;
import org.apache.pekko.stream.javadsl.Keep;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.SinkQueueWithCancel;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.stream.javadsl.SourceQueueWithComplete;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SocketStageTest {
  private final ActorTestKit testKit = ActorTestKit.create();
  private final Materializer materializer = Materializer.createMaterializer(testKit.system());
  private final TestProbe<Session.Command> session = testKit.createTestProbe();
  private final SourceQueueWithComplete<Message> client;
  private final SinkQueueWithCancel<Message> frames;

  SocketStageTest() {
    FrameAssembly assembly = new FrameAssembly(Limits.DEFAULT.frames(), materializer);
    var socket =
        Source.<Message>queue(8, OverflowStrategy.fail())
            .via(new SocketStage(session.ref(), assembly))
            .toMat(Sink.<Message>queue().withAttributes(Attributes.inputBuffer(1, 1)), Keep.both())
            .run(materializer);
    client = socket.first();
    frames = socket.second();
  }

  @AfterEach
  void close() {
    testKit.shutdownTestKit();
  }

  @Test
  void aSessionHearsOfItsSocketAndThatItIsGone() {
    session.expectMessageClass(Session.Connected.class);
    client.complete();
    session.expectMessageClass(Session.Disconnected.class);
  }

  @Test
  void whatWasSaidBeforeTheCloseGetsOut() throws Exception {
    var socket = session.expectMessageClass(Session.Connected.class).socket();
    socket.tell(new Outbound.Frame("bye"));
    socket.tell(new Outbound.Close());
    assertThat(text(next())).isEqualTo("bye");
    assertThat(next()).isEmpty();
    session.expectMessageClass(Session.Disconnected.class);
  }

  @Test
  void aSocketEndsWithItsSession() throws Exception {
    session.expectMessageClass(Session.Connected.class);
    session.stop();
    assertThat(next()).isEmpty();
  }

  @Test
  void aSessionHearsOfWhatWasWrittenHalfALimitAtATime() throws Exception {
    var socket = session.expectMessageClass(Session.Connected.class).socket();
    String quarter = "x".repeat(4 * 1024);
    for (int i = 0; i < 3; i++) {
      socket.tell(new Outbound.Frame(quarter));
    }
    // The client has read nothing: a frame is on its way to it, and one may wait in the stream.
    session.expectNoMessage(Duration.ofMillis(50));
    assertThat(text(next())).isEqualTo(quarter);
    assertThat(text(next())).isEqualTo(quarter);
    assertThat(session.expectMessageClass(Session.Taken.class).credit())
        .isEqualTo(2 * Credit.of(quarter));
    assertThat(text(next())).isEqualTo(quarter);
  }

  @Test
  void aSessionIsHandedNoMoreThanItsCredit() throws Exception {
    var socket = session.expectMessageClass(Session.Connected.class).socket();
    String quarter = "x".repeat(4 * 1024);
    for (int i = 0; i < 6; i++) {
      client.offer(TextMessage.create(quarter + i));
    }
    int credit = 0;
    for (int i = 0; i < 4; i++) {
      String frame = session.expectMessageClass(Session.Received.class).json();
      assertThat(frame).isEqualTo(quarter + i);
      credit += Credit.of(frame);
    }
    session.expectNoMessage(Duration.ofMillis(50));
    // A character short of its limit, one more is read, however long.
    int back = credit - (Credit.LIMIT - 1);
    socket.tell(new Outbound.Handled(back));
    session.expectMessage(new Session.Received(quarter + 4));
    session.expectNoMessage(Duration.ofMillis(50));
    socket.tell(new Outbound.Handled(credit - back));
    session.expectMessage(new Session.Received(quarter + 5));
  }

  @Test
  void noFrameOvertakesOneWhoseFragmentsAreOnTheirWay() throws Exception {
    var socket = session.expectMessageClass(Session.Connected.class).socket();
    CompletableFuture<String> last = new CompletableFuture<>();
    client.offer(TextMessage.create(Source.single("first ").concat(Source.completionStage(last))));
    client.offer(TextMessage.create("second"));
    socket.tell(new Outbound.Handled(0));
    session.expectNoMessage(Duration.ofMillis(50));
    last.complete("frame");
    session.expectMessage(new Session.Received("first frame"));
    session.expectMessage(new Session.Received("second"));
  }

  private static String text(Optional<Message> frame) {
    return frame.orElseThrow().asTextMessage().getStrictText();
  }

  private Optional<Message> next() throws Exception {
    return frames.pull().toCompletableFuture().get(5, TimeUnit.SECONDS);
  }
}

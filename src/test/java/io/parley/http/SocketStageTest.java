package io.parley.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.parley.model.Limits;
import io.parley.session.Outbound;
import io.parley.session.Session;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.http.javadsl.model.ws.Message;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.javadsl.Keep;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.SinkQueueWithCancel;
import org.apache.pekko.stream.javadsl.Source;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SocketStageTest {
  private final ActorTestKit testKit = ActorTestKit.create();
  private final Materializer materializer = Materializer.createMaterializer(testKit.system());
  private final TestProbe<Session.Command> session = testKit.createTestProbe();
  private final CompletableFuture<Optional<Message>> client;
  private final SinkQueueWithCancel<Message> frames;

  SocketStageTest() {
    FrameAssembly assembly = new FrameAssembly(Limits.DEFAULT.frames(), materializer);
    var socket =
        Source.<Message>maybe()
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
    client.complete(Optional.empty());
    session.expectMessageClass(Session.Disconnected.class);
  }

  @Test
  void whatWasSaidBeforeTheCloseGetsOut() throws Exception {
    var socket = session.expectMessageClass(Session.Connected.class).socket();
    socket.tell(new Outbound.Frame("bye"));
    socket.tell(new Outbound.Close());
    session.expectMessageClass(Session.Demanded.class);
    assertThat(next().map(message -> message.asTextMessage().getStrictText())).hasValue("bye");
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
  void aFrameThatNobodyAskedForEndsTheSocketInsteadOfTakingThePlaceOfAnother() throws Exception {
    var socket = session.expectMessageClass(Session.Connected.class).socket();
    socket.tell(new Outbound.Frame("taken"));
    session.expectMessageClass(Session.Demanded.class);
    socket.tell(new Outbound.Frame("waits"));
    socket.tell(new Outbound.Frame("without demand"));
    session.expectMessageClass(Session.Disconnected.class);
    assertThat(next().map(message -> message.asTextMessage().getStrictText())).hasValue("taken");
    assertThatThrownBy(this::next).hasRootCauseInstanceOf(IllegalStateException.class);
  }

  private Optional<Message> next() throws Exception {
    return frames.pull().toCompletableFuture().get(5, TimeUnit.SECONDS);
  }
}

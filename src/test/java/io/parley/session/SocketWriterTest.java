package io.parley.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.protocol.ByeCode;
import io.parley.protocol.ServerFrame;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SocketWriterTest {
  private final Stage stage = new Stage();
  private final SocketWriter writer =
      new SocketWriter(stage.testKit.<Outbound>createTestProbe().ref(), stage.ports, () -> {});

  @AfterEach
  void close() {
    stage.close();
  }

  @Test
  void aGoodbyeHasItsTimeFromWhenItIsHandedOver() {
    stage.welcome();
    writer.taken(-Credit.LIMIT);
    writer.write(new ServerFrame.Ping());
    writer.bye(ByeCode.DRAINING);
    stage.pass(Duration.ofSeconds(5));
    assertThat(writer.isOver()).isFalse();
    writer.taken(Credit.LIMIT);
    assertThat(writer.isOver()).isFalse();
    stage.pass(SocketWriter.GOODBYE);
    assertThat(writer.isOver()).isTrue();
  }

  @Test
  void aReaderThatWasStuckIsNotWaitedForWhileItTakesALittle() {
    stage.welcome();
    writer.taken(-2 * Credit.LIMIT);
    writer.write(new ServerFrame.Ping());
    stage.pass(Duration.ofSeconds(16));
    assertThat(writer.isStuck()).isTrue();
    writer.bye(ByeCode.SLOW_CONSUMER);
    stage.pass(SocketWriter.GOODBYE);
    writer.taken(1);
    assertThat(writer.isStuck()).isFalse();
    assertThat(writer.isOver()).isTrue();
  }

  @Test
  void aReaderThatAskedForMoreThanItReadHasLongerForItsGoodbye() {
    stage.welcome();
    writer.taken(-2 * Credit.LIMIT);
    writer.write(new ServerFrame.Ping());
    writer.bye(ByeCode.SLOW_CONSUMER);
    stage.pass(SocketWriter.LONG_GOODBYE.minusSeconds(1));
    writer.taken(1);
    assertThat(writer.isOver()).isFalse();
    stage.pass(Duration.ofSeconds(1));
    assertThat(writer.isOver()).isTrue();
  }

  @Test
  void whateverTheReasonTheGoodbyeOfAReaderThatTakesLittleEnds() {
    stage.welcome();
    writer.taken(-100 * Credit.LIMIT);
    writer.write(new ServerFrame.Ping());
    writer.bye(ByeCode.DRAINING);
    for (int i = 0; i < 9; i++) {
      stage.pass(Duration.ofSeconds(1));
      writer.taken(1);
      assertThat(writer.isOver()).isFalse();
    }
    stage.pass(Duration.ofSeconds(1));
    writer.taken(1);
    assertThat(writer.isOver()).isTrue();
  }
}

package io.parley.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class OutboundWindowTest {
  private final OutboundWindow window = new OutboundWindow(0);

  @Test
  void handsOverUntilSoMuchIsUnderWay() {
    String half = "x".repeat(Credit.LIMIT / 2);
    for (String frame : List.of("a", half, half, "b")) {
      window.offer(frame);
    }
    assertThat(window.next(1)).contains("a");
    assertThat(window.next(1)).contains(half);
    assertThat(window.next(1)).contains(half);
    assertThat(window.next(1)).isEmpty();
    window.taken(Credit.of("a") + Credit.of(half), 2);
    assertThat(window.next(2)).contains("b");
    assertThat(window.next(2)).isEmpty();
  }

  @Test
  void hasNoRoomFromItsLimitsOn() {
    window.offer("x".repeat(OutboundWindow.PUSH_BYTES - 1));
    assertThat(window.hasRoom()).isTrue();
    window.offer("x");
    assertThat(window.hasRoom()).isFalse();
    window.clear();
    for (int i = 0; i < OutboundWindow.PUSH_FRAMES; i++) {
      assertThat(window.hasRoom()).isTrue();
      window.offer("");
    }
    assertThat(window.hasRoom()).isFalse();
  }

  @Test
  void countsBytesAndNotCharacters() {
    window.offer("\uD83D\uDC4D\u00e9");
    assertThat(window.bytes()).isEqualTo(6);
  }

  @Test
  void refusesWhatIsOnePastTheMost() {
    assertThat(window.offer("x".repeat(OutboundWindow.MAX_BYTES))).isTrue();
    assertThat(window.offer("x")).isFalse();
  }

  @Test
  void isStuckOnlyWhileFramesWait() {
    assertThat(window.stuckNanos(50)).isZero();
    window.offer("a");
    assertThat(window.stuckNanos(50)).isEqualTo(50);
    window.taken(0, 60);
    assertThat(window.stuckNanos(70)).isEqualTo(10);
    assertThat(window.next(80)).isPresent();
    assertThat(window.stuckNanos(90)).isZero();
  }
}

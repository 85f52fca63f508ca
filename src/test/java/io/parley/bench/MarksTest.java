package io.parley.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Milliseconds, of a clock that stands still unless it is moved. */
class MarksTest {
  private final Lane lane = new Lane(0, 1, 2);
  private final Lane other = new Lane(1, 2, 1);
  private final List<String> told = new ArrayList<>();
  private long millis;
  private final Marks marks = new Marks(() -> millis * 1_000_000);

  private void read(Lane of, long seq) {
    marks.read(of, seq, upTo -> told.add("%d: lane %d, %d".formatted(millis, of.number(), upTo)));
  }

  private void passTo(long end) {
    while (millis < end) {
      millis += 50;
      marks.tell();
    }
  }

  @Test
  void theFirstMessagesAreMarkedTogetherAndShortlyAfter() {
    read(lane, 2);
    passTo(100);
    read(lane, 3);
    passTo(2_000);
    assertThat(told).containsExactly("150: lane 0, 3");
  }

  @Test
  void inAFlowOfMessagesThereIsAboutOneMarkASecond() {
    for (long seq = 2; millis < 10_000; seq++) {
      read(lane, seq);
      passTo(millis + 50);
    }
    assertThat(told).hasSize(10).startsWith("150: lane 0, 4", "1150: lane 0, 24");
  }

  @Test
  void afterARestTheNextIsMarkedShortlyAgain() {
    read(lane, 2);
    passTo(6_000);
    read(lane, 3);
    passTo(9_000);
    assertThat(told).containsExactly("150: lane 0, 2", "6150: lane 0, 3");
  }

  @Test
  void eachLaneHasATimeOfItsOwn() {
    read(lane, 2);
    passTo(100);
    read(other, 7);
    passTo(1_000);
    assertThat(told).containsExactly("150: lane 0, 2", "250: lane 1, 7");
  }
}

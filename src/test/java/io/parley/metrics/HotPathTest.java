package io.parley.metrics;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.parley.model.ErrorCode;
import io.parley.session.Answer;
import io.parley.session.SessionMeters;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;

/** To count a message costs no garbage, and next to no time. */
class HotPathTest {
  private static final int WARM_UP = 50_000;
  private static final int MESSAGES = 200_000;
  private static final ThreadMXBean THREADS =
      (ThreadMXBean) requireNonNull(ManagementFactory.getThreadMXBean());

  private final SessionMeters meters = new SessionFigures(new Board());
  private final Answer accepted = new Answer.Accepted(1, 1, false);
  private final Answer refused = Answer.refused(ErrorCode.RATE_LIMITED);

  @Test
  void countingAMessageAllocatesNothing() {
    count(WARM_UP);
    long before = THREADS.getCurrentThreadAllocatedBytes();
    long began = System.nanoTime();
    count(MESSAGES);
    long nanos = System.nanoTime() - began;
    long bytes = THREADS.getCurrentThreadAllocatedBytes() - before;
    System.out.printf(
        "counting a message: %.0f ns, %.3f bytes%n",
        (double) nanos / MESSAGES, (double) bytes / MESSAGES);
    assertThat(bytes).isLessThan(MESSAGES);
  }

  /** What one message makes the sessions of both tell: an answer, and a frame to each. */
  private void count(int messages) {
    for (int i = 0; i < messages; i++) {
      meters.answered(i % 10 == 0 ? refused : accepted, 1_000_000L + i);
      meters.outbound(200);
      meters.outbound(-200);
      meters.outbound(200);
      meters.outbound(-200);
    }
  }
}

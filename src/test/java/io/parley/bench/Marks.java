package io.parley.bench;

import java.util.HashMap;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/**
 * When people mark what they read, as the web client does: shortly after the first message, so that
 * those which come together are marked together, and from then on a second after the first that
 * isn't marked yet.
 */
final class Marks {
  static final long GATHER_NANOS = 150_000_000L;
  static final long NEXT_NANOS = 1_000_000_000L;

  /** So long after a mark the next one counts as a first one. */
  static final long REST_NANOS = 4_000_000_000L;

  private final LongSupplier nanos;
  private final Map<Integer, Progress> all = new HashMap<>();
  private final PriorityQueue<Progress> due =
      new PriorityQueue<>((a, b) -> Long.signum(a.at - b.at));

  Marks(LongSupplier nanos) {
    this.nanos = nanos;
  }

  /** How far somebody is with the messages of one lane. */
  private static final class Progress {
    private final LongConsumer tell;
    private long wanted;
    private long at;
    private long toldAt;
    private boolean isDue;
    private boolean wasTold;

    Progress(LongConsumer tell) {
      this.tell = tell;
    }
  }

  /** A message of this lane was read; {@code tell} marks up to a sequence number. */
  void read(Lane lane, long seq, LongConsumer tell) {
    Progress one = all.computeIfAbsent(lane.number(), number -> new Progress(tell));
    one.wanted = seq;
    if (!one.isDue) {
      long now = nanos.getAsLong();
      boolean isFirst = !one.wasTold || now - one.toldAt > REST_NANOS;
      one.at = now + (isFirst ? GATHER_NANOS : NEXT_NANOS);
      one.isDue = true;
      due.add(one);
    }
  }

  /** Tells those that are due. */
  void tell() {
    long now = nanos.getAsLong();
    for (Progress next = due.peek(); next != null && next.at - now <= 0; next = due.peek()) {
      due.remove();
      next.isDue = false;
      next.wasTold = true;
      next.toldAt = now;
      next.tell.accept(next.wanted);
    }
  }
}

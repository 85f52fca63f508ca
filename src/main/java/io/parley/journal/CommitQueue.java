package io.parley.journal;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Which writes go when: the group commit without clock, threads and database.
 *
 * <p>Writes of one persistence id form a lane: its first is ready or in flight, the others hang
 * behind it. Ready writes go in the order in which they became ready, as many as a batch holds, as
 * soon as a batch may go. There is no waiting for more: what gathers while others are in flight is
 * what goes together. A second batch goes beside the first only if it is worth a commit of its own,
 * or if the first takes so long that something must hold it up.
 *
 * <pre>
 *   lanes   a: [a7] ◄ a8 ◄ a9        ready   a7, c2, d5         in flight   {b3, e1}  {f4}
 *           b: [b3] ◄ b4
 * </pre>
 *
 * <p>A write that fails takes along those behind it: they were built on it, and would leave a gap.
 * Not thread-safe.
 */
final class CommitQueue {

  /**
   * @param batchesInFlight at most so many at a time
   * @param worthwhileWrites so many make a batch that goes beside another
   * @param batchRows rows of a batch; one write alone may have more
   * @param batchBytes bytes of a batch; one write alone may have more
   * @param rows rows in the queue and in flight; one write alone may have more
   * @param bytes bytes in the queue and in flight; one write alone may have more
   * @param waitingTime what waits longer is not sent any more
   */
  record Limits(
      int batchesInFlight,
      int worthwhileWrites,
      int batchRows,
      long batchBytes,
      int rows,
      long bytes,
      Duration waitingTime) {}

  /** Ten times what a commit takes on a common disk. */
  static final Duration HELD_UP = Duration.ofMillis(20);

  private final Limits limits;
  private final ArrayDeque<PendingWrite> ready = new ArrayDeque<>();
  private final Map<String, PendingWrite> lastOfLane = new HashMap<>();
  private int inFlight;
  private long sentNanos;
  private int rows;
  private long bytes;

  CommitQueue(Limits limits) {
    this.limits = limits;
  }

  /** False, and nothing has changed, when there is no room for it. */
  boolean offer(PendingWrite write, long nowNanos) {
    boolean fits =
        rows + write.rows().size() <= limits.rows() && bytes + write.bytes() <= limits.bytes();
    if (!fits && rows > 0) {
      return false;
    }
    rows += write.rows().size();
    bytes += write.bytes();
    write.queuedNanos = nowNanos;
    write.deadlineNanos = nowNanos + limits.waitingTime().toNanos();
    PendingWrite ahead = lastOfLane.put(write.persistenceId(), write);
    if (ahead == null) {
      ready.add(write);
    } else {
      ahead.behind = write;
    }
    return true;
  }

  /**
   * The next batch, which then is in flight; empty when none may go. Its writes are of as many
   * persistence ids. To be followed by {@link #batchEnded}, and for each write by one of {@link
   * #stored}, {@link #failed} and {@link #sendAlone}.
   *
   * @param tooLate is given the writes that waited too long, which are out of the queue
   * @param builtOnThem is given those behind them, likewise
   */
  List<PendingWrite> next(
      long nowNanos, Consumer<PendingWrite> tooLate, Consumer<PendingWrite> builtOnThem) {
    if (!mayGo(nowNanos)) {
      return List.of();
    }
    List<PendingWrite> batch = new ArrayList<>(Math.min(ready.size(), limits.batchRows()));
    int batchRows = 0;
    long batchBytes = 0;
    for (PendingWrite write = ready.peek(); write != null; write = ready.peek()) {
      if (nowNanos - write.deadlineNanos > 0) {
        ready.remove();
        failed(write, builtOnThem);
        tooLate.accept(write);
        continue;
      }
      batchRows += write.rows().size();
      batchBytes += write.bytes();
      boolean fits = batchRows <= limits.batchRows() && batchBytes <= limits.batchBytes();
      if (!batch.isEmpty() && (!fits || write.alone)) {
        break;
      }
      batch.add(ready.remove());
      if (write.alone) {
        break;
      }
    }
    if (!batch.isEmpty()) {
      inFlight++;
      sentNanos = nowNanos;
    }
    return batch;
  }

  private boolean mayGo(long nowNanos) {
    return inFlight == 0
        || (inFlight < limits.batchesInFlight()
            && (ready.size() >= limits.worthwhileWrites()
                || nowNanos - sentNanos > HELD_UP.toNanos()));
  }

  /** A batch came back: another may go. */
  void batchEnded() {
    inFlight--;
  }

  /** The write is done with; the one behind it is ready. */
  void stored(PendingWrite write) {
    forget(write);
    PendingWrite next = write.behind;
    if (next == null) {
      lastOfLane.remove(write.persistenceId());
    } else {
      ready.add(next);
    }
  }

  /**
   * The write is done with, and so are those behind it.
   *
   * @param builtOnIt is given those behind it
   */
  void failed(PendingWrite write, Consumer<PendingWrite> builtOnIt) {
    forget(write);
    lastOfLane.remove(write.persistenceId());
    for (PendingWrite next = write.behind; next != null; next = next.behind) {
      forget(next);
      builtOnIt.accept(next);
    }
  }

  /** The write came back unstored, and goes again before all others, in a batch of its own. */
  void sendAlone(PendingWrite write) {
    write.alone = true;
    ready.addFirst(write);
  }

  /** The last write of a persistence id that is queued or in flight. */
  Optional<PendingWrite> last(String persistenceId) {
    @Nullable PendingWrite last = lastOfLane.get(persistenceId);
    return Optional.ofNullable(last);
  }

  /** Rows queued and in flight. */
  int rows() {
    return rows;
  }

  /** Bytes queued and in flight. */
  long bytes() {
    return bytes;
  }

  int inFlight() {
    return inFlight;
  }

  private void forget(PendingWrite write) {
    rows -= write.rows().size();
    bytes -= write.bytes();
  }
}

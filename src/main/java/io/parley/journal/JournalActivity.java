package io.parley.journal;

import static java.util.Objects.requireNonNull;

import io.parley.journal.WriteFailure.Reason;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.LongAdder;
import org.apache.pekko.actor.AbstractExtensionId;
import org.apache.pekko.actor.ClassicActorSystemProvider;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.actor.Extension;

/** What the rest of a node may know of its journal: counters, and a nudge after each commit. */
public final class JournalActivity implements Extension {

  private static final Id ID = new Id();

  private final List<Runnable> onCommit = new CopyOnWriteArrayList<>();
  private final LongAdder batches = new LongAdder();
  private final LongAdder rows = new LongAdder();
  private final Map<Reason, LongAdder> failures = new EnumMap<>(Reason.class);
  private volatile Depth depth = new Depth(0, 0, 0);
  private volatile JournalMeters meters = JournalMeters.NONE;

  JournalActivity() {
    for (Reason reason : Reason.values()) {
      failures.put(reason, new LongAdder());
    }
  }

  public static JournalActivity get(ClassicActorSystemProvider system) {
    return ID.get(system);
  }

  /**
   * Runs {@code nudge} after each batch that this node commits, on the thread that commits: it must
   * be quick, and may not throw. It says that there is something new, not what.
   *
   * @return to be run when the nudge is no longer wanted
   */
  public Runnable onCommit(Runnable nudge) {
    onCommit.add(nudge);
    return () -> onCommit.remove(nudge);
  }

  /** From now on {@code meters} hear, instead of any before. */
  public void measure(JournalMeters meters) {
    this.meters = meters;
  }

  public JournalCounters counters() {
    Depth now = depth;
    return new JournalCounters(
        now.rows,
        now.bytes,
        now.batches,
        batches.sum(),
        rows.sum(),
        failures(Reason.OVERLOADED),
        failures(Reason.WAITED_TOO_LONG),
        failures(Reason.FENCED),
        failures(Reason.UNKNOWN),
        failures(Reason.NOT_STORED) + failures(Reason.PREDECESSOR_FAILED));
  }

  void queued(int rows, long bytes, int batchesInFlight) {
    depth = new Depth(rows, bytes, batchesInFlight);
  }

  /** A batch came back, so long after it was sent. */
  void appended(List<PendingWrite> batch, long nanos) {
    int rows = 0;
    for (PendingWrite write : batch) {
      rows += write.rows().size();
    }
    meters.appended(rows, nanos);
  }

  /** The answers of one batch, or of writes that were never sent. */
  void answered(List<Answer> answers, long nowNanos) {
    long stored = 0;
    for (Answer answer : answers) {
      WriteFailure failure = answer.failure();
      if (failure == null) {
        stored += answer.write().rows().size();
        meters.stored(nowNanos - answer.write().queuedNanos);
      } else {
        adder(failure.reason()).increment();
      }
    }
    if (stored > 0) {
      batches.increment();
      rows.add(stored);
      onCommit.forEach(Runnable::run);
    }
  }

  private long failures(Reason reason) {
    return adder(reason).sum();
  }

  private LongAdder adder(Reason reason) {
    return requireNonNull(failures.get(reason));
  }

  private record Depth(long rows, long bytes, long batches) {}

  private static final class Id extends AbstractExtensionId<JournalActivity> {
    @Override
    public JournalActivity createExtension(ExtendedActorSystem system) {
      return new JournalActivity();
    }
  }
}

package io.parley.simulation.actors;

import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.apache.pekko.persistence.testkit.JournalOperation;
import org.apache.pekko.persistence.testkit.ProcessingPolicy;
import org.apache.pekko.persistence.testkit.ProcessingResult;
import org.apache.pekko.persistence.testkit.ProcessingSuccess;
import org.apache.pekko.persistence.testkit.Reject;
import org.apache.pekko.persistence.testkit.StorageFailure;
import org.apache.pekko.persistence.testkit.WriteEvents;
import org.apache.pekko.persistence.testkit.javadsl.PersistenceTestKit;
import scala.jdk.javaapi.CollectionConverters;

/** Writes that fail, are rejected, come late, or are stored although they are told as failed. */
final class HostileJournal implements ProcessingPolicy<JournalOperation> {
  private final PersistenceTestKit journal;
  private final Random random;
  private final BooleanSupplier hostile;
  private final AtomicInteger failures = new AtomicInteger();

  HostileJournal(PersistenceTestKit journal, long seed, BooleanSupplier hostile) {
    this.journal = journal;
    this.random = new Random(seed);
    this.hostile = hostile;
  }

  @Override
  public ProcessingResult tryProcess(String persistenceId, JournalOperation operation) {
    if (!(operation instanceof WriteEvents write) || !hostile.getAsBoolean()) {
      return ProcessingSuccess.getInstance();
    }
    int dice = dice();
    if (dice < 4) {
      return failed();
    } else if (dice < 6) {
      return new Reject(new IllegalStateException("rejected"));
    } else if (dice < 9) {
      journal.persistForRecovery(persistenceId, CollectionConverters.<Object>asJava(write.batch()));
      return failed();
    } else if (dice < 12) {
      // Late for whoever counts in the time of the simulation, which goes on meanwhile.
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
    }
    return ProcessingSuccess.getInstance();
  }

  private synchronized int dice() {
    return random.nextInt(100);
  }

  /** How many writes were told as failed. */
  int failures() {
    return failures.get();
  }

  private ProcessingResult failed() {
    failures.incrementAndGet();
    return new StorageFailure(new IllegalStateException("failed, or unknown"));
  }
}

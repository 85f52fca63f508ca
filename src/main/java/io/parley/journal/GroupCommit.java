package io.parley.journal;

import io.parley.database.DatabaseException.ConstraintViolation;
import io.parley.database.DatabaseException.OutcomeUnknown;
import io.parley.database.DatabaseException.StatementRefused;
import io.parley.journal.WriteFailure.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The thin shell around {@link CommitQueue}: a lock, a clock, and the way to the database and back.
 * Thread-safe; results complete outside the lock, on the thread that brought them.
 */
final class GroupCommit {

  /**
   * Stores a batch in one transaction; the answer is empty but for ids that were fenced off, with
   * what stands there.
   */
  @FunctionalInterface
  interface Appender {
    CompletionStage<Map<String, String>> append(List<PendingWrite> batch);
  }

  private final CommitQueue queue;
  private final Appender appender;
  private final LongSupplier nanoTime;
  private final JournalActivity activity;

  GroupCommit(
      CommitQueue.Limits limits,
      Appender appender,
      LongSupplier nanoTime,
      JournalActivity activity) {
    this.queue = new CommitQueue(limits);
    this.appender = appender;
    this.nanoTime = nanoTime;
    this.activity = activity;
  }

  /** Queues the write, and sends what may go. */
  CompletableFuture<@Nullable Void> write(PendingWrite write) {
    boolean accepted;
    synchronized (queue) {
      accepted = queue.offer(write, nanoTime.getAsLong());
      activity.queued(queue.rows(), queue.bytes(), queue.inFlight());
    }
    if (accepted) {
      sendWhatMayGo();
    } else {
      give(List.of(Answer.failed(write, Reason.OVERLOADED, null)));
    }
    return write.result();
  }

  /**
   * Completes, without failure, when every write of this persistence id that is queued or in flight
   * now has ended. What is read from then on is what they left.
   */
  CompletionStage<?> settled(String persistenceId) {
    synchronized (queue) {
      return queue
          .last(persistenceId)
          .<CompletionStage<?>>map(write -> write.result().handle((done, failure) -> persistenceId))
          .orElseGet(() -> CompletableFuture.completedFuture(persistenceId));
    }
  }

  private void sendWhatMayGo() {
    List<PendingWrite> batch;
    do {
      List<Answer> answers = new ArrayList<>(0);
      synchronized (queue) {
        batch =
            queue.next(
                nanoTime.getAsLong(),
                late -> answers.add(Answer.failed(late, Reason.WAITED_TOO_LONG, null)),
                next -> answers.add(Answer.failed(next, Reason.PREDECESSOR_FAILED, null)));
        activity.queued(queue.rows(), queue.bytes(), queue.inFlight());
      }
      give(answers);
      if (!batch.isEmpty()) {
        send(batch);
      }
    } while (!batch.isEmpty());
  }

  private void send(List<PendingWrite> batch) {
    CompletionStage<Map<String, String>> appended;
    long sentNanos = nanoTime.getAsLong();
    try {
      appended = appender.append(batch);
    } catch (RuntimeException e) {
      appended = CompletableFuture.failedFuture(e);
    }
    appended.whenComplete(
        (fenced, error) -> {
          activity.appended(batch, nanoTime.getAsLong() - sentNanos);
          ended(batch, error == null ? fenced : Map.of(), unwrapped(error));
          sendWhatMayGo();
        });
  }

  private void ended(
      List<PendingWrite> batch, Map<String, String> fenced, @Nullable Throwable error) {
    // Nothing was stored, and one write alone is to blame: each goes again on its own.
    boolean culpritUnknown =
        batch.size() > 1
            && (error instanceof StatementRefused || error instanceof ConstraintViolation);
    Reason reason = error instanceof OutcomeUnknown ? Reason.UNKNOWN : Reason.NOT_STORED;
    List<Answer> answers = new ArrayList<>(batch.size());
    synchronized (queue) {
      queue.batchEnded();
      for (PendingWrite write : batch) {
        String stranger = fenced.get(write.persistenceId());
        if (culpritUnknown) {
          queue.sendAlone(write);
        } else if (error == null && stranger == null) {
          queue.stored(write);
          answers.add(Answer.stored(write));
        } else {
          answers.add(
              stranger == null
                  ? Answer.failed(write, reason, error)
                  : Answer.fenced(write, stranger));
          queue.failed(
              write, next -> answers.add(Answer.failed(next, Reason.PREDECESSOR_FAILED, error)));
        }
      }
      activity.queued(queue.rows(), queue.bytes(), queue.inFlight());
    }
    give(answers);
  }

  private void give(List<Answer> answers) {
    if (!answers.isEmpty()) {
      activity.answered(answers, nanoTime.getAsLong());
      answers.forEach(Answer::give);
    }
  }

  private static @Nullable Throwable unwrapped(@Nullable Throwable error) {
    return error instanceof CompletionException && error.getCause() != null
        ? error.getCause()
        : error;
  }
}

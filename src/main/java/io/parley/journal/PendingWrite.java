package io.parley.journal;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Rows of one persistence id that are stored together or not at all, from when they are queued
 * until it is known what became of them.
 */
final class PendingWrite {

  private final String persistenceId;
  private final int slice;
  private final String entityType;
  private final List<EventRow> rows;
  private final long bytes;
  private final CompletableFuture<@Nullable Void> result = new CompletableFuture<>();

  // Links of CommitQueue, which alone reads and writes them.
  @Nullable PendingWrite behind;
  boolean alone;
  long queuedNanos;
  long deadlineNanos;

  /**
   * @param rows at least one, of rising sequence numbers
   */
  PendingWrite(String persistenceId, int slice, String entityType, List<EventRow> rows) {
    this.persistenceId = persistenceId;
    this.slice = slice;
    this.entityType = entityType;
    this.rows = rows;
    long sum = 0;
    for (EventRow row : rows) {
      sum += row.bytes();
    }
    this.bytes = sum;
  }

  String persistenceId() {
    return persistenceId;
  }

  int slice() {
    return slice;
  }

  String entityType() {
    return entityType;
  }

  List<EventRow> rows() {
    return rows;
  }

  long bytes() {
    return bytes;
  }

  /** Completes when all rows are stored, and fails with a {@link WriteFailure}. */
  CompletableFuture<@Nullable Void> result() {
    return result;
  }

  @Override
  public String toString() {
    return persistenceId + " " + rows.get(0).sequenceNr() + "+" + rows.size();
  }
}

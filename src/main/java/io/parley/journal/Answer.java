package io.parley.journal;

import io.parley.journal.WriteFailure.Reason;
import org.jspecify.annotations.Nullable;

/** What became of a write: stored when there is no failure. */
record Answer(PendingWrite write, @Nullable WriteFailure failure) {

  static Answer stored(PendingWrite write) {
    return new Answer(write, null);
  }

  static Answer failed(PendingWrite write, Reason reason, @Nullable Throwable cause) {
    String why = cause == null ? "" : " (" + cause.getMessage() + ")";
    return new Answer(write, new WriteFailure(reason, write + why, cause));
  }

  static Answer fenced(PendingWrite write, String stranger) {
    return new Answer(write, new WriteFailure(Reason.FENCED, write + ", " + stranger, null));
  }

  void give() {
    if (failure == null) {
      write.result().complete(null);
    } else {
      write.result().completeExceptionally(failure);
    }
  }
}

package io.parley.journal;

import org.jspecify.annotations.Nullable;

/** Why a write didn't succeed, and whether its events may be in the journal all the same. */
public final class WriteFailure extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final Reason reason;

  WriteFailure(Reason reason, String detail, @Nullable Throwable cause) {
    // No stack trace: it would be the queue's, the same for hundreds of writes at a time.
    super(reason.message + ": " + detail, cause, false, false);
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }

  /** Whether the events may be stored, now or in a moment; if not, they are not and will not be. */
  public boolean maybeStored() {
    return reason == Reason.UNKNOWN;
  }

  /** What happened to the write. */
  public enum Reason {
    /** The queue was full: it was never queued. */
    OVERLOADED("The journal's queue is full"),
    /** It waited longer than its bound, and was never sent. */
    WAITED_TOO_LONG("The journal couldn't send the write in time"),
    /** An earlier write of the same persistence id failed, on which this one was built. */
    PREDECESSOR_FAILED("The write before this one failed"),
    /** Another writer has been there: this one is behind, and must recover. */
    FENCED("Another writer has written these sequence numbers"),
    /** The database was not reached, or refused. */
    NOT_STORED("The database didn't take the write"),
    /** It was sent, and no answer came. */
    UNKNOWN("Whether the write was stored is unknown");

    private final String message;

    Reason(String message) {
      this.message = message;
    }
  }
}

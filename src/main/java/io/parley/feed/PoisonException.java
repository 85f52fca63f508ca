package io.parley.feed;

/** A row that this node can't apply. Its range stops in front of it; nothing is skipped. */
final class PoisonException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String persistenceId;
  private final long seqNr;

  PoisonException(String persistenceId, long seqNr, String reason) {
    super(persistenceId + " at " + seqNr + ": " + reason);
    this.persistenceId = persistenceId;
    this.seqNr = seqNr;
  }

  String persistenceId() {
    return persistenceId;
  }

  boolean isAbout(FeedKey key) {
    return key.persistenceId().equals(persistenceId) && key.seqNr() == seqNr;
  }
}

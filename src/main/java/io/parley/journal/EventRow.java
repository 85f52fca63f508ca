package io.parley.journal;

import java.util.Optional;

/**
 * One event as it is stored: a row of {@code event_journal} without what it shares with the others
 * of its persistence id.
 *
 * @param writer the incarnation of the persistent actor that wrote it
 * @param tags an array literal of PostgreSQL; empty when replayed, where no one needs them
 */
record EventRow(
    long sequenceNr,
    String writer,
    String adapterManifest,
    Optional<String> tags,
    Serialized event,
    Optional<Serialized> metadata) {

  /** What it weighs in the queue: its bytes, and a flat price for the rest of the row. */
  int bytes() {
    return 256 + event.bytes().length + metadata.map(m -> m.bytes().length).orElse(0);
  }
}

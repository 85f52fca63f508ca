package io.parley.history;

import static java.util.Objects.requireNonNull;

import io.parley.model.ConversationEvent;
import io.parley.model.SequencedEvent;
import io.parley.serialization.EventCbor;
import io.r2dbc.spi.Readable;

/** The columns of the journal that make an event, and how they are read. */
final class LogRows {
  static final String COLUMNS = "seq_nr, event_ser_manifest, event_payload";

  private LogRows() {}

  /** Throws a PersistedFormatException when this node doesn't know the form. */
  static SequencedEvent event(Readable row) {
    ConversationEvent event =
        EventCbor.CODEC.fromBytes(
            requireNonNull(row.get("event_ser_manifest", String.class)),
            requireNonNull(row.get("event_payload", byte[].class)));
    return new SequencedEvent(requireNonNull(row.get("seq_nr", Long.class)), event);
  }
}

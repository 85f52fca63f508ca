package io.parley.journal;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Writes as the journal makes them, without an actor. */
final class Writes {

  private Writes() {}

  /** {@code rows} rows from {@code sequenceNr} on, each with a payload that says which it is. */
  static PendingWrite write(String id, long sequenceNr, int rows, String writer) {
    List<EventRow> events =
        IntStream.range(0, rows)
            .mapToObj(i -> row(sequenceNr + i, writer, (id + (sequenceNr + i)).getBytes(UTF_8)))
            .toList();
    return new PendingWrite(id, 7, "test", events);
  }

  /** One row with this payload. */
  static PendingWrite write(String id, long sequenceNr, String writer, byte[] payload) {
    return new PendingWrite(id, 7, "test", List.of(row(sequenceNr, writer, payload)));
  }

  private static EventRow row(long sequenceNr, String writer, byte[] payload) {
    return new EventRow(
        sequenceNr,
        writer,
        "",
        Optional.empty(),
        new Serialized(4, "manifest", payload),
        Optional.empty());
  }
}

package io.parley.journal;

import static java.util.Objects.requireNonNull;

import io.parley.database.BinaryArray;
import io.parley.database.Database;
import io.r2dbc.spi.Readable;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The table {@code event_journal}: what is asked of it, in SQL. */
final class EventTable {

  // Whether a whole write is there, as it was sent, and who wrote what is there at its first key.
  // An erased or replaced payload is not the same write.
  private static final String FIND_WRITES =
      "SELECT i.persistence_id, coalesce(bool_and(e.writer = i.writer"
          + " AND e.event_payload = i.event_payload), false)"
          + " AND bool_and(e.seq_nr IS NOT NULL) AS own,"
          + " coalesce((array_agg(e.writer ORDER BY e.seq_nr))[1], '') AS writer"
          + " FROM unnest($1, $2, $3, $4) AS i(persistence_id, seq_nr, writer, event_payload)"
          + " LEFT JOIN event_journal e"
          + " ON e.persistence_id = i.persistence_id AND e.seq_nr = i.seq_nr"
          + " GROUP BY i.persistence_id";

  private static final String HIGHEST =
      "SELECT coalesce(max(seq_nr), 0) FROM event_journal"
          + " WHERE persistence_id = $1 AND seq_nr >= $2";

  // The window sums the bytes of the rows before, so that a page ends after the row that fills it,
  // and has at least one. The length of a payload is read without reading the payload.
  private static final String PAGE =
      "SELECT seq_nr, event_ser_id, event_ser_manifest, event_payload, writer, adapter_manifest,"
          + " meta_ser_id, meta_ser_manifest, meta_payload FROM (SELECT *,"
          + " sum(octet_length(event_payload)) OVER (ORDER BY seq_nr"
          + " ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS bytes_before"
          + " FROM (SELECT * FROM event_journal WHERE persistence_id = $1"
          + " AND seq_nr BETWEEN $2 AND $3 AND NOT deleted ORDER BY seq_nr LIMIT $4) page) weighed"
          + " WHERE coalesce(bytes_before, 0) < $5 ORDER BY seq_nr";

  // The highest row that is deleted becomes the marker: the highest sequence number stays.
  private static final String DELETE_TO =
      "WITH marker AS (SELECT max(seq_nr) AS seq_nr FROM event_journal"
          + " WHERE persistence_id = $1 AND seq_nr <= $2),"
          + " marked AS (UPDATE event_journal e SET deleted = true, event_ser_id = 0,"
          + " event_ser_manifest = '', event_payload = '', writer = '', adapter_manifest = '',"
          + " tags = NULL, meta_ser_id = NULL, meta_ser_manifest = NULL, meta_payload = NULL"
          + " FROM marker m WHERE e.persistence_id = $1 AND e.seq_nr = m.seq_nr)"
          + " DELETE FROM event_journal e USING marker m"
          + " WHERE e.persistence_id = $1 AND e.seq_nr < m.seq_nr";

  private final Database writes;
  private final Database reads;

  EventTable(Database writes, Database reads) {
    this.writes = writes;
    this.reads = reads;
  }

  /**
   * Stores each write whole or not at all, in one transaction for all of them.
   *
   * @return the persistence ids whose write was left out, with what stands in its place. A write
   *     that is found stored as it was sent, by an earlier try of the same writer, isn't among
   *     them.
   */
  CompletionStage<Map<String, String>> append(List<PendingWrite> batch) {
    AppendStatement append = new AppendStatement(batch);
    CompletionStage<Long> stored =
        append.countsInRow()
            ? writes
                .query(append.sql(), append::bind, row -> requireNonNull(row.get(0, Long.class)))
                .thenApply(count -> count.get(0))
            : writes.update(append.sql(), append::bind);
    return stored.thenCompose(
        count ->
            count == append.rows()
                ? CompletableFuture.completedFuture(Map.of())
                : findStrangers(batch, append.rows()));
  }

  private CompletionStage<Map<String, String>> findStrangers(List<PendingWrite> batch, int rows) {
    String[] persistenceIds = new String[rows];
    long[] sequenceNrs = new long[rows];
    String[] writers = new String[rows];
    byte[][] payloads = new byte[rows][];
    int i = 0;
    for (PendingWrite write : batch) {
      for (EventRow row : write.rows()) {
        persistenceIds[i] = write.persistenceId();
        sequenceNrs[i] = row.sequenceNr();
        writers[i] = row.writer();
        payloads[i] = row.event().bytes();
        i++;
      }
    }
    return writes
        .query(
            FIND_WRITES,
            statement ->
                statement
                    .bind(0, BinaryArray.ofTexts(persistenceIds))
                    .bind(1, BinaryArray.ofLongs(sequenceNrs))
                    .bind(2, BinaryArray.ofTexts(writers))
                    .bind(3, BinaryArray.ofBytes(payloads)),
            Found::of)
        .thenApply(EventTable::strangers);
  }

  private static Map<String, String> strangers(List<Found> found) {
    Map<String, String> strangers = new HashMap<>();
    for (Found write : found) {
      if (!write.own) {
        strangers.put(
            write.persistenceId,
            write.writer.isEmpty() ? "a later row is there" : "written by " + write.writer);
      }
    }
    return strangers;
  }

  /**
   * The highest sequence number from {@code from} on, deleted ones included; 0 if there is none.
   */
  CompletionStage<Long> highestSequenceNr(String persistenceId, long from) {
    return reads
        .query(
            HIGHEST,
            statement -> statement.bind(0, persistenceId).bind(1, from),
            row -> requireNonNull(row.get(0, Long.class)))
        .thenApply(highest -> highest.get(0));
  }

  /**
   * Events from {@code from} to {@code to}, both included, in order: as many as there are, up to
   * {@code rows}, and up to the one that passes {@code bytes}. Empty when there is none.
   */
  CompletionStage<List<EventRow>> page(
      String persistenceId, long from, long to, int rows, long bytes) {
    return reads.query(
        PAGE,
        statement ->
            statement.bind(0, persistenceId).bind(1, from).bind(2, to).bind(3, rows).bind(4, bytes),
        EventTable::eventRow);
  }

  /** Deletes the events up to {@code to}, included; the highest sequence number stays. */
  CompletionStage<Long> deleteTo(String persistenceId, long to) {
    return writes.update(DELETE_TO, statement -> statement.bind(0, persistenceId).bind(1, to));
  }

  private static EventRow eventRow(Readable row) {
    return new EventRow(
        requireNonNull(row.get("seq_nr", Long.class)),
        requireNonNull(row.get("writer", String.class)),
        Optional.ofNullable(row.get("adapter_manifest", String.class)).orElse(""),
        Optional.empty(),
        new Serialized(
            requireNonNull(row.get("event_ser_id", Integer.class)),
            requireNonNull(row.get("event_ser_manifest", String.class)),
            requireNonNull(row.get("event_payload", byte[].class))),
        metadata(row));
  }

  /** The columns {@code meta_*}, which this table and that of the snapshots have in common. */
  static Optional<Serialized> metadata(Readable row) {
    Integer serializerId = row.get("meta_ser_id", Integer.class);
    return serializerId == null
        ? Optional.empty()
        : Optional.of(
            new Serialized(
                serializerId,
                requireNonNull(row.get("meta_ser_manifest", String.class)),
                requireNonNull(row.get("meta_payload", byte[].class))));
  }

  private record Found(String persistenceId, boolean own, String writer) {
    static Found of(Readable row) {
      return new Found(
          requireNonNull(row.get(0, String.class)),
          requireNonNull(row.get(1, Boolean.class)),
          requireNonNull(row.get(2, String.class)));
    }
  }
}

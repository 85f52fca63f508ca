package io.parley.journal;

import static java.util.Objects.requireNonNull;

import io.parley.database.Database;
import io.r2dbc.spi.Readable;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.persistence.SnapshotSelectionCriteria;

/** The table {@code snapshot}: one row per persistence id, replaced in place. */
final class SnapshotTable {

  // An older snapshot never takes the place of a newer one: a node that was paused may still have
  // one to save.
  private static final String SAVE =
      "INSERT INTO snapshot AS s (slice, entity_type, persistence_id, seq_nr, write_timestamp,"
          + " ser_id, ser_manifest, snapshot, meta_ser_id, meta_ser_manifest, meta_payload)"
          + " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"
          + " ON CONFLICT (persistence_id) DO UPDATE SET seq_nr = excluded.seq_nr,"
          + " write_timestamp = excluded.write_timestamp, ser_id = excluded.ser_id,"
          + " ser_manifest = excluded.ser_manifest, snapshot = excluded.snapshot,"
          + " meta_ser_id = excluded.meta_ser_id,"
          + " meta_ser_manifest = excluded.meta_ser_manifest,"
          + " meta_payload = excluded.meta_payload WHERE s.seq_nr <= excluded.seq_nr";

  private static final String MATCHES =
      " WHERE persistence_id = $1 AND seq_nr BETWEEN $2 AND $3"
          + " AND write_timestamp BETWEEN $4 AND $5";

  private static final String LOAD =
      "SELECT seq_nr, write_timestamp, ser_id, ser_manifest, snapshot, meta_ser_id,"
          + " meta_ser_manifest, meta_payload FROM snapshot"
          + MATCHES;

  private static final String DELETE = "DELETE FROM snapshot" + MATCHES;

  private final Database database;

  SnapshotTable(Database database) {
    this.database = database;
  }

  /**
   * @param timestamp milliseconds since 1970
   */
  record SnapshotRow(
      long sequenceNr, long timestamp, Serialized snapshot, Optional<Serialized> metadata) {
    private static SnapshotRow of(Readable row) {
      return new SnapshotRow(
          requireNonNull(row.get("seq_nr", Long.class)),
          requireNonNull(row.get("write_timestamp", Long.class)),
          new Serialized(
              requireNonNull(row.get("ser_id", Integer.class)),
              requireNonNull(row.get("ser_manifest", String.class)),
              requireNonNull(row.get("snapshot", byte[].class))),
          EventTable.metadata(row));
    }
  }

  CompletionStage<Long> save(String persistenceId, int slice, String entityType, SnapshotRow row) {
    return database.update(
        SAVE,
        statement -> {
          statement
              .bind(0, slice)
              .bind(1, entityType)
              .bind(2, persistenceId)
              .bind(3, row.sequenceNr())
              .bind(4, row.timestamp())
              .bind(5, row.snapshot().serializerId())
              .bind(6, row.snapshot().manifest())
              .bind(7, row.snapshot().bytes());
          row.metadata()
              .ifPresentOrElse(
                  metadata ->
                      statement
                          .bind(8, metadata.serializerId())
                          .bind(9, metadata.manifest())
                          .bind(10, metadata.bytes()),
                  () ->
                      statement
                          .bindNull(8, Integer.class)
                          .bindNull(9, String.class)
                          .bindNull(10, byte[].class));
        });
  }

  CompletionStage<Optional<SnapshotRow>> load(
      String persistenceId, SnapshotSelectionCriteria criteria) {
    return database
        .query(
            LOAD,
            statement ->
                statement
                    .bind(0, persistenceId)
                    .bind(1, criteria.minSequenceNr())
                    .bind(2, criteria.maxSequenceNr())
                    .bind(3, criteria.minTimestamp())
                    .bind(4, criteria.maxTimestamp()),
            SnapshotRow::of)
        .thenApply(rows -> rows.stream().findFirst());
  }

  CompletionStage<Long> delete(String persistenceId, SnapshotSelectionCriteria criteria) {
    return database.update(
        DELETE,
        statement ->
            statement
                .bind(0, persistenceId)
                .bind(1, criteria.minSequenceNr())
                .bind(2, criteria.maxSequenceNr())
                .bind(3, criteria.minTimestamp())
                .bind(4, criteria.maxTimestamp()));
  }
}

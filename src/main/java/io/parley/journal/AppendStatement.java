package io.parley.journal;

import io.parley.database.BinaryArray;
import io.r2dbc.spi.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The statement that stores a batch, whole writes only, and how its parameters are bound.
 *
 * <p>The first row of each write goes in if it is past all rows of its persistence id, in the order
 * of the keys (two batches of two nodes then can't wait for each other in a ring), and if no one
 * else puts that key in at the same moment. The other rows follow those first rows that went in.
 * The answer is only how many rows went in: in all but the rarest case, all of them.
 *
 * <p>The order is that of the arrays: with LATERAL and LIMIT the only join is a nested loop, which
 * keeps it. To sort in SQL would carry each payload through a sort, for a seventh of the
 * statement's time. Were the order ever lost, PostgreSQL would break the ring and refuse one of the
 * batches, which then goes again write by write.
 *
 * <p>{@code db_timestamp} rises by at least a microsecond per row within a persistence id.
 */
final class AppendStatement {

  private static final String COLUMNS =
      "(slice, entity_type, persistence_id, seq_nr, db_timestamp, event_ser_id,"
          + " event_ser_manifest, event_payload, writer, adapter_manifest, tags, meta_ser_id,"
          + " meta_ser_manifest, meta_payload)";

  private static final String INCOMING =
      "unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13%s) AS i(slice, entity_type,"
          + " persistence_id, seq_nr, event_ser_id, event_ser_manifest, event_payload, writer,"
          + " adapter_manifest, tags, meta_ser_id, meta_ser_manifest, meta_payload%s)";

  private static final String INSERT =
      "INSERT INTO event_journal "
          + COLUMNS
          + " SELECT i.slice, i.entity_type, i.persistence_id, i.seq_nr, %s, i.event_ser_id,"
          + " i.event_ser_manifest, i.event_payload, i.writer, i.adapter_manifest,"
          + " i.tags::text[], i.meta_ser_id, i.meta_ser_manifest, i.meta_payload";

  // The highest row, not the one before: it also fences off a key whose row was deleted since.
  private static final String FIRST_ROWS =
      INSERT.formatted(
              "greatest(transaction_timestamp(), highest.db_timestamp + interval '1 microsecond')")
          + " FROM %s LEFT JOIN LATERAL (SELECT e.seq_nr, e.db_timestamp FROM event_journal e"
          + " WHERE e.persistence_id = i.persistence_id ORDER BY e.seq_nr DESC LIMIT 1)"
          + " highest ON true WHERE %s coalesce(highest.seq_nr < i.seq_nr, true)"
          + " ON CONFLICT (persistence_id, seq_nr) DO NOTHING";

  /** Writes of one row each: nearly every batch. */
  private static final String SINGLES = FIRST_ROWS.formatted(INCOMING.formatted("", ""), "");

  /** Some writes have several rows. */
  private static final String ATOMIC =
      "WITH incoming AS MATERIALIZED (SELECT * FROM "
          + INCOMING.formatted(", $14", ", opens")
          + "), opened AS ("
          + FIRST_ROWS.formatted("incoming i", "i.opens AND")
          + " RETURNING persistence_id, seq_nr, db_timestamp), rest AS ("
          + INSERT.formatted("o.db_timestamp + (i.seq_nr - o.seq_nr) * interval '1 microsecond'")
          + " FROM incoming i JOIN opened o ON o.persistence_id = i.persistence_id"
          + " WHERE NOT i.opens RETURNING 1)"
          + " SELECT (SELECT count(*) FROM opened) + (SELECT count(*) FROM rest)";

  private final List<PendingWrite> batch;
  private final int rows;

  AppendStatement(List<PendingWrite> batch) {
    this.batch = new ArrayList<>(batch);
    this.batch.sort(Comparator.comparing(PendingWrite::persistenceId));
    this.rows = rows(batch);
  }

  /** How many rows are to go in. */
  int rows() {
    return rows;
  }

  /** Whether the count is the statement's result set; otherwise it is its count of updated rows. */
  boolean countsInRow() {
    return rows > batch.size();
  }

  String sql() {
    return countsInRow() ? ATOMIC : SINGLES;
  }

  void bind(Statement statement) {
    int[] slices = new int[rows];
    String[] entityTypes = new String[rows];
    String[] persistenceIds = new String[rows];
    long[] sequenceNrs = new long[rows];
    int[] serializerIds = new int[rows];
    String[] manifests = new String[rows];
    byte[][] payloads = new byte[rows][];
    String[] writers = new String[rows];
    String[] adapterManifests = new String[rows];
    @Nullable String[] tags = new String[rows];
    @Nullable Integer[] metaSerializerIds = new Integer[rows];
    @Nullable String[] metaManifests = new String[rows];
    byte[] @Nullable [] metaPayloads = new byte[rows][];
    boolean[] opens = new boolean[rows];
    int i = 0;
    for (PendingWrite write : batch) {
      opens[i] = true;
      for (EventRow row : write.rows()) {
        slices[i] = write.slice();
        entityTypes[i] = write.entityType();
        persistenceIds[i] = write.persistenceId();
        sequenceNrs[i] = row.sequenceNr();
        serializerIds[i] = row.event().serializerId();
        manifests[i] = row.event().manifest();
        payloads[i] = row.event().bytes();
        writers[i] = row.writer();
        adapterManifests[i] = row.adapterManifest();
        tags[i] = row.tags().orElse(null);
        Optional<Serialized> metadata = row.metadata();
        if (metadata.isPresent()) {
          metaSerializerIds[i] = metadata.get().serializerId();
          metaManifests[i] = metadata.get().manifest();
          metaPayloads[i] = metadata.get().bytes();
        }
        i++;
      }
    }
    statement
        .bind(0, BinaryArray.ofInts(slices))
        .bind(1, BinaryArray.ofTexts(entityTypes))
        .bind(2, BinaryArray.ofTexts(persistenceIds))
        .bind(3, BinaryArray.ofLongs(sequenceNrs))
        .bind(4, BinaryArray.ofInts(serializerIds))
        .bind(5, BinaryArray.ofTexts(manifests))
        .bind(6, BinaryArray.ofBytes(payloads))
        .bind(7, BinaryArray.ofTexts(writers))
        .bind(8, BinaryArray.ofTexts(adapterManifests))
        .bind(9, BinaryArray.ofTexts(tags))
        .bind(10, BinaryArray.ofInts(metaSerializerIds))
        .bind(11, BinaryArray.ofTexts(metaManifests))
        .bind(12, BinaryArray.ofBytes(metaPayloads));
    if (countsInRow()) {
      statement.bind(13, BinaryArray.ofBooleans(opens));
    }
  }

  private static int rows(List<PendingWrite> batch) {
    int sum = 0;
    for (PendingWrite write : batch) {
      sum += write.rows().size();
    }
    return sum;
  }
}

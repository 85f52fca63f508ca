package io.parley.journal;

import io.parley.database.BinaryArray;
import io.parley.database.Database;
import java.util.Arrays;
import java.util.concurrent.atomic.LongAdder;

/** Two lanes of multi-row inserts into the journal's table, with nothing but the insert. */
final class BareInsertLoad implements JournalBenchmark.Load {

  private static final String SQL =
      "INSERT INTO event_journal (slice, entity_type, persistence_id, seq_nr, db_timestamp,"
          + " event_ser_id, event_ser_manifest, event_payload, writer, adapter_manifest)"
          + " SELECT s, t, p, n, transaction_timestamp(), i, m, b, w, a"
          + " FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9) AS u(s, t, p, n, i, m, b, w, a)";

  private final LongAdder stored = new LongAdder();
  private final Database database;
  private final byte[] payload;
  private volatile boolean stopped;

  private BareInsertLoad(Database database, byte[] payload) {
    this.database = database;
    this.payload = payload;
  }

  static BareInsertLoad start(Database database, int ids, byte[] payload) {
    BareInsertLoad load = new BareInsertLoad(database, payload);
    int lanes = Math.min(2, ids);
    for (int lane = 0; lane < lanes; lane++) {
      load.insert("benchmark|" + ids + "-" + lane + "-", ids / lanes, 1);
    }
    return load;
  }

  @Override
  public LongAdder stored() {
    return stored;
  }

  @Override
  public void close() {
    stopped = true;
  }

  private void insert(String prefix, int rows, long sequenceNr) {
    int[] slices = new int[rows];
    String[] ids = new String[rows];
    long[] sequenceNrs = new long[rows];
    int[] serializerIds = new int[rows];
    byte[][] payloads = new byte[rows][];
    for (int i = 0; i < rows; i++) {
      ids[i] = prefix + i;
      slices[i] = Math.abs(ids[i].hashCode() % 1024);
      sequenceNrs[i] = sequenceNr;
      serializerIds[i] = 4;
      payloads[i] = payload;
    }
    String[] types = filled(rows, "benchmark");
    String[] writers = filled(rows, "01234567-89ab-cdef-0123-456789abcdef");
    String[] empty = filled(rows, "");
    database
        .update(
            SQL,
            statement ->
                statement
                    .bind(0, BinaryArray.ofInts(slices))
                    .bind(1, BinaryArray.ofTexts(types))
                    .bind(2, BinaryArray.ofTexts(ids))
                    .bind(3, BinaryArray.ofLongs(sequenceNrs))
                    .bind(4, BinaryArray.ofInts(serializerIds))
                    .bind(5, BinaryArray.ofTexts(empty))
                    .bind(6, BinaryArray.ofBytes(payloads))
                    .bind(7, BinaryArray.ofTexts(writers))
                    .bind(8, BinaryArray.ofTexts(empty)))
        .whenComplete(
            (count, failure) -> {
              if (failure != null) {
                System.err.println(failure);
              } else if (!stopped) {
                stored.add(count);
                insert(prefix, rows, sequenceNr + 1);
              }
            });
  }

  private static String[] filled(int rows, String value) {
    String[] values = new String[rows];
    Arrays.fill(values, value);
    return values;
  }
}

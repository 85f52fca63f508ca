package io.parley.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.database.Database;
import io.parley.database.DatabaseAddress;
import io.parley.database.DatabaseSettings;
import io.parley.journal.SnapshotTable.SnapshotRow;
import io.parley.testing.TestPostgres;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.persistence.SnapshotSelectionCriteria;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One snapshot per id, updated in place: what holds instead of the five tests of Pekko's. */
class R2dbcSnapshotStoreIT {

  private static final String URL = TestPostgres.freshDatabase();
  private static final SnapshotSelectionCriteria LATEST = SnapshotSelectionCriteria.latest();

  private final Database database =
      Database.open(
          new DatabaseSettings(
              DatabaseAddress.parse(URL),
              2,
              Duration.ofSeconds(3),
              Duration.ofSeconds(4),
              Duration.ofSeconds(5),
              "test"));
  private final SnapshotTable table = new SnapshotTable(database);

  @BeforeEach
  void forget() {
    get(table.delete("a", LATEST));
  }

  @AfterEach
  void close() {
    assertThat(database.close().toCompletableFuture()).succeedsWithin(Duration.ofSeconds(10));
  }

  @Test
  void aNewSnapshotTakesThePlaceOfTheOlder() {
    save(11, 1_000);
    save(15, 2_000);

    assertThat(load(LATEST)).isEqualTo(15);
    assertThat(load(upTo(13, Long.MAX_VALUE))).as("there is no other").isZero();
    assertThat(load(upTo(15, 1_999))).isZero();
  }

  @Test
  void anOlderSnapshotThatComesLateIsLeftOut() {
    save(15, 2_000);
    save(11, 3_000);

    assertThat(load(LATEST)).isEqualTo(15);
  }

  @Test
  void criteriaThatTheLatestDoesNotMeetDeleteNothing() {
    save(15, 2_000);

    get(table.delete("a", upTo(14, Long.MAX_VALUE)));
    get(table.delete("a", upTo(15, 1_999)));
    assertThat(load(LATEST)).isEqualTo(15);

    get(table.delete("a", upTo(15, 2_000)));
    assertThat(load(LATEST)).isZero();
  }

  private void save(long sequenceNr, long timestamp) {
    Serialized snapshot = new Serialized(1, "m", new byte[] {(byte) sequenceNr});
    get(
        table.save(
            "a", 1, "t", new SnapshotRow(sequenceNr, timestamp, snapshot, Optional.empty())));
  }

  /** The sequence number found, 0 for none. */
  private long load(SnapshotSelectionCriteria criteria) {
    return get(table.load("a", criteria))
        .map(
            row -> {
              assertThat(row.snapshot().bytes()).containsExactly((int) row.sequenceNr());
              return row.sequenceNr();
            })
        .orElse(0L);
  }

  private static SnapshotSelectionCriteria upTo(long sequenceNr, long timestamp) {
    return SnapshotSelectionCriteria.create(sequenceNr, timestamp);
  }

  private static <T> T get(CompletionStage<T> stage) {
    assertThat(stage.toCompletableFuture()).succeedsWithin(Duration.ofSeconds(10));
    return stage.toCompletableFuture().join();
  }
}

package io.parley.journal;

import static io.parley.journal.JournalFixture.bytes;
import static io.parley.journal.Writes.write;
import static org.assertj.core.api.Assertions.assertThat;

import io.parley.journal.WriteFailure.Reason;
import io.parley.testing.TestPostgres;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Two writers of one persistence id, and what it means for the others in the batch. */
class ConflictIT {

  private static final String URL = TestPostgres.freshDatabase();
  private static final Duration BOUND = Duration.ofSeconds(20);

  private final JournalFixture journal = new JournalFixture(URL, 1, 1_000);

  @AfterEach
  void close() {
    journal.close();
  }

  @Test
  void aConflictInsideABatchFailsThatWriteAlone() {
    journal.store(write("b", 1, 1, "stranger"));
    List<PendingWrite> batch =
        List.of(write("a", 1, 1, "w"), write("b", 1, 1, "w"), write("c", 1, 1, "w"));

    inOneBatch(batch);

    assertThat(batch.get(0).result()).succeedsWithin(BOUND);
    assertThat(batch.get(2).result()).succeedsWithin(BOUND);
    WriteFailure failure = journal.failureOf(batch.get(1));
    assertThat(failure.reason()).isEqualTo(Reason.FENCED);
    assertThat(failure.maybeStored()).isFalse();
    assertThat(failure).hasMessageContaining("b 1+1").hasMessageContaining("written by stranger");
    assertThat(journal.stored("b")).containsExactly("1:stranger:b1");
    assertThat(journal.activity.counters().conflicts()).isEqualTo(1);
  }

  @Test
  void anAtomicWriteIsNeverSplit() {
    journal.store(write("a", 2, 1, "stranger"));
    journal.store(write("b", 1, 1, "stranger"));
    List<PendingWrite> batch =
        List.of(write("a", 1, 3, "w"), write("b", 1, 3, "w"), write("c", 1, 3, "w"));

    assertThat(append(batch)).containsOnlyKeys("a", "b");

    assertThat(journal.stored("a")).containsExactly("2:stranger:a2");
    assertThat(journal.stored("b")).containsExactly("1:stranger:b1");
    assertThat(journal.stored("c")).containsExactly("1:w:c1", "2:w:c2", "3:w:c3");
  }

  @Test
  void onesOwnEarlierWriteIsASuccessOnlyIfItIsTheSameWrite() {
    journal.store(write("a", 1, 2, "w"));
    journal.store(write("b", 1, 2, "w"));
    journal.store(write("c", 1, "w", bytes("one text")));

    List<PendingWrite> again =
        List.of(write("a", 1, 2, "w"), write("b", 1, 3, "w"), write("c", 1, "w", bytes("another")));

    assertThat(append(again)).containsOnlyKeys("b", "c");
    assertThat(journal.stored("a")).hasSize(2);
    assertThat(journal.stored("b")).hasSize(2);
    assertThat(journal.stored("c")).containsExactly("1:w:one text");
  }

  @Test
  void aWriteBelowADeletionIsFencedThoughItsKeyIsFree() {
    journal.store(write("a", 1, 5, "stranger"));
    assertThat(journal.table.deleteTo("a", 5).toCompletableFuture()).succeedsWithin(BOUND);

    assertThat(append(List.of(write("a", 3, 1, "paused")))).containsOnlyKeys("a");

    assertThat(journal.table.highestSequenceNr("a", 0).toCompletableFuture())
        .succeedsWithin(BOUND)
        .isEqualTo(5L);
  }

  @Test
  void twoBatchesThatTouchEachOthersKeysNeitherDeadlockNorMix() {
    for (int round = 0; round < 30; round++) {
      List<PendingWrite> mine = new ArrayList<>();
      List<PendingWrite> theirs = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        String id = "r" + round + "-" + i;
        mine.add(write(id, 1, 1 + i % 3, "mine"));
        theirs.add(write(id, 1, 1 + (i + 1) % 3, "theirs"));
      }
      Collections.reverse(theirs);
      CompletableFuture<Map<String, String>> one = journal.table.append(mine).toCompletableFuture();
      CompletableFuture<Map<String, String>> other =
          journal.table.append(theirs).toCompletableFuture();

      assertThat(one).succeedsWithin(BOUND);
      assertThat(other).succeedsWithin(BOUND);
      for (PendingWrite write : mine) {
        boolean lost = one.join().containsKey(write.persistenceId());
        assertThat(other.join().containsKey(write.persistenceId())).isEqualTo(!lost);
      }
    }
    assertThat(
            journal.column(
                "SELECT persistence_id FROM event_journal GROUP BY persistence_id"
                    + " HAVING count(DISTINCT writer) > 1 OR count(*) <> max(seq_nr)"))
        .as("ids with rows of both")
        .isEmpty();
    assertThat(
            journal.column(
                "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"))
        .containsExactly("0");
  }

  @Test
  void aValueThatPostgresRefusesFailsItsOwnWriteAlone() {
    PendingWrite refused = write("x".repeat(300), 1, 1, "w");
    PendingWrite good = write("a", 1, 1, "w");
    PendingWrite alsoGood = write("b", 1, 2, "w");

    inOneBatch(List.of(good, refused, alsoGood));

    assertThat(good.result()).succeedsWithin(BOUND);
    assertThat(alsoGood.result()).succeedsWithin(BOUND);
    assertThat(journal.failureOf(refused).reason()).isEqualTo(Reason.NOT_STORED);
  }

  @Test
  void aFailedCommitStoresNothingOfItsBatchAndFailsItsCauseAlone() {
    journal.execute(
        """
        CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
          $$ BEGIN RAISE EXCEPTION 'not this one' USING ERRCODE = 'check_violation'; END $$;
        CREATE CONSTRAINT TRIGGER refuse_poison AFTER INSERT ON event_journal
          DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
          WHEN (new.persistence_id = 'poison') EXECUTE FUNCTION refuse();
        """);
    PendingWrite good = write("a", 1, 1, "w");
    PendingWrite poison = write("poison", 1, 1, "w");

    inOneBatch(List.of(good, poison));

    assertThat(good.result()).succeedsWithin(BOUND);
    assertThat(journal.failureOf(poison).reason()).isEqualTo(Reason.NOT_STORED);
    assertThat(journal.stored("poison")).isEmpty();
    assertThat(journal.stored("a")).hasSize(1);
  }

  @Test
  void timestampsRisePerIdThoughTheClockFallsBack() {
    journal.store(write("a", 1, 1, "w"));
    journal.execute("UPDATE event_journal SET db_timestamp = db_timestamp + interval '1 hour'");
    journal.store(write("a", 2, 3, "w"));
    journal.store(write("a", 5, 1, "w"));

    assertThat(
            journal.column(
                "SELECT seq_nr FROM event_journal WHERE persistence_id = 'a'"
                    + " ORDER BY db_timestamp"))
        .containsExactly("1", "2", "3", "4", "5");
    assertThat(journal.column("SELECT count(DISTINCT db_timestamp) FROM event_journal"))
        .containsExactly("5");
  }

  /** The gate holds a first batch back while the others gather behind it. */
  private void inOneBatch(List<PendingWrite> batch) {
    journal.closeGate();
    PendingWrite first = write("first", 1, 1, "w");
    journal.send(first);
    batch.forEach(journal::send);
    journal.openGate();
    assertThat(first.result()).succeedsWithin(BOUND);
  }

  private Map<String, String> append(List<PendingWrite> batch) {
    CompletableFuture<Map<String, String>> appended =
        journal.table.append(batch).toCompletableFuture();
    assertThat(appended).succeedsWithin(BOUND);
    return appended.join();
  }
}

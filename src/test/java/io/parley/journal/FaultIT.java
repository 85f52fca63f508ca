package io.parley.journal;

import static io.parley.journal.Writes.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.parley.journal.WriteFailure.Reason;
import io.parley.testing.TestPostgres;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A database that is slow, gone, or answers too late; a queue that is full. */
class FaultIT {

  private static final String URL = TestPostgres.freshDatabase();
  private static final Duration BOUND = Duration.ofSeconds(20);

  private final JournalFixture journal = new JournalFixture(URL, 1, 10);

  /** The first write opens the connection, which the faults then hit. */
  @BeforeEach
  void connect() {
    journal.store(write("first", 1, 1, "w"));
  }

  @AfterEach
  void close() {
    journal.close();
  }

  @Test
  void aResetBetweenInsertAndCommitReplyIsUnknownAndTheSameWriteAgainSucceeds() {
    journal.proxy.holdReplies();
    PendingWrite write = write("a", 1, 2, "w");
    journal.send(write);
    await().until(() -> journal.proxy.heldReplyBytes() > 0);
    journal.proxy.reset();

    WriteFailure failure = journal.failureOf(write);
    assertThat(failure.reason()).isEqualTo(Reason.UNKNOWN);
    assertThat(failure.maybeStored()).isTrue();
    journal.proxy.heal();
    assertThat(journal.stored("a")).as("it was committed").containsExactly("1:w:a1", "2:w:a2");

    journal.store(write("a", 1, 2, "w"));
    assertThat(journal.stored("a")).hasSize(2);
    assertThat(journal.activity.counters().unknown()).isEqualTo(1);
  }

  @Test
  void aCommitThatLandsAfterItsTimeOutFencesOffWhoDidNotSeeIt() {
    journal.proxy.holdRequests();
    PendingWrite late = write("a", 1, 1, "before");
    journal.send(late);

    assertThat(journal.failureOf(late).reason()).isEqualTo(Reason.UNKNOWN);
    assertThat(journal.stored("a")).isEmpty();
    journal.proxy.heal();
    await().atMost(BOUND).until(() -> journal.stored("a").size() == 1);

    PendingWrite next = write("a", 1, 1, "after");
    journal.send(next);
    assertThat(journal.failureOf(next).reason()).isEqualTo(Reason.FENCED);
    assertThat(journal.stored("a")).containsExactly("1:before:a1");
  }

  @Test
  void aConnectionThatTimedOutIsNotUsedAgain() {
    journal.proxy.blackhole();
    PendingWrite lost = write("a", 1, 1, "w");
    journal.send(lost);

    assertThat(journal.failureOf(lost).reason()).isEqualTo(Reason.UNKNOWN);
    // What the old connection still brings must not be taken for the answer of the next statement.
    journal.proxy.heal();
    PendingWrite next = write("b", 1, 3, "w");
    journal.store(next);
    assertThat(journal.stored("b")).hasSize(3);
  }

  @Test
  void aDatabaseThatIsAwayFailsTheWriteAndTakesTheNextOne() {
    journal.proxy.refuse();
    journal.proxy.disconnect();
    await().until(() -> journal.proxy.connections() == 0);
    PendingWrite lost = write("a", 1, 1, "w");
    journal.send(lost);

    assertThat(journal.failureOf(lost).maybeStored()).isFalse();
    journal.proxy.heal();
    journal.store(write("a", 1, 1, "w"));
  }

  @Test
  void aSlowDatabaseEndsTheStatementAndNothingOfItIsStored() throws SQLException {
    PendingWrite slow = write("a", 1, 1, "w");
    try (Connection session = journal.connect();
        Statement statement = session.createStatement()) {
      session.setAutoCommit(false);
      statement.execute("LOCK TABLE event_journal IN SHARE ROW EXCLUSIVE MODE");
      journal.send(slow);

      WriteFailure failure = journal.failureOf(slow);
      assertThat(failure.reason()).isEqualTo(Reason.NOT_STORED);
      assertThat(failure).hasMessageContaining("57014");
    }
    journal.store(write("b", 1, 1, "w"));
    assertThat(journal.stored("a")).isEmpty();
  }

  @Test
  void aFullQueueFailsAtOnceAndIsCounted() {
    journal.closeGate();
    PendingWrite fills = write("a", 1, 10, "w");
    PendingWrite tooMany = write("b", 1, 1, "w");
    journal.send(fills);

    journal.send(tooMany);

    assertThat(tooMany.result()).isCompletedExceptionally();
    assertThat(journal.failureOf(tooMany).reason()).isEqualTo(Reason.OVERLOADED);
    assertThat(journal.activity.counters().rejected()).isEqualTo(1);
    assertThat(journal.activity.counters().queuedRows()).isEqualTo(10);
    journal.openGate();
    assertThat(fills.result()).succeedsWithin(BOUND);
    journal.store(write("b", 1, 1, "w"));
  }

  @Test
  void whatWaitedPastItsBoundIsNeverSent() {
    journal.closeGate();
    PendingWrite inFlight = write("a", 1, 1, "w");
    PendingWrite waits = write("b", 1, 1, "w");
    PendingWrite builtOnIt = write("b", 2, 1, "w");
    for (PendingWrite write : List.of(inFlight, waits, builtOnIt)) {
      journal.send(write);
    }
    journal.nanoTime.addAndGet(Duration.ofSeconds(6).toNanos());
    journal.openGate();

    assertThat(inFlight.result()).succeedsWithin(BOUND);
    assertThat(journal.failureOf(waits).reason()).isEqualTo(Reason.WAITED_TOO_LONG);
    assertThat(journal.failureOf(builtOnIt).reason()).isEqualTo(Reason.PREDECESSOR_FAILED);
    assertThat(journal.stored("b")).isEmpty();
    assertThat(journal.activity.counters().dropped()).isEqualTo(1);
  }

  @Test
  void theHighestSequenceNumberWaitsForWhatIsUnderWay() {
    journal.closeGate();
    journal.send(write("a", 1, 1, "w"));
    journal.send(write("a", 2, 1, "w"));

    var settled = journal.commits.settled("a").toCompletableFuture();

    assertThat(settled).isNotDone();
    assertThat(journal.commits.settled("b").toCompletableFuture()).isCompleted();
    journal.openGate();
    assertThat(settled).succeedsWithin(BOUND);
    assertThat(journal.stored("a")).hasSize(2);
  }

  @Test
  void aHugeEventIsStoredByteForByteAndReadInAPageOfItsOwn() {
    byte[] huge = new byte[20 << 20];
    new Random(1).nextBytes(huge);
    try (JournalFixture patient = new JournalFixture(URL, 1, 1_000, Duration.ofSeconds(10))) {
      patient.store(write("a", 1, "w", huge));
      patient.store(write("a", 2, 3, "w"));

      var page = patient.table.page("a", 1, 4, 100, 4 << 20).toCompletableFuture();

      assertThat(page).succeedsWithin(BOUND);
      assertThat(page.join()).hasSize(1);
      assertThat(page.join().get(0).event().bytes()).isEqualTo(huge);
      var rest = patient.table.page("a", 2, 4, 100, 4 << 20).toCompletableFuture();
      assertThat(rest).succeedsWithin(BOUND);
      assertThat(rest.join()).extracting(EventRow::sequenceNr).containsExactly(2L, 3L, 4L);
    }
  }

  @Test
  void everyCommitNudgesAndNoFailureDoes() {
    int[] nudges = new int[1];
    Runnable stop = journal.activity.onCommit(() -> nudges[0]++);

    journal.store(write("a", 1, 1, "w"));
    journal.send(write("a", 1, 1, "stranger"));
    assertThat(journal.commits.settled("a").toCompletableFuture()).succeedsWithin(BOUND);
    assertThat(nudges[0]).isEqualTo(1);

    stop.run();
    journal.store(write("a", 2, 1, "w"));
    assertThat(nudges[0]).isEqualTo(1);
  }
}

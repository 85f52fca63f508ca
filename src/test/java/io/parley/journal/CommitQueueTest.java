package io.parley.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CommitQueueTest {

  private final CommitQueue queue =
      new CommitQueue(new CommitQueue.Limits(2, 1, 3, 100_000, 6, 200_000, Duration.ofNanos(10)));

  @Test
  void anIdleQueueSendsAtOnce() {
    PendingWrite a = write("a", 1);

    assertThat(queue.offer(a, 0)).isTrue();

    assertThat(next()).containsExactly(a);
  }

  @Test
  void writesOfManyIdsGatherWhileOthersAreInFlight() {
    offer(write("a", 1));
    next();
    offer(write("b", 1));
    next();
    List<PendingWrite> gathered = List.of(write("c", 1), write("d", 1), write("e", 1));
    gathered.forEach(this::offer);

    assertThat(next()).as("two are in flight").isEmpty();
    queue.batchEnded();

    assertThat(next()).containsExactlyElementsOf(gathered);
  }

  @Test
  void aSecondBatchGoesBesideTheFirstOnceItIsWorthACommit() {
    CommitQueue choosy = choosy();
    choosy.offer(write("a", 1), 0);
    next(choosy, 0);
    List<PendingWrite> few = List.of(write("b", 1), write("c", 1));
    few.forEach(write -> choosy.offer(write, 0));
    assertThat(next(choosy, 0)).as("two aren't worth it").isEmpty();

    PendingWrite third = write("d", 1);
    choosy.offer(third, 0);
    assertThat(next(choosy, 0)).containsExactly(few.get(0), few.get(1), third);
  }

  @Test
  void aSecondBatchGoesWhateverItsSizeWhenTheFirstIsHeldUp() {
    CommitQueue choosy = choosy();
    choosy.offer(write("a", 1), 0);
    next(choosy, 0);
    PendingWrite other = write("b", 1);
    long late = CommitQueue.HELD_UP.toNanos() + 1;
    choosy.offer(other, late);
    assertThat(next(choosy, late - 1)).isEmpty();
    assertThat(next(choosy, late)).containsExactly(other);
  }

  @Test
  void whatIsNotWorthACommitBesideAnotherGoesAfterIt() {
    CommitQueue choosy = choosy();
    choosy.offer(write("a", 1), 0);
    next(choosy, 0);
    PendingWrite other = write("b", 1);
    choosy.offer(other, 0);
    choosy.batchEnded();
    assertThat(next(choosy, 0)).containsExactly(other);
  }

  private static CommitQueue choosy() {
    return new CommitQueue(
        new CommitQueue.Limits(2, 3, 9, 100_000, 99, 200_000, Duration.ofSeconds(5)));
  }

  private static List<PendingWrite> next(CommitQueue queue, long now) {
    return queue.next(now, late -> {}, built -> {});
  }

  @Test
  void twoWritesOfOneIdAreNeverInFlightTogether() {
    PendingWrite a1 = write("a", 1);
    PendingWrite a2 = write("a", 2);
    offer(a1);
    offer(a2);

    assertThat(next()).containsExactly(a1);
    assertThat(next()).isEmpty();
    queue.batchEnded();
    assertThat(next()).as("the first has no answer yet").isEmpty();
    queue.stored(a1);

    assertThat(next()).containsExactly(a2);
  }

  @Test
  void aFullQueueTakesNothingMoreUntilSomethingEnds() {
    PendingWrite four = write("a", 1, 4);
    offer(four);
    PendingWrite three = write("b", 1, 3);

    assertThat(queue.offer(three, 0)).isFalse();
    assertThat(queue.last("b")).isEmpty();

    next();
    queue.batchEnded();
    queue.stored(four);
    assertThat(queue.offer(three, 0)).isTrue();
  }

  @Test
  void aWriteLargerThanEveryLimitGoesAlone() {
    PendingWrite huge = write("a", 1, 50);
    PendingWrite small = write("b", 1);

    assertThat(queue.offer(huge, 0)).isTrue();
    assertThat(queue.offer(small, 0)).as("the huge one fills the queue").isFalse();
    assertThat(next()).containsExactly(huge);
  }

  @Test
  void whatWaitedTooLongIsDroppedWithWhatIsBuiltOnIt() {
    PendingWrite late = write("a", 1);
    PendingWrite builtOnIt = write("a", 2);
    PendingWrite inTime = write("b", 1);
    queue.offer(late, 0);
    queue.offer(builtOnIt, 5);
    queue.offer(inTime, 5);
    List<PendingWrite> tooLate = new ArrayList<>();
    List<PendingWrite> lost = new ArrayList<>();

    assertThat(queue.next(11, tooLate::add, lost::add)).containsExactly(inTime);

    assertThat(tooLate).containsExactly(late);
    assertThat(lost).containsExactly(builtOnIt);
    assertThat(queue.last("a")).isEmpty();
    assertThat(queue.rows()).isEqualTo(1);
  }

  @Test
  void whatIsBehindAFailedWriteFailsWithIt() {
    PendingWrite a1 = write("a", 1);
    PendingWrite a2 = write("a", 2);
    PendingWrite a3 = write("a", 3);
    List.of(a1, a2, a3).forEach(this::offer);
    next();
    queue.batchEnded();
    List<PendingWrite> lost = new ArrayList<>();

    queue.failed(a1, lost::add);

    assertThat(lost).containsExactly(a2, a3);
    assertThat(queue.rows()).isZero();
    assertThat(queue.bytes()).isZero();
  }

  @Test
  void aRefusedBatchGoesAgainWriteByWriteBeforeAllOthers() {
    PendingWrite a = write("a", 1);
    PendingWrite b = write("b", 1);
    PendingWrite later = write("c", 1);
    offer(a);
    offer(b);
    next();
    offer(later);
    queue.batchEnded();
    queue.sendAlone(a);
    queue.sendAlone(b);

    assertThat(next()).containsExactly(b);
    assertThat(next()).containsExactly(a);
    queue.batchEnded();
    assertThat(next()).containsExactly(later);
  }

  private List<PendingWrite> next() {
    return queue.next(0, CommitQueueTest::never, CommitQueueTest::never);
  }

  private void offer(PendingWrite write) {
    assertThat(queue.offer(write, 0)).isTrue();
  }

  private static PendingWrite write(String id, long sequenceNr) {
    return write(id, sequenceNr, 1);
  }

  private static PendingWrite write(String id, long sequenceNr, int rows) {
    return Writes.write(id, sequenceNr, rows, "writer");
  }

  private static void never(PendingWrite write) {
    throw new AssertionError("Given up: " + write);
  }
}

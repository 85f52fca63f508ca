package io.parley.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Random offers, answers in any order, failures, refusals and late clocks, seeded. Checked at every
 * step: limits, one write per id in flight, and that each id's writes are sent in order, without a
 * write after one that failed. Checked at the end: every write has ended exactly once.
 */
class CommitQueueSimulationTest {

  private static final int SEEDS = 2_000;
  private static final int STEPS = 300;

  @Test
  void keepsItsRulesUnderEverySchedule() {
    for (long seed = 0; seed < SEEDS; seed++) {
      try {
        new Simulation(seed).run();
      } catch (AssertionError e) {
        throw new AssertionError("seed " + seed, e);
      }
    }
  }

  private static final class Simulation {
    private final Random random;
    private final CommitQueue.Limits limits;
    private final CommitQueue queue;
    private final List<List<PendingWrite>> inFlight = new ArrayList<>();
    private final Set<PendingWrite> waiting = new HashSet<>();
    private final Map<String, Long> next = new HashMap<>();
    private final Map<String, Long> sentUpTo = new HashMap<>();
    private long now;
    private int offered;
    private int ended;

    Simulation(long seed) {
      random = new Random(seed);
      limits =
          new CommitQueue.Limits(
              1 + random.nextInt(3),
              1 + random.nextInt(4),
              1 + random.nextInt(5),
              1_000 + random.nextInt(2_000),
              5 + random.nextInt(30),
              2_000 + random.nextInt(20_000),
              Duration.ofNanos(20 + random.nextInt(100)));
      queue = new CommitQueue(limits);
    }

    void run() {
      for (int i = 0; i < STEPS; i++) {
        now += random.nextInt(4);
        switch (random.nextInt(3)) {
          case 0 -> offer();
          case 1 -> send();
          default -> answer();
        }
      }
      while (!inFlight.isEmpty() || queue.rows() > 0) {
        now++;
        send();
        answer();
      }
      assertThat(ended).isEqualTo(offered);
      assertThat(queue.bytes()).isZero();
      assertThat(queue.inFlight()).isZero();
      assertThat(waiting).isEmpty();
    }

    private void offer() {
      String id = "id" + random.nextInt(8);
      int rows = 1 + random.nextInt(3);
      long sequenceNr = next.getOrDefault(id, 1L);
      PendingWrite write = Writes.write(id, sequenceNr, rows, "w");
      boolean empty = queue.rows() == 0;
      boolean taken = queue.offer(write, now);
      assertThat(taken || !empty).as("an empty queue takes anything").isTrue();
      if (taken) {
        offered++;
        waiting.add(write);
        next.put(id, sequenceNr + rows);
        assertThat(empty || queue.rows() <= limits.rows()).isTrue();
        assertThat(empty || queue.bytes() <= limits.bytes()).isTrue();
      }
    }

    private void send() {
      List<PendingWrite> batch = queue.next(now, this::givenUp, this::givenUp);
      if (batch.isEmpty()) {
        return;
      }
      inFlight.add(batch);
      assertThat(inFlight.size())
          .isEqualTo(queue.inFlight())
          .isLessThanOrEqualTo(limits.batchesInFlight());
      int rows = batch.stream().mapToInt(write -> write.rows().size()).sum();
      assertThat(batch.size() == 1 || rows <= limits.batchRows()).isTrue();
      Set<String> ids = new HashSet<>();
      for (List<PendingWrite> flying : inFlight) {
        for (PendingWrite write : flying) {
          assertThat(ids.add(write.persistenceId())).as("one in flight per id").isTrue();
        }
      }
      for (PendingWrite write : batch) {
        assertThat(waiting.remove(write)).as("sent once").isTrue();
        long first = write.rows().get(0).sequenceNr();
        assertThat(first).isEqualTo(sentUpTo.getOrDefault(write.persistenceId(), 0L) + 1);
      }
    }

    private void answer() {
      if (inFlight.isEmpty()) {
        return;
      }
      List<PendingWrite> batch = inFlight.remove(random.nextInt(inFlight.size()));
      boolean refused = batch.size() > 1 && random.nextInt(10) == 0;
      queue.batchEnded();
      for (PendingWrite write : batch) {
        String id = write.persistenceId();
        if (refused) {
          queue.sendAlone(write);
          waiting.add(write);
        } else if (random.nextInt(10) == 0) {
          ended++;
          queue.failed(write, this::givenUp);
          startAgain(id, write);
        } else {
          ended++;
          queue.stored(write);
          sentUpTo.put(id, write.rows().get(0).sequenceNr() + write.rows().size() - 1);
        }
      }
    }

    private void givenUp(PendingWrite write) {
      assertThat(waiting.remove(write)).as("ended once").isTrue();
      ended++;
      startAgain(write.persistenceId(), write);
    }

    /** As an actor that recovers: goes on after what is stored. */
    private void startAgain(String id, PendingWrite failed) {
      assertThat(queue.last(id)).as("after " + failed).isEmpty();
      next.put(id, sentUpTo.getOrDefault(id, 0L) + 1);
    }
  }
}

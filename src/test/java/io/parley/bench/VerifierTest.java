package io.parley.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.bench.Verifier.Reader;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** A clean run of two people, changed in one way each: the verifier has to notice. */
class VerifierTest {
  private static final int MESSAGES = 10;

  private final Verifier verifier = new Verifier();
  private final Lane lane = new Lane(0, 1, 2);
  private final Lane back = new Lane(1, 2, 1);
  private final Lane others = new Lane(2, 3, 4);

  /** What one session is shown. */
  private record Shown(long seq, int lane, long n) {}

  private List<String> verdict(Consumer<List<Shown>> mutant) {
    verifier.watch(lane);
    verifier.watch(back);
    Reader author = verifier.readerAt(1, 1, lane, back);
    Reader addressee = verifier.readerAt(2, 1, lane, back);
    List<Shown> all = new ArrayList<>();
    for (int n = 1; n <= MESSAGES; n++) {
      lane.next();
      verifier.accepted(lane, n);
      all.add(new Shown(n + 1, 0, n));
    }
    all.forEach(one -> verifier.shown(author, one.seq(), one.lane(), one.n()));
    mutant.accept(all);
    all.forEach(one -> verifier.shown(addressee, one.seq(), one.lane(), one.n()));
    return verifier.verdict();
  }

  @Test
  void aCleanRunIsClean() {
    assertThat(verdict(all -> {})).isEmpty();
    assertThat(verifier.isComplete()).isTrue();
  }

  @Test
  void aLostMessageIsNoticed() {
    assertThat(verdict(all -> all.remove(4))).isNotEmpty();
  }

  @Test
  void theLastOneLostIsNoticed() {
    assertThat(verdict(all -> all.remove(MESSAGES - 1)))
        .containsExactly("person 2 was shown 9 of the 10 messages of lane 0");
    assertThat(verifier.isComplete()).isFalse();
  }

  @Test
  void oneLostWhosePlaceAnotherTookIsNoticed() {
    assertThat(
            verdict(
                all -> {
                  all.remove(4);
                  all.replaceAll(one -> one.n() > 5 ? moved(one, -1) : one);
                }))
        .contains("person 2: lane 0 shows number 6 after 4");
  }

  @Test
  void aDoubledMessageIsNoticed() {
    assertThat(verdict(all -> all.add(5, all.get(4)))).contains("person 2: seq 6 after 6");
  }

  @Test
  void oneStoredTwiceIsNoticed() {
    assertThat(
            verdict(
                all -> {
                  all.replaceAll(one -> one.n() > 5 ? moved(one, 1) : one);
                  all.add(5, new Shown(7, 0, 5));
                }))
        .contains("person 2: lane 0 shows number 5 after 5");
  }

  @Test
  void swappedMessagesAreNoticed() {
    assertThat(verdict(all -> Collections.swap(all, 3, 4))).isNotEmpty();
  }

  @Test
  void thoseStoredInTheOtherOrderAreNoticed() {
    assertThat(
            verdict(
                all -> {
                  all.set(3, new Shown(5, 0, 5));
                  all.set(4, new Shown(6, 0, 4));
                }))
        .contains("person 2: lane 0 shows number 5 after 3");
  }

  @Test
  void aMessageOfOthersIsNoticed() {
    assertThat(verdict(all -> all.add(new Shown(MESSAGES + 2, others.number(), 1))))
        .containsExactly("person 2 was shown a message of others: lane 2, number 1");
  }

  @Test
  void oneThatNobodySentIsNoticed() {
    assertThat(verdict(all -> all.add(new Shown(MESSAGES + 2, 0, MESSAGES + 1))))
        .containsExactly("person 2 was shown 11 of the 10 messages of lane 0");
  }

  @Test
  void oneThatIsNeverAcceptedIsNoticed() {
    assertThat(
            verdict(
                all -> {
                  lane.next();
                }))
        .contains("lane 0: 11 sent, 10 of them accepted");
  }

  @Test
  void oneThatIsAcceptedTwiceIsNoticed() {
    assertThat(verdict(all -> verifier.accepted(lane, MESSAGES)))
        .containsExactly("lane 0: number 10 accepted twice");
  }

  @Test
  void oneThatIsAcceptedBeforeItWasSentIsNoticed() {
    assertThat(verdict(all -> verifier.accepted(lane, MESSAGES + 1)))
        .containsExactly("lane 0: number 11 accepted, and only 10 were sent");
  }

  @Test
  void answersThatOvertakeEachOtherAreNoFaultAndEachCountsOnce() {
    for (int i = 0; i < 5; i++) {
      lane.next();
    }
    verifier.watch(lane);
    for (long n : new long[] {3, 5, 2}) {
      verifier.accepted(lane, n);
    }
    assertThat(lane.accepted()).isZero();
    assertThat(lane.inFlight()).isEqualTo(2);
    verifier.accepted(lane, 1);
    assertThat(lane.accepted()).isEqualTo(3);
    assertThat(lane.inFlight()).isEqualTo(1);
    assertThat(verifier.isClean()).isTrue();
    verifier.accepted(lane, 5);
    assertThat(verifier.verdict())
        .containsExactly("lane 0: number 5 accepted twice", "lane 0: 5 sent, 4 of them accepted");
    verifier.accepted(lane, 4);
    assertThat(lane.accepted()).isEqualTo(5);
    assertThat(lane.inFlight()).isZero();
  }

  @Test
  void marksTakeTheirPlaceAmongSequenceNumbersAndOnlyRise() {
    lane.mark(5);
    lane.mark(9);
    Reader author = verifier.readerAt(1, 9, lane, back);
    verifier.marked(author, 10, lane, 5);
    verifier.marked(author, 11, lane, 9);
    assertThat(verifier.isClean()).isTrue();
    verifier.marked(author, 12, lane, 9);
    verifier.marked(author, 14, lane, 10);
    assertThat(verifier.verdict())
        .containsExactly(
            "person 1: lane 0 is marked up to 9 after 9",
            "person 1: seq 14 after 12",
            "person 1: lane 0 is marked up to 10, and nobody said more than 9");
  }

  @Test
  void oneThatReturnsIsShownAllFromTheStart() {
    verifier.watch(lane);
    lane.next();
    verifier.accepted(lane, 1);
    Reader returning = verifier.readerFromStart(2, lane, back);
    verifier.shownOther(returning, 1);
    assertThat(verifier.isComplete()).isFalse();
    verifier.shown(returning, 2, 0, 1);
    assertThat(verifier.isComplete()).isTrue();
    assertThat(verifier.verdict()).isEmpty();
  }

  @Test
  void aFloodOfFaultsIsCounted() {
    for (int i = 0; i < 1_000; i++) {
      verifier.fault("fault %d".formatted(i));
    }
    assertThat(verifier.verdict()).hasSize(21).endsWith("and 980 more");
  }

  private static Shown moved(Shown one, int by) {
    return new Shown(one.seq() + by, one.lane(), one.n());
  }
}

package io.parley.conversation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.parley.model.UserId;
import org.junit.jupiter.api.Test;

/** What is remembered of numbers, of outboxes, and of numbers spent, at the limits. */
final class NumbersTest {
  private static final UserId ADA = new UserId("u_ada");
  private static final UserId BOB = new UserId("u_bob");

  @Test
  void remembersAWholeWindowAndNotOneMore() {
    Numbers numbers = Numbers.NONE;
    for (int n = 1; n <= Numbers.WINDOW + 1; n++) {
      numbers = numbers.used(n, 10 + n);
    }
    assertThat(numbers.remembers(1)).isFalse();
    assertThat(numbers.remembers(2)).isTrue();
    assertThat(numbers.seqOf(2)).isEqualTo(12);
    assertThat(numbers.seqOf(Numbers.WINDOW + 1)).isEqualTo(10 + Numbers.WINDOW + 1);
    assertThat(numbers.remembers(Numbers.WINDOW + 2)).isFalse();
  }

  @Test
  void knowsThatNumbersPassedOverWereSpent() {
    Numbers numbers = Numbers.NONE.used(1, 5).used(4, 9);
    assertThat(numbers.seqOf(1)).isEqualTo(5);
    assertThat(numbers.seqOf(2)).isEqualTo(Numbers.NOT_STORED);
    assertThat(numbers.seqOf(3)).isEqualTo(Numbers.NOT_STORED);
    assertThat(numbers.seqOf(4)).isEqualTo(9);
    assertThat(Numbers.restored(4, numbers.seqs())).isEqualTo(numbers);
  }

  @Test
  void forgetsTheWindowWhenManyArePassedOver() {
    Numbers numbers = Numbers.NONE.used(1, 5).used(1 + 3 * Numbers.WINDOW, 9);
    assertThat(numbers.remembers(1)).isFalse();
    assertThat(numbers.seqs()).hasSize(Numbers.WINDOW).startsWith(9L, 0L);
  }

  @Test
  void usesNoNumberTwice() {
    Numbers numbers = Numbers.NONE.used(2, 5);
    assertThatThrownBy(() -> numbers.used(2, 6)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void tellsAForgottenOutboxFromANewOne() {
    Outboxes outboxes = Outboxes.NONE;
    for (long outbox = 2; outbox <= Outboxes.LIMIT + 2; outbox++) {
      outboxes = outboxes.with(outbox, Numbers.NONE.used(1, outbox));
    }
    assertThat(outboxes.highestEvicted()).isEqualTo(2);
    assertThat(outboxes.find(1)).isEmpty();
    assertThat(outboxes.find(2)).isEmpty();
    assertThat(outboxes.find(3)).isPresent();
    assertThat(outboxes.find(Outboxes.LIMIT + 3)).contains(Numbers.NONE);
  }

  @Test
  void takesNoLowerOutboxOnceItIsFull() {
    Outboxes outboxes = Outboxes.NONE;
    for (long outbox = 11; outbox < 11 + Outboxes.LIMIT; outbox++) {
      outboxes = outboxes.with(outbox, Numbers.NONE.used(1, outbox));
    }
    assertThat(outboxes.highestEvicted()).isZero();
    assertThat(outboxes.find(10)).isEmpty();
  }

  @Test
  void remembersSpentNumbersUntilAnEventTellsOfThem() {
    SpentNumbers spent = SpentNumbers.NONE.with(ADA, 1, 2).with(ADA, 1, 3);
    assertThat(spent.last(ADA, 1)).isEqualTo(3);
    assertThat(spent.last(BOB, 1)).isZero();
    assertThat(spent.without(ADA, 1, 2).last(ADA, 1)).isEqualTo(3);
    assertThat(spent.without(ADA, 1, 4).last(ADA, 1)).isZero();
  }

  @Test
  void letsNobodyCrowdOutTheOther() {
    SpentNumbers spent = SpentNumbers.NONE.with(BOB, 1, 1);
    for (long outbox = 1; outbox <= Outboxes.LIMIT + 1; outbox++) {
      spent = spent.with(ADA, outbox, 1);
    }
    assertThat(spent.last(BOB, 1)).isEqualTo(1);
    assertThat(spent.last(ADA, 1)).isZero();
    assertThat(spent.last(ADA, 2)).isEqualTo(1);
  }

  @Test
  void standsStillOnlyWhileNothingIsStored() {
    Standstill standstill = new Standstill();
    long limit = Standstill.LIMIT.toMillis();
    assertThat(standstill.outOfOrder(7, 0)).isFalse();
    assertThat(standstill.outOfOrder(7, limit - 1)).isFalse();
    assertThat(standstill.outOfOrder(8, limit)).isFalse();
    assertThat(standstill.outOfOrder(8, 2 * limit - 1)).isFalse();
    assertThat(standstill.outOfOrder(8, 2 * limit)).isTrue();
  }
}

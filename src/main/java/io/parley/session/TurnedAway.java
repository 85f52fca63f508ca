package io.parley.session;

import io.parley.model.OutboxNumber;
import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Numbers of one outbox that found no room and are to be sent again. Until the lowest has come,
 * whatever stands behind it is out of order.
 */
final class TurnedAway {
  /**
   * For so long the lowest is waited for, at most: another session of the same device may have sent
   * it since. That is longer than answers take when much is carried, and as long as its client is
   * held back for it: what comes behind would be asked in vain before.
   */
  static final long REMEMBERED_NANOS = Intake.CALM.toNanos();

  /** Only the lowest are remembered: a client may send as many as it likes. */
  static final int LIMIT = 256;

  private static final SortedSet<Long> NONE = Collections.emptySortedSet();

  private SortedSet<Long> numbers = NONE;
  private long outbox;
  private long untilNanos;

  void add(OutboxNumber number, long now) {
    if (isEmpty(now) || number.outbox() != outbox) {
      numbers = new TreeSet<>();
      outbox = number.outbox();
    }
    numbers.add(number.n());
    if (numbers.first() == number.n()) {
      untilNanos = now + REMEMBERED_NANOS;
    }
    if (numbers.size() > LIMIT) {
      numbers.remove(numbers.last());
    }
  }

  /** It has come again. */
  void remove(OutboxNumber number, long now) {
    if (!isEmpty(now) && number.outbox() == outbox && numbers.remove(number.n())) {
      untilNanos = now + REMEMBERED_NANOS;
    }
  }

  /** Whether one that is to be sent again is lower than this. */
  boolean isBefore(OutboxNumber number, long now) {
    return !isEmpty(now) && number.outbox() == outbox && numbers.first() < number.n();
  }

  boolean isEmpty(long now) {
    if (!numbers.isEmpty() && now - untilNanos >= 0) {
      numbers = NONE;
    }
    return numbers.isEmpty();
  }
}

package io.parley.conversation;

import java.util.Collections;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The outboxes that a conversation remembers of one participant: those with the highest ordinals,
 * at most {@link #LIMIT}. Ordinals are minted rising, so that the one forgotten is the oldest, and
 * a forgotten one can be told from one that is new here.
 *
 * @param numbers by ordinal
 * @param highestEvicted the highest ordinal ever forgotten, 0 when none was
 */
record Outboxes(NavigableMap<Long, Numbers> numbers, long highestEvicted) {
  static final int LIMIT = 32;
  static final Outboxes NONE = new Outboxes(Collections.emptyNavigableMap(), 0);

  Outboxes {
    numbers = Collections.unmodifiableNavigableMap(numbers);
  }

  static Outboxes restored(Map<Long, Numbers> numbers, long highestEvicted) {
    return new Outboxes(new TreeMap<>(numbers), highestEvicted);
  }

  /** What is known of an outbox: nothing yet for a new one; empty for one that was forgotten. */
  Optional<Numbers> find(long outbox) {
    Numbers known = numbers.get(outbox);
    if (known != null) {
      return Optional.of(known);
    }
    boolean tooLow = numbers.size() >= LIMIT && outbox < numbers.firstKey();
    return outbox <= highestEvicted || tooLow ? Optional.empty() : Optional.of(Numbers.NONE);
  }

  Outboxes with(long outbox, Numbers changed) {
    TreeMap<Long, Numbers> next = new TreeMap<>(numbers);
    next.put(outbox, changed);
    long evicted = highestEvicted;
    while (next.size() > LIMIT) {
      evicted = Math.max(evicted, next.pollFirstEntry().getKey());
    }
    return new Outboxes(next, evicted);
  }
}

package io.parley.conversation;

import io.parley.model.UserId;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Numbers used for nothing, by a refusal that every copy of the operation would meet, and that no
 * event has told of yet: per outbox the last one. Kept in memory only. After a crash such a number
 * is expected once more, which a client answers by skipping it.
 */
final class SpentNumbers {
  static final SpentNumbers NONE = new SpentNumbers(Map.of());

  private final Map<Key, Long> last;

  private record Key(UserId by, long outbox) {}

  private SpentNumbers(Map<Key, Long> last) {
    this.last = last;
  }

  /** The last number spent, 0 when none is. */
  long last(UserId by, long outbox) {
    return last.getOrDefault(new Key(by, outbox), 0L);
  }

  SpentNumbers with(UserId by, long outbox, long n) {
    Map<Key, Long> next = new HashMap<>(last);
    next.merge(new Key(by, outbox), n, Math::max);
    if (next.size() > Outboxes.LIMIT) {
      forgetLowest(by, next);
    }
    return new SpentNumbers(next);
  }

  /** Each participant has as many as are remembered of outboxes; nobody crowds out the other. */
  private static void forgetLowest(UserId by, Map<Key, Long> numbers) {
    List<Key> mine = numbers.keySet().stream().filter(key -> key.by().equals(by)).toList();
    if (mine.size() > Outboxes.LIMIT) {
      mine.stream().min(Comparator.comparingLong(Key::outbox)).ifPresent(numbers::remove);
    }
  }

  /** Drops what the state knows by now. */
  SpentNumbers without(UserId by, long outbox, long used) {
    Key key = new Key(by, outbox);
    if (last.getOrDefault(key, Long.MAX_VALUE) > used) {
      return this;
    }
    Map<Key, Long> next = new HashMap<>(last);
    next.remove(key);
    return new SpentNumbers(next);
  }
}

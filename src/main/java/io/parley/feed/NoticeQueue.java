package io.parley.feed;

import io.parley.model.UserId;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Who has to be told what. Notices to one person go one at a time, in the order of their versions;
 * what comes meanwhile is put together. Bounded: what is too much, or failed too often, is dropped,
 * because versions show that it is missing.
 */
final class NoticeQueue {
  static final int MAX_ATTEMPTS = 3;
  private static final int MAX_WAITING = 10_000;

  private final int maxInFlight;
  private final Map<UserId, Waiting> waiting = new LinkedHashMap<>();
  private final Map<UserId, Waiting> inFlight = new HashMap<>();
  private long dropped;

  NoticeQueue(int maxInFlight) {
    this.maxInFlight = maxInFlight;
  }

  private record Waiting(HeadNotice notice, int attempts) {}

  void add(Map<UserId, HeadNotice> notices) {
    notices.forEach(
        (user, notice) -> {
          if (waiting.containsKey(user) || waiting.size() < MAX_WAITING) {
            waiting.merge(user, new Waiting(notice, 0), NoticeQueue::together);
          } else {
            dropped++;
          }
        });
  }

  /** The next one to tell, which is then under way until it has ended. */
  Optional<Map.Entry<UserId, HeadNotice>> next() {
    if (inFlight.size() >= maxInFlight) {
      return Optional.empty();
    }
    for (Map.Entry<UserId, Waiting> candidate : waiting.entrySet()) {
      UserId user = candidate.getKey();
      if (!inFlight.containsKey(user)) {
        Waiting next = candidate.getValue();
        waiting.remove(user);
        inFlight.put(user, next);
        return Optional.of(Map.entry(user, next.notice));
      }
    }
    return Optional.empty();
  }

  void ended(UserId user, boolean told) {
    Waiting ended = inFlight.remove(user);
    if (ended == null || told) {
      return;
    }
    if (ended.attempts + 1 >= MAX_ATTEMPTS) {
      dropped++;
    } else {
      waiting.merge(user, new Waiting(ended.notice, ended.attempts + 1), NoticeQueue::together);
    }
  }

  private static Waiting together(Waiting one, Waiting other) {
    return new Waiting(one.notice.and(other.notice), Math.max(one.attempts, other.attempts));
  }

  /** How many were given up since this was asked last. */
  long takeDropped() {
    long taken = dropped;
    dropped = 0;
    return taken;
  }
}

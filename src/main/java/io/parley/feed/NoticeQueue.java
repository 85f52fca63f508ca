package io.parley.feed;

import io.parley.model.UserId;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Who has to be told what. Notices to one person go one at a time, in the order of their versions;
 * what comes meanwhile is put together. Whoever failed to answer several times rests until {@link
 * #wake}, and is then tried once, in few of the places: those who can't be reached don't hold up
 * the others. Bounded: what is too much is dropped.
 */
final class NoticeQueue {
  static final int MAX_ATTEMPTS = 3;
  static final int MAX_WAITING = 10_000;
  static final int MAX_RESTING = 10_000;

  private final int maxInFlight;
  private final Map<UserId, Waiting> waiting = new LinkedHashMap<>();
  private final Map<UserId, HeadNotice> resting = new LinkedHashMap<>();
  private final Map<UserId, Waiting> inFlight = new HashMap<>();
  private int rested;
  private int restedInFlight;
  private long dropped;

  NoticeQueue(int maxInFlight) {
    this.maxInFlight = maxInFlight;
  }

  /** Under {@code hasRested}, one of the few places is taken. */
  private record Waiting(HeadNotice notice, int attempts, boolean hasRested) {
    Waiting and(Waiting other) {
      return new Waiting(notice.and(other.notice), Math.max(attempts, other.attempts), false);
    }
  }

  void add(Map<UserId, HeadNotice> notices) {
    notices.forEach(
        (user, notice) -> {
          if (resting.containsKey(user)) {
            resting.merge(user, notice, HeadNotice::and);
          } else if (waiting.containsKey(user) || waiting.size() < MAX_WAITING) {
            waiting.merge(user, new Waiting(notice, 0, false), Waiting::and);
          } else {
            dropped++;
          }
        });
  }

  /** Whether somebody who isn't in a hurry may add a page's notices. */
  boolean hasRoom() {
    return waiting.size() < MAX_WAITING / 2;
  }

  /** Everybody who rests now may be tried once more. */
  void wake() {
    rested = resting.size();
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
    return nextRested();
  }

  private Optional<Map.Entry<UserId, HeadNotice>> nextRested() {
    if (rested > 0 && restedInFlight < Math.max(1, maxInFlight / 2)) {
      for (Map.Entry<UserId, HeadNotice> candidate : resting.entrySet()) {
        UserId user = candidate.getKey();
        if (!inFlight.containsKey(user)) {
          HeadNotice notice = candidate.getValue();
          resting.remove(user);
          inFlight.put(user, new Waiting(notice, MAX_ATTEMPTS - 1, true));
          rested--;
          restedInFlight++;
          return Optional.of(Map.entry(user, notice));
        }
      }
    }
    return Optional.empty();
  }

  void ended(UserId user, boolean told) {
    Waiting ended = inFlight.remove(user);
    if (ended == null) {
      return;
    }
    if (ended.hasRested) {
      restedInFlight--;
    }
    if (told) {
      return;
    }
    if (ended.attempts + 1 < MAX_ATTEMPTS) {
      waiting.merge(user, new Waiting(ended.notice, ended.attempts + 1, false), Waiting::and);
    } else {
      rest(user, ended.notice);
    }
  }

  private void rest(UserId user, HeadNotice notice) {
    Waiting since = waiting.remove(user);
    HeadNotice all = since == null ? notice : notice.and(since.notice);
    if (resting.containsKey(user) || resting.size() < MAX_RESTING) {
      resting.merge(user, all, HeadNotice::and);
    } else {
      dropped++;
    }
  }

  /** How many were given up since this was asked last. */
  long takeDropped() {
    long taken = dropped;
    dropped = 0;
    return taken;
  }
}

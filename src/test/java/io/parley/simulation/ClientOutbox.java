package io.parley.simulation;

import io.parley.model.Operation;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The queue of one device in one conversation, by the protocol's rules: go back n with a window of
 * 8. It stops at any answer but accepted, waits until the window is answered or 5 s are over, and
 * begins again at the lowest unanswered, more slowly while the number expected stands still.
 *
 * <p>Pure; times are milliseconds of any steady clock.
 */
final class ClientOutbox {
  static final int WINDOW = 8;
  static final int WAIT_MILLIS = 5_000;
  private static final int BACKOFF_MILLIS = 50;
  private static final int WORST_BACKOFF_MILLIS = 4_000;
  private static final int REMEMBERED = 12;

  /** A numbered operation; empty for a skip. */
  record Item(long n, Optional<Operation> operation) {}

  private long outbox;
  private long lastGiven;
  private long lastAccepted;

  /** Not answered for good yet, lowest first. */
  private final TreeMap<Long, Item> queue = new TreeMap<>();

  /** Found out to be forgotten with the whole outbox, and not stored. */
  private final TreeSet<Long> expired = new TreeSet<>();

  /** Ever sent under the outbox as it is now; each of them may be stored. */
  private long highestSent;

  /** What each number was given to, whatever was sent under it since. */
  private final TreeMap<Long, Operation> given = new TreeMap<>();

  /** Answered for good last: what a copy of this device from a while ago still holds. */
  private final ArrayDeque<Item> answered = new ArrayDeque<>();

  private final TreeSet<Long> inFlight = new TreeSet<>();
  private long next = 1;
  private boolean stopped;
  private long stoppedAt;
  private long resumeAt;
  private long lastExpected;
  private int backoff = BACKOFF_MILLIS;

  ClientOutbox(long outbox) {
    this.outbox = outbox;
  }

  long outbox() {
    return outbox;
  }

  boolean isEmpty() {
    return queue.isEmpty();
  }

  long lowest() {
    return queue.firstKey();
  }

  List<Item> queued() {
    return List.copyOf(queue.values());
  }

  long add(Operation operation) {
    Item item = new Item(++lastGiven, Optional.of(operation));
    queue.put(item.n(), item);
    given.put(item.n(), operation);
    return item.n();
  }

  /** Gives a number up; whether it was stored before, the answer will tell. */
  void cancel(long n, long now) {
    if (queue.containsKey(n)) {
      queue.put(n, new Item(n, Optional.empty()));
      stop(now, 0);
    }
  }

  /** What to send now. */
  List<Item> due(long now) {
    boolean waited = inFlight.isEmpty() || now >= stoppedAt + WAIT_MILLIS;
    if (stopped && waited && now >= resumeAt) {
      stopped = false;
      inFlight.clear();
      next = 1;
    }
    List<Item> due = new ArrayList<>();
    if (!stopped && !queue.isEmpty()) {
      for (Item item : queue.tailMap(next).values()) {
        if (inFlight.size() >= WINDOW) {
          break;
        }
        inFlight.add(item.n());
        next = item.n() + 1;
        highestSent = Math.max(highestSent, item.n());
        due.add(item);
      }
    }
    return due;
  }

  void accepted(long n) {
    lastAccepted = Math.max(lastAccepted, n);
    backoff = BACKOFF_MILLIS;
    resolve(n);
  }

  /** Skipped or refused for good: nothing is stored under it. */
  void notStored(long n, long now) {
    resolve(n);
    stop(now, 0);
  }

  void retryable(long n, long now, long afterMillis) {
    inFlight.remove(n);
    stop(now, Math.max(afterMillis, slower()));
  }

  void outOfOrder(long n, long expected, long now) {
    inFlight.remove(n);
    stop(now, expected == lastExpected ? slower() : 0);
    lastExpected = expected;
    if (expected > lastAccepted && !queue.isEmpty()) {
      // These were refused or skipped, and the conversation has forgotten it.
      long lowest = queue.firstKey();
      for (long spent = expected; spent < lowest; spent++) {
        queue.put(spent, new Item(spent, Optional.empty()));
      }
    }
  }

  /** Not stored, and this outbox takes nothing more; the others in flight may be. */
  void expired(long n, long now) {
    inFlight.remove(n);
    expired.add(n);
    stop(now, 0);
  }

  /** Whether everything that was sent is known to be stored or not: time for another outbox. */
  boolean wantsAnother() {
    return !expired.isEmpty()
        && queue.headMap(highestSent, true).keySet().stream().allMatch(expired::contains);
  }

  /** Goes on under another outbox; skips have nothing to give up there. */
  void renumber(long another) {
    List<Item> kept = List.copyOf(queue.values());
    queue.clear();
    given.clear();
    answered.clear();
    expired.clear();
    inFlight.clear();
    outbox = another;
    lastGiven = 0;
    lastAccepted = 0;
    lastExpected = 0;
    highestSent = 0;
    next = 1;
    stopped = false;
    kept.forEach(item -> item.operation().ifPresent(this::add));
  }

  /** The connection is gone, and with it every answer that was still to come. */
  void disconnected() {
    inFlight.clear();
    stopped = false;
    next = 1;
  }

  /**
   * The program starts again from what it had written down, which may be a little old: what was
   * given up since, is sent again as the operation that it was.
   */
  void restarted(int forgotten) {
    disconnected();
    for (int i = 0; i < forgotten && !answered.isEmpty(); i++) {
      Item item = answered.removeLast();
      queue.put(item.n(), new Item(item.n(), Optional.ofNullable(given.get(item.n()))));
    }
    backoff = BACKOFF_MILLIS;
  }

  private void resolve(long n) {
    inFlight.remove(n);
    expired.remove(n);
    Item item = queue.remove(n);
    if (item != null) {
      answered.add(item);
      if (answered.size() > REMEMBERED) {
        answered.removeFirst();
      }
    }
  }

  private void stop(long now, long pause) {
    if (!stopped) {
      stopped = true;
      stoppedAt = now;
      resumeAt = 0;
    }
    resumeAt = Math.max(resumeAt, now + pause);
  }

  private int slower() {
    backoff = Math.min(backoff * 2, WORST_BACKOFF_MILLIS);
    return backoff;
  }
}

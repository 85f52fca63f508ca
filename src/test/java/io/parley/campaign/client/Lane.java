package io.parley.campaign.client;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

/**
 * One queue of operations in one conversation: numbered, at most 8 unanswered, going back to the
 * lowest unanswered whenever an answer isn't final (protocol.md, "Numbers").
 */
final class Lane {
  private static final int WINDOW = 8;

  /** An operation until it is answered for good. */
  static final class Entry {
    final long n;

    /** What the number was given to, whatever goes out under it now. */
    final JsonNode first;

    JsonNode op;
    boolean inFlight;

    Entry(long n, JsonNode op) {
      this.n = n;
      this.first = op;
      this.op = op;
    }
  }

  final String conversation;
  private final TreeMap<Long, Entry> unanswered = new TreeMap<>();
  private final Set<Long> refused = new HashSet<>();
  private final Random random;
  private long last;
  private long pausedUntilNanos;

  Lane(String conversation, Random random) {
    this.conversation = conversation;
    this.random = random;
  }

  /** Numbers an operation. */
  long add(JsonNode op) {
    unanswered.put(++last, new Entry(last, op));
    return last;
  }

  long next() {
    return last + 1;
  }

  int waiting() {
    return unanswered.size();
  }

  /** What goes out now, in order. */
  List<Entry> due() {
    List<Entry> due = new ArrayList<>();
    if (System.nanoTime() - pausedUntilNanos < 0) {
      return due;
    }
    int window = 0;
    for (Entry entry : unanswered.values()) {
      if (++window > WINDOW) {
        break;
      }
      if (!entry.inFlight) {
        entry.inFlight = true;
        due.add(entry);
      }
    }
    return due;
  }

  /** Answered for good, accepted or skipped; what the number was given to once. */
  Optional<JsonNode> settled(long n) {
    return Optional.ofNullable(unanswered.remove(n)).map(entry -> entry.first);
  }

  /** Refused for good: the number is spent, and the server may ask for it again after a crash. */
  void refused(long n) {
    if (unanswered.remove(n) != null) {
      refused.add(n);
    }
  }

  /** To be tried again, after a moment. */
  void goBack() {
    unanswered.values().forEach(entry -> entry.inFlight = false);
    pausedUntilNanos = System.nanoTime() + (100 + random.nextInt(900)) * 1_000_000L;
  }

  /** The server wants lower numbers: if they were refused here, they are skipped. */
  void expected(long expected, JsonNode skip) {
    long lowest = unanswered.isEmpty() ? last + 1 : unanswered.firstKey();
    for (long n = expected; n < lowest; n++) {
      if (!refused.contains(n)) {
        return;
      }
    }
    for (long n = expected; n < lowest; n++) {
      unanswered.put(n, new Entry(n, skip));
    }
  }

  /** Gives the lowest unanswered number up, unless its answer is on the way. */
  void giveUpLowest(JsonNode skip) {
    if (!unanswered.isEmpty() && !unanswered.firstEntry().getValue().inFlight) {
      unanswered.firstEntry().getValue().op = skip;
    }
  }

  /** The socket is gone, and with it every answer on its way. */
  void disconnected() {
    unanswered.values().forEach(entry -> entry.inFlight = false);
  }
}

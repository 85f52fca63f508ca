package io.parley.conversation;

import java.util.ArrayList;
import java.util.List;

/**
 * Where the peer's messages stand in the log, from a participant's read mark on, as runs of
 * neighbouring sequence numbers. It answers what a mark is lowered to: the newest of the peer's
 * messages at or below it.
 *
 * <p>Bounded: past {@link #LIMIT} runs the two oldest become one that also spans what lies between
 * them. A mark in that gap is then kept as it came; it still rises only, stays below the head, and
 * leaves as many messages unread.
 */
record PeerMessages(List<Run> runs) {
  static final int LIMIT = 64;
  static final PeerMessages NONE = new PeerMessages(List.of());

  /** Sequence numbers first..last. */
  record Run(long first, long last) {}

  PeerMessages {
    runs = List.copyOf(runs);
  }

  PeerMessages plus(long seq) {
    List<Run> next = new ArrayList<>(runs);
    int newest = next.size() - 1;
    if (newest >= 0 && next.get(newest).last() == seq - 1) {
      next.set(newest, new Run(next.get(newest).first(), seq));
    } else {
      next.add(new Run(seq, seq));
    }
    if (next.size() > LIMIT) {
      Run second = next.remove(1);
      next.set(0, new Run(next.get(0).first(), second.last()));
    }
    return new PeerMessages(next);
  }

  /** The newest of the peer's messages at or below this one, or 0. */
  long lower(long seq) {
    for (int i = runs.size() - 1; i >= 0; i--) {
      Run run = runs.get(i);
      if (run.first() <= seq) {
        return Math.min(seq, run.last());
      }
    }
    return 0;
  }

  /** Forgets what lies below the read mark. The mark itself stays: marks may name it again. */
  PeerMessages from(long read) {
    if (runs.isEmpty() || runs.get(0).first() >= read) {
      return this;
    }
    List<Run> next = new ArrayList<>(runs.size());
    for (Run run : runs) {
      if (run.last() >= read) {
        next.add(new Run(Math.max(run.first(), read), run.last()));
      }
    }
    return new PeerMessages(next);
  }
}

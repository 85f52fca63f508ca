package io.parley.bench;

import java.util.ArrayList;
import java.util.List;

/**
 * Judges a run: every message is accepted and shown to both people, once, in order, and to nobody
 * else. It hears of each thing as it comes and remembers two numbers a reader, so it can be told of
 * millions.
 */
final class Verifier {
  private static final int TOLD = 20;

  private final List<Lane> lanes = new ArrayList<>();
  private final List<Reader> readers = new ArrayList<>();
  private final List<String> faults = new ArrayList<>();
  private long untold;

  /** What one session sees of one conversation. */
  static final class Reader {
    private final int person;
    private final Lane[] lanes;
    private final long[] shown;
    private final long[] marks;
    private long seq;

    private Reader(int person, long seq, Lane[] lanes, long[] shown) {
      this.person = person;
      this.seq = seq;
      this.lanes = lanes;
      this.shown = shown;
      this.marks = new long[lanes.length];
    }

    long seq() {
      return seq;
    }

    /** Whether it has all that was sent. */
    boolean isComplete() {
      for (int i = 0; i < lanes.length; i++) {
        if (shown[i] != lanes[i].sent()) {
          return false;
        }
      }
      return true;
    }
  }

  /** What is sent on it from now on, or was, is to be complete in the end. */
  void watch(Lane lane) {
    lanes.add(lane);
  }

  /** A session that knows a conversation up to {@code seq}, with all that was accepted so far. */
  Reader readerAt(int person, long seq, Lane... conversation) {
    long[] shown = new long[conversation.length];
    for (int i = 0; i < shown.length; i++) {
      shown[i] = conversation[i].accepted();
    }
    return add(new Reader(person, seq, conversation, shown));
  }

  /** A session that knows nothing of a conversation yet, and is to be shown all of it. */
  Reader readerFromStart(int person, Lane... conversation) {
    return add(new Reader(person, 0, conversation, new long[conversation.length]));
  }

  private Reader add(Reader reader) {
    readers.add(reader);
    return reader;
  }

  /** The order in which they were stored is told by what is shown; answers may cross. */
  void accepted(Lane lane, long n) {
    if (n > lane.sent()) {
      fault(
          "lane %d: number %d accepted, and only %d were sent"
              .formatted(lane.number(), n, lane.sent()));
    } else if (!lane.accept(n)) {
      fault("lane %d: number %d accepted twice".formatted(lane.number(), n));
    }
  }

  /** A message came, which names its lane and its number there. */
  void shown(Reader reader, long seq, int lane, long n) {
    shownOther(reader, seq);
    for (int i = 0; i < reader.lanes.length; i++) {
      if (reader.lanes[i].number() == lane) {
        if (n != reader.shown[i] + 1) {
          fault(
              "person %d: lane %d shows number %d after %d"
                  .formatted(reader.person, lane, n, reader.shown[i]));
        }
        reader.shown[i] = n;
        return;
      }
    }
    fault(
        "person %d was shown a message of others: lane %d, number %d"
            .formatted(reader.person, lane, n));
  }

  /** An event came that is no message of ours, such as the first of a conversation. */
  void shownOther(Reader reader, long seq) {
    if (seq != reader.seq + 1) {
      fault("person %d: seq %d after %d".formatted(reader.person, seq, reader.seq));
    }
    reader.seq = seq;
  }

  /** An event came that says how far the addressee of a lane has read it. */
  void marked(Reader reader, long seq, Lane lane, long read) {
    shownOther(reader, seq);
    if (read > lane.marked()) {
      fault(
          "person %d: lane %d is marked up to %d, and nobody said more than %d"
              .formatted(reader.person, lane.number(), read, lane.marked()));
    }
    for (int i = 0; i < reader.lanes.length; i++) {
      if (reader.lanes[i] == lane) {
        if (read <= reader.marks[i]) {
          fault(
              "person %d: lane %d is marked up to %d after %d"
                  .formatted(reader.person, lane.number(), read, reader.marks[i]));
        }
        reader.marks[i] = read;
      }
    }
  }

  /** Whether all that was sent has arrived. */
  boolean isComplete() {
    return lanes.stream().allMatch(lane -> lane.inFlight() == 0)
        && readers.stream().allMatch(Reader::isComplete);
  }

  /** Anything else that must not be. */
  void fault(String fault) {
    if (faults.size() < TOLD) {
      faults.add(fault);
    } else {
      untold++;
    }
  }

  boolean isClean() {
    return faults.isEmpty();
  }

  /** At the end, when nothing more is awaited: all faults, what is missing among them. */
  List<String> verdict() {
    for (Lane lane : lanes) {
      if (lane.inFlight() != 0) {
        fault(
            "lane %d: %d sent, %d of them accepted"
                .formatted(lane.number(), lane.sent(), lane.sent() - lane.inFlight()));
      }
    }
    for (Reader reader : readers) {
      for (int i = 0; i < reader.lanes.length; i++) {
        Lane lane = reader.lanes[i];
        if (reader.shown[i] != lane.sent()) {
          fault(
              "person %d was shown %d of the %d messages of lane %d"
                  .formatted(reader.person, reader.shown[i], lane.sent(), lane.number()));
        }
      }
    }
    List<String> all = new ArrayList<>(faults);
    if (untold > 0) {
      all.add("and %d more".formatted(untold));
    }
    return all;
  }
}

package io.parley.simulation;

/** The stretch of one conversation that a device holds: without holes, from a base on. */
final class ClientLog {
  private long cursor;
  private boolean waitsForOk;

  ClientLog(long base) {
    this.cursor = base;
  }

  enum Took {
    NEW,
    OLD,
    GAP
  }

  long cursor() {
    return cursor;
  }

  /** Takes an event, unless it is held already or something before it is missing. */
  Took take(long seq) {
    if (waitsForOk || seq <= cursor) {
      return Took.OLD;
    }
    if (seq > cursor + 1) {
      return Took.GAP;
    }
    cursor = seq;
    return Took.NEW;
  }

  /** Begins anew from here; what comes before the server's ok belongs to the stretch that was. */
  void resumeFrom(long from) {
    cursor = from;
    waitsForOk = true;
  }

  void resumed() {
    waitsForOk = false;
  }

  /** What was written down lately is lost with the program. */
  void restarted(long lost) {
    cursor = Math.max(0, cursor - lost);
    waitsForOk = false;
  }
}

package io.parley.session;

import java.time.Duration;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * What a session lets its socket read. As a rule half of its {@link Credit} comes back at a time,
 * and frames never wait.
 *
 * <p>A client that sends more than may be under way, or faster than it may, is held back: its
 * socket is read a frame at a time, and only once that one can be admitted. What comes meanwhile
 * waits with the client. To read, refuse and answer a frame costs a sixth of what it costs to carry
 * it, and is all in vain. Once it has kept within its limits for {@link #CALM}, or nothing could be
 * admitted for so long, it is read as ever.
 */
final class Intake {
  static final Duration CALM = Duration.ofSeconds(8);

  private final ActorRef<Outbound> socket;

  /** Of what the session has handled, not given back yet. */
  private int owed;

  private boolean heldBack;
  private long untilNanos;

  Intake(ActorRef<Outbound> socket) {
    this.socket = socket;
  }

  /** A frame was taken from the session's mailbox. */
  void handled(String frame) {
    owed += Credit.of(frame);
    if (!heldBack && owed >= Credit.BACK) {
      give(owed);
    }
  }

  boolean isHeldBack() {
    return heldBack;
  }

  /** Reads only what {@link #readOne} asks for, from here on: what credit is left is taken back. */
  void holdBack(long nowNanos) {
    if (!heldBack) {
      heldBack = true;
      give(Math.min(0, owed - Credit.LIMIT));
    }
    untilNanos = nowNanos + CALM.toNanos();
  }

  /** Whether it was held back for long enough. */
  boolean isOver(long nowNanos) {
    return nowNanos - untilNanos >= 0;
  }

  /** Reads another frame, of any size. */
  void readOne() {
    give(Math.max(0, owed - (Credit.LIMIT - 1)));
  }

  /** Reads as ever. */
  void readOn() {
    heldBack = false;
    give(owed);
  }

  private void give(int credit) {
    if (credit != 0) {
      owed -= credit;
      socket.tell(new Outbound.Handled(credit));
    }
  }
}

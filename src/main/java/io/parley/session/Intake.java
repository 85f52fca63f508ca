package io.parley.session;

import java.time.Duration;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * What a session lets its socket read. As a rule half of its {@link Credit} comes back at a time,
 * and frames never wait.
 *
 * <p>A client that sends more than may be under way, or faster than it may, is held back: its
 * socket is read only as far as what comes can be admitted. The rest waits with the client. To
 * read, refuse and answer a frame costs a sixth of what it costs to carry it, and is all in vain.
 * It is read as ever once it has kept within its limits for a while, or nothing could be admitted
 * for a shorter one.
 */
final class Intake {
  /** As long as this a client has to keep within its limits. */
  static final Duration CALM = Duration.ofSeconds(8);

  /**
   * As long as this nothing is read because nothing could be admitted. With what an operation may
   * take then ({@link Operations#BUDGET}) it is answered within 20 s still: it may be one for a
   * conversation that has room.
   */
  static final Duration PATIENCE = Duration.ofSeconds(4);

  private final ActorRef<Outbound> socket;

  /** Of what the session has handled, not given back yet. */
  private int owed;

  /** How many frames the session has handled. */
  private long handled;

  /** How many frames the socket may hand over in all. */
  private long readUpTo = Long.MAX_VALUE;

  private long atLimitsNanos;

  Intake(ActorRef<Outbound> socket) {
    this.socket = socket;
  }

  /** A frame was taken from the session's mailbox. */
  void handled(String frame) {
    handled++;
    owed += Credit.of(frame);
    if (owed >= Credit.BACK) {
      socket.tell(new Outbound.Handled(owed));
      owed = 0;
    }
  }

  boolean isHeldBack() {
    return readUpTo < Long.MAX_VALUE;
  }

  /** Reads only what {@link #read} asks for, from here on. */
  void holdBack(long nowNanos) {
    if (!isHeldBack()) {
      readUpTo(handled);
    }
    atLimitsNanos = nowNanos;
  }

  /** Whether it was held back for long enough. */
  boolean isOver(long nowNanos, boolean hasRoom) {
    return nowNanos - atLimitsNanos >= (hasRoom ? CALM : PATIENCE).toNanos();
  }

  /** Reads so many frames behind those that were handled; what is on its way counts. */
  void read(int frames) {
    if (frames > 0 && handled + frames > readUpTo) {
      readUpTo(handled + frames);
    }
  }

  /** Reads as ever. */
  void readOn() {
    readUpTo(Long.MAX_VALUE);
  }

  private void readUpTo(long frames) {
    readUpTo = frames;
    socket.tell(new Outbound.ReadUpTo(frames));
  }
}

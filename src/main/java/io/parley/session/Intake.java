package io.parley.session;

import java.time.Duration;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * What a session takes from its socket. It gives back the {@link Credit} of what it has handled,
 * and keeps that of what it holds back: the rest waits with the client.
 *
 * <p>A client that sends more than may be under way, or faster than it may, is held back for a
 * while: what it sends waits for room instead of being refused. To read, refuse and answer a frame
 * costs a sixth of what it costs to carry it, and is all in vain.
 */
final class Intake {
  /** As long as this a client has to keep within its limits. */
  static final Duration CALM = Duration.ofSeconds(8);

  private final ActorRef<Outbound> socket;

  /** What the frame counts that is being handled. */
  private int handling;

  /** What frames count that were handled, and isn't given back yet. */
  private int owed;

  /** What frames count that are held back. */
  private int kept;

  private boolean isHeldBack;
  private long atLimitsNanos;

  Intake(ActorRef<Outbound> socket) {
    this.socket = socket;
  }

  /** A frame was taken from the session's mailbox; {@link #handled} follows. */
  void received(String frame) {
    handling = Credit.of(frame);
  }

  void handled() {
    owed += handling;
    handling = 0;
    giveBack();
  }

  /** The frame that is being handled is held back: what it counts, for {@link #release}. */
  int keep() {
    int credit = handling;
    handling = 0;
    kept += credit;
    return credit;
  }

  /** A frame is held back no longer. */
  void release(int credit) {
    kept -= credit;
    owed += credit;
    giveBack();
  }

  /** Half a limit at a time, or as soon as the socket has none left. */
  private void giveBack() {
    if (owed >= Credit.BACK || (owed > 0 && kept + owed >= Credit.LIMIT)) {
      socket.tell(new Outbound.Handled(owed));
      owed = 0;
    }
  }

  /** Whether the socket hands over nothing more because of what is held back. */
  boolean isFull() {
    return kept >= Credit.LIMIT;
  }

  boolean isHeldBack() {
    return isHeldBack;
  }

  /** It is at its limits. */
  void holdBack(long nowNanos) {
    isHeldBack = true;
    atLimitsNanos = nowNanos;
  }

  /** Whether it has kept within its limits for long enough. */
  boolean isCalm(long nowNanos) {
    return nowNanos - atLimitsNanos >= CALM.toNanos();
  }

  void letGo() {
    isHeldBack = false;
  }
}

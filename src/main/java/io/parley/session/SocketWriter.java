package io.parley.session;

import io.parley.protocol.ByeCode;
import io.parley.protocol.FrameCodec;
import io.parley.protocol.ServerFrame;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.apache.pekko.actor.typed.ActorRef;

/** Writes a session's frames to its socket, as the socket takes them, and says goodbye once. */
final class SocketWriter {
  /** A reader that takes nothing for so long is parted with. */
  static final long STUCK_NANOS = TimeUnit.SECONDS.toNanos(15);

  /** What a goodbye has to get out. */
  static final Duration GOODBYE = Duration.ofSeconds(3);

  /** The same where frames may wait before it, for somebody who reads. */
  static final Duration LONG_GOODBYE = Duration.ofSeconds(10);

  /** What waits is dropped: it wouldn't be read, or isn't theirs to read any more. */
  private static final Set<ByeCode> ALONE =
      EnumSet.of(ByeCode.SLOW_CONSUMER, ByeCode.IDLE, ByeCode.REVOKED);

  /** Nobody is there, or nobody who may be. */
  private static final Set<ByeCode> SOON = EnumSet.of(ByeCode.IDLE, ByeCode.REVOKED);

  private final ActorRef<Outbound> socket;
  private final FrameCodec codec;
  private final LongSupplier nanos;
  private final SessionMeters meters;
  private final OutboundWindow window;
  private final Runnable leaving;
  private long wroteNanos;
  private Optional<ByeCode> goodbye = Optional.empty();
  private long giveUpNanos;
  private long closedNanos;
  private boolean closed;

  /**
   * @param leaving run once, when goodbye is said: who owns the writer asks {@link #isOver} from
   *     then on
   */
  SocketWriter(ActorRef<Outbound> socket, SessionPorts ports, Runnable leaving) {
    this.socket = socket;
    this.leaving = leaving;
    this.codec = ports.codec();
    this.nanos = ports.nanos();
    this.meters = ports.reports().meters();
    this.window = new OutboundWindow(nanos.getAsLong());
    this.wroteNanos = nanos.getAsLong();
    meters.opened();
  }

  void write(ServerFrame frame) {
    if (isLeaving()) {
      return;
    }
    if (!offer(frame)) {
      bye(ByeCode.SLOW_CONSUMER);
      return;
    }
    wroteNanos = nanos.getAsLong();
    flush();
  }

  /** For how long nothing was written. */
  long silentNanos() {
    return nanos.getAsLong() - wroteNanos;
  }

  void bye(ByeCode code) {
    bye(code, OptionalLong.empty());
  }

  /** Says why the session ends; nothing is written after it. */
  void bye(ByeCode code, OptionalLong retryAfterMillis) {
    if (isLeaving()) {
      return;
    }
    boolean isSoon = isStuck() || SOON.contains(code);
    giveUpNanos = nanos.getAsLong() + (isSoon ? GOODBYE : LONG_GOODBYE).toNanos();
    if (ALONE.contains(code)) {
      clear();
    }
    offer(new ServerFrame.Bye(code, retryAfterMillis));
    goodbye = Optional.of(code);
    flush();
    leaving.run();
  }

  /** The socket has taken frames that count so much. */
  void taken(int cost) {
    window.taken(cost, nanos.getAsLong());
    flush();
  }

  boolean hasRoom() {
    return !isLeaving() && window.hasRoom();
  }

  boolean isLeaving() {
    return goodbye.isPresent();
  }

  /** Why the session ends, once that was said. */
  Optional<ByeCode> goodbye() {
    return goodbye;
  }

  /**
   * The goodbye is out, or won't get out: the socket had time to write what it was handed, or takes
   * nothing, or too little.
   */
  boolean isOver() {
    long now = nanos.getAsLong();
    boolean hadTime = closed && now - closedNanos >= GOODBYE.toNanos();
    return hadTime || isStuck() || now - giveUpNanos >= 0;
  }

  boolean isStuck() {
    return window.stuckNanos(nanos.getAsLong()) > STUCK_NANOS;
  }

  /** The socket is gone, and what waited for it with it. */
  void end() {
    clear();
  }

  private boolean offer(ServerFrame frame) {
    int before = window.bytes();
    boolean fits = window.offer(codec.encode(frame));
    meters.outbound(window.bytes() - before);
    return fits;
  }

  private void clear() {
    meters.outbound(-window.bytes());
    window.clear();
  }

  private void flush() {
    long now = nanos.getAsLong();
    int before = window.bytes();
    for (var next = window.next(now); next.isPresent(); next = window.next(now)) {
      socket.tell(new Outbound.Frame(next.get()));
    }
    if (window.bytes() != before) {
      meters.outbound(window.bytes() - before);
    }
    if (isLeaving() && window.isEmpty() && !closed) {
      closed = true;
      closedNanos = now;
      socket.tell(new Outbound.Close());
    }
  }
}

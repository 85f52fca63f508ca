package io.parley.session;

import io.parley.protocol.ByeCode;
import io.parley.protocol.FrameCodec;
import io.parley.protocol.ServerFrame;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.apache.pekko.actor.typed.ActorRef;

/** Writes a session's frames to its socket, as the socket takes them, and says goodbye once. */
final class SocketWriter {
  /** A reader that takes nothing for so long is parted with. */
  static final long STUCK_NANOS = TimeUnit.SECONDS.toNanos(15);

  /** What a goodbye has to get out. */
  static final Duration GOODBYE = Duration.ofSeconds(3);

  /** What the goodbye has to get out to a reader that asked for more than it read. */
  static final Duration LONG_GOODBYE = Duration.ofSeconds(10);

  private final ActorRef<Outbound> socket;
  private final FrameCodec codec;
  private final LongSupplier nanos;
  private final SessionMeters meters;
  private final OutboundWindow window;
  private final Runnable leaving;
  private long wroteNanos;
  private Optional<ByeCode> goodbye = Optional.empty();
  private OptionalLong giveUpNanos = OptionalLong.empty();
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
    long now = nanos.getAsLong();
    if (code == ByeCode.SLOW_CONSUMER) {
      Duration time = isStuck() ? GOODBYE : LONG_GOODBYE;
      giveUpNanos = OptionalLong.of(now + time.toNanos());
      clear();
    }
    offer(new ServerFrame.Bye(code, retryAfterMillis));
    goodbye = Optional.of(code);
    leaving.run();
    flush();
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
   * nothing. A reader that was slow before isn't waited for while it takes little.
   */
  boolean isOver() {
    long now = nanos.getAsLong();
    boolean hadTime = closed && now - closedNanos >= GOODBYE.toNanos();
    boolean isGivenUp = giveUpNanos.isPresent() && now - giveUpNanos.getAsLong() >= 0;
    return hadTime || isStuck() || isGivenUp;
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

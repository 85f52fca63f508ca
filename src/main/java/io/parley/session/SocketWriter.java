package io.parley.session;

import io.parley.protocol.ByeCode;
import io.parley.protocol.FrameCodec;
import io.parley.protocol.ServerFrame;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * Writes a session's frames to its socket, one whenever the socket is ready, and says goodbye once.
 */
final class SocketWriter {
  /** A reader that takes nothing for so long is parted with. */
  static final long STUCK_NANOS = TimeUnit.SECONDS.toNanos(15);

  private final ActorRef<Outbound> socket;
  private final FrameCodec codec;
  private final LongSupplier nanos;
  private final OutboundWindow window;
  private long wroteNanos;
  private boolean leaving;
  private boolean closed;

  SocketWriter(ActorRef<Outbound> socket, FrameCodec codec, LongSupplier nanos) {
    this.socket = socket;
    this.codec = codec;
    this.nanos = nanos;
    this.window = new OutboundWindow(nanos.getAsLong());
    this.wroteNanos = nanos.getAsLong();
    this.window.demanded(nanos.getAsLong());
  }

  void write(ServerFrame frame) {
    if (leaving) {
      return;
    }
    if (!window.offer(codec.encode(frame))) {
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
    if (leaving) {
      return;
    }
    if (code == ByeCode.SLOW_CONSUMER) {
      window.clear();
    }
    window.offer(codec.encode(new ServerFrame.Bye(code, retryAfterMillis)));
    leaving = true;
    flush();
  }

  void demanded() {
    window.demanded(nanos.getAsLong());
    flush();
  }

  boolean hasRoom() {
    return !leaving && window.hasRoom();
  }

  boolean isLeaving() {
    return leaving;
  }

  /** Everything has been handed over, and the socket was told to close. */
  boolean isClosed() {
    return closed;
  }

  boolean isStuck() {
    return window.stuckNanos(nanos.getAsLong()) > STUCK_NANOS;
  }

  private void flush() {
    long now = nanos.getAsLong();
    window.next(now).ifPresent(frame -> socket.tell(new Outbound.Frame(frame)));
    if (leaving && window.isEmpty() && !closed) {
      closed = true;
      socket.tell(new Outbound.Close());
    }
  }
}

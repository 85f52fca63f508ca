package io.parley.session;

import io.parley.model.MessageText;
import java.util.ArrayDeque;
import java.util.Optional;

/**
 * Frames that wait for the socket, which takes them by {@link Credit}. Bounded twice: past {@link
 * #PUSH_BYTES} nothing is pushed any more (it is replayed once there is room), and past {@link
 * #MAX_BYTES} of answers to a client that asks and doesn't read, the session ends.
 *
 * <p>Pure; times are nanoseconds of any steady clock.
 */
final class OutboundWindow {
  static final int PUSH_BYTES = 96 * 1024;
  static final int PUSH_FRAMES = 256;
  static final int MAX_BYTES = 256 * 1024;

  private record Waiting(String frame, int bytes) {}

  private final ArrayDeque<Waiting> waiting = new ArrayDeque<>(0);
  private final Credit credit = new Credit();
  private int bytes;
  private long takenNanos;

  OutboundWindow(long nowNanos) {
    this.takenNanos = nowNanos;
  }

  /** Adds a frame; false when that is more than may wait. */
  boolean offer(String frame) {
    int size = MessageText.utf8Length(frame);
    waiting.add(new Waiting(frame, size));
    bytes += size;
    return bytes <= MAX_BYTES;
  }

  /** The socket has taken frames that count so much. */
  void taken(int cost, long nowNanos) {
    credit.restore(cost);
    takenNanos = nowNanos;
  }

  /** The frame to hand to the socket now, if it takes another and there is one. */
  Optional<String> next(long nowNanos) {
    if (!credit.isLeft() || waiting.isEmpty()) {
      return Optional.empty();
    }
    Waiting next = waiting.remove();
    bytes -= next.bytes();
    credit.spend(Credit.of(next.frame()));
    takenNanos = nowNanos;
    return Optional.of(next.frame());
  }

  boolean hasRoom() {
    return bytes < PUSH_BYTES && waiting.size() < PUSH_FRAMES;
  }

  boolean isEmpty() {
    return waiting.isEmpty();
  }

  int bytes() {
    return bytes;
  }

  /** For how long frames have waited for a socket that takes none; 0 when none wait. */
  long stuckNanos(long nowNanos) {
    return waiting.isEmpty() ? 0 : nowNanos - takenNanos;
  }

  /** Drops what waits: the reader is given up. */
  void clear() {
    waiting.clear();
    bytes = 0;
  }
}

package io.parley.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/**
 * All sockets of the generator, on the thread that calls: nothing is handed between threads, and a
 * message costs a read, a write and a little parsing.
 */
final class Loop implements AutoCloseable {
  /** More than the largest frame, which has to fit in whole. */
  private static final int READ_BYTES = 256 * 1024;

  private final Selector selector;
  private final ByteBuffer in = ByteBuffer.allocate(READ_BYTES);
  private Runnable everyTurn = () -> {};

  Loop() {
    try {
      this.selector = Selector.open();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Begins to connect; the listener hears what comes of it. */
  void connect(InetSocketAddress server, String path, Connection.Listener listener) {
    connect(server, new Connection(server, path, listener));
  }

  void connect(InetSocketAddress server, Wire wire) {
    try {
      wire.open(selector, server);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Done whenever sockets were served, at least twenty times a second. */
  void everyTurn(Runnable work) {
    everyTurn = work;
  }

  /** Whether it came to be so within that time. */
  boolean until(BooleanSupplier done, Duration atMost) {
    long end = System.nanoTime() + atMost.toNanos();
    while (!done.getAsBoolean()) {
      long left = end - System.nanoTime();
      if (left <= 0) {
        return false;
      }
      turn(Math.min(50, left / 1_000_000 + 1));
    }
    return true;
  }

  /** Serves sockets for so long. */
  void during(Duration time) {
    until(() -> false, time);
  }

  /** Waits at most so long for sockets that are ready, and serves them. */
  void turn(long millis) {
    try {
      selector.select(this::serve, millis);
      everyTurn.run();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void serve(SelectionKey key) {
    ((Wire) key.attachment()).ready(in);
  }

  @Override
  public void close() {
    if (!selector.isOpen()) {
      return;
    }
    try {
      for (SelectionKey key : selector.keys()) {
        ((Wire) key.attachment()).close();
      }
      selector.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

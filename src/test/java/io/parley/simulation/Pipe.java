package io.parley.simulation;

import java.util.ArrayDeque;
import java.util.function.Consumer;

/** One direction of a connection: in order, each after a while, until it is cut somewhere. */
final class Pipe<T> {
  private final World world;
  private final Consumer<T> sink;
  private final ArrayDeque<T> onTheWay = new ArrayDeque<>();
  private long lastAt;
  private boolean cut;

  Pipe(World world, Consumer<T> sink) {
    this.world = world;
    this.sink = sink;
  }

  void send(T item) {
    if (!cut) {
      onTheWay.add(item);
      lastAt = Math.max(lastAt, world.now() + world.chances().delay(4, 400));
      world.at(lastAt, this::arrive);
    }
  }

  private void arrive() {
    T item = onTheWay.poll();
    if (item != null) {
      sink.accept(item);
    }
  }

  /** Nothing more goes in, and of what is on its way only the first few arrive. */
  void cut() {
    cut = true;
    int kept = onTheWay.isEmpty() ? 0 : world.chances().between(0, onTheWay.size());
    while (onTheWay.size() > kept) {
      onTheWay.removeLast();
    }
  }

  /** When all that was sent has arrived. */
  void close(Runnable closed) {
    cut = true;
    world.at(Math.max(lastAt, world.now()), closed);
  }
}

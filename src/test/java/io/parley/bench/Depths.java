package io.parley.bench;

import io.parley.testing.Scrape;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;

/** How deep the queues of all nodes are, and how much memory they take: the most that was seen. */
final class Depths implements AutoCloseable {
  private static final long LOOK_EVERY_MILLIS = 500;
  private static final Duration EMPTY_WITHIN = Duration.ofSeconds(30);

  private final ServerUnderLoad server;
  private final Map<Figure, Double> most = new EnumMap<>(Figure.class);
  private final Thread looking = new Thread(this::look, "depths");
  private volatile boolean isOver;

  private Depths(ServerUnderLoad server) {
    this.server = server;
  }

  /** Looks from now on, beside everything else. */
  static Depths watch(ServerUnderLoad server) {
    Depths depths = new Depths(server);
    depths.looking.setDaemon(true);
    depths.looking.start();
    return depths;
  }

  private void look() {
    try {
      while (!isOver) {
        try {
          Map<Figure, Double> now = now(server);
          synchronized (most) {
            now.forEach((figure, value) -> most.merge(figure, value, Math::max));
          }
        } catch (IllegalStateException noAnswer) {
          // A node that is so busy is looked at again.
        }
        Thread.sleep(LOOK_EVERY_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static Map<Figure, Double> now(ServerUnderLoad server) {
    Map<Figure, Double> now = new EnumMap<>(Figure.class);
    server
        .server()
        .ifPresent(tree -> now.put(Figure.MEMORY_HIGHEST, tree.residentKilobytes() / 1024));
    List<Scrape> scrapes = server.scrapes();
    if (!scrapes.isEmpty()) {
      now.put(Figure.QUEUED_ROWS, sum(scrapes, "parley_journal_queued_rows"));
      now.put(Figure.QUEUED_OUTBOUND, sum(scrapes, "parley_outbound_queued_bytes") / 1024);
      now.put(Figure.QUEUED_TASKS, sum(scrapes, "parley_dispatcher_queued_tasks"));
    }
    return now;
  }

  private static double sum(List<Scrape> scrapes, String family) {
    return scrapes.stream().mapToDouble(scrape -> scrape.sum(family)).sum();
  }

  /** Waits until no row waits to be stored and no frame to be sent; fails after half a minute. */
  static void awaitEmpty(ServerUnderLoad server) {
    Awaitility.await("queues of the nodes are empty")
        .atMost(EMPTY_WITHIN)
        .ignoreException(IllegalStateException.class)
        .until(
            () -> {
              Map<Figure, Double> now = now(server);
              return now.getOrDefault(Figure.QUEUED_ROWS, 0.0) == 0
                  && now.getOrDefault(Figure.QUEUED_OUTBOUND, 0.0) == 0;
            });
  }

  Map<Figure, Double> most() {
    synchronized (most) {
      return new EnumMap<>(most);
    }
  }

  @Override
  public void close() {
    isOver = true;
    looking.interrupt();
  }
}

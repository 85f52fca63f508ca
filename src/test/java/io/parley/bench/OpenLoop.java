package io.parley.bench;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Offers operations at an even rate that waits for no answer: one that was refused for now, or else
 * a new one. Whatever a client holds unanswered, the next is sent when it is due.
 */
final class OpenLoop implements Client.Ear {
  /** What a client waits for an answer at most, by the protocol. */
  private static final Duration ANSWERED_WITHIN = Duration.ofSeconds(20);

  private static final Duration LOOK_EVERY = Duration.ofMillis(100);

  private final Verifier verifier;
  private final Map<Client, Queue> queues = new HashMap<>();
  private final Map<String, Long> refusals = new TreeMap<>();
  private final Histogram acceptedNanos = new Histogram();
  private final Histogram deliveredNanos = new Histogram();
  private boolean isMeasuring;
  private long measuredFrom;
  private long offered;
  private long heldBack;
  private long accepted;
  private long delivered;
  private long slowestNanos;

  private record Unanswered(long request, long sentNanos) {}

  /** What one client has sent, by number, and those numbers by the requests under way. */
  private static final class Queue {
    final TreeSet<Long> refused = new TreeSet<>();
    final Map<Long, Unanswered> unanswered = new HashMap<>();
    final Map<Long, Long> numbers = new HashMap<>();
  }

  OpenLoop(Verifier verifier) {
    this.verifier = verifier;
  }

  /** For so long, in turn from all of them. */
  void offer(Crew<Client> crew, double perSecond, Duration time) {
    List<Client> clients = crew.clients();
    long began = System.nanoTime();
    long[] done = {0};
    crew.loop()
        .until(
            () -> {
              long now = System.nanoTime();
              long due = (long) ((now - began) / 1e9 * perSecond);
              while (done[0] < due) {
                offer(clients.get((int) (done[0]++ % clients.size())));
              }
              return now - began >= time.toNanos();
            },
            time.plus(time));
  }

  private void offer(Client client) {
    Talk talk = client.talks().get(0);
    Lane lane = talk.laneOf(client.somebody());
    Queue queue = queues.computeIfAbsent(client, one -> new Queue());
    Long again = queue.refused.pollFirst();
    if (again == null && lane.sent() - lane.accepted() >= Lane.REMEMBERED) {
      if (isMeasuring) {
        heldBack++;
      }
      return;
    }
    if (isMeasuring) {
      offered++;
    }
    send(client, talk, queue, again == null ? lane.next() : again);
  }

  private static void send(Client client, Talk talk, Queue queue, long n) {
    long now = System.nanoTime();
    long request = client.say(talk, n);
    queue.unanswered.put(n, new Unanswered(request, now));
    queue.numbers.put(request, n);
  }

  void begin() {
    isMeasuring = true;
    measuredFrom = System.nanoTime();
  }

  void end() {
    isMeasuring = false;
  }

  /**
   * Nothing new is offered, and what was refused is sent again as a client should, until all is
   * accepted. What isn't answered within its time is a fault.
   */
  void settle(Crew<Client> crew) {
    long end = System.nanoTime() + ANSWERED_WITHIN.multipliedBy(3).toNanos();
    while (System.nanoTime() < end && verifier.isClean() && isAnythingOpen()) {
      queues.forEach(OpenLoop::sendAgain);
      crew.loop().during(LOOK_EVERY);
    }
    long unanswered = queues.values().stream().mapToLong(queue -> queue.unanswered.size()).sum();
    if (unanswered > 0) {
      verifier.fault(unanswered + " operations were never answered");
    }
    if (slowestNanos > ANSWERED_WITHIN.toNanos()) {
      verifier.fault("an operation was answered after %.1f s".formatted(slowestNanos / 1e9));
    }
    crew.awaitComplete();
  }

  private boolean isAnythingOpen() {
    return queues.values().stream()
        .anyMatch(queue -> !queue.unanswered.isEmpty() || !queue.refused.isEmpty());
  }

  /** Back from the lowest, once all that was under way is answered, eight at a time. */
  private static void sendAgain(Client client, Queue queue) {
    if (queue.unanswered.isEmpty()) {
      for (int i = 0; i < 8 && !queue.refused.isEmpty(); i++) {
        send(client, client.talks().get(0), queue, queue.refused.pollFirst());
      }
    }
  }

  @Override
  public void accepted(Talker talker, Talk talk, long n) {
    answered(requireNonNull(queues.get((Client) talker)), n);
    if (isMeasuring) {
      accepted++;
      long first = talk.laneOf(talker.somebody()).sentNanos(n);
      if (first - measuredFrom >= 0) {
        acceptedNanos.record(System.nanoTime() - first);
      }
    }
  }

  @Override
  public boolean refused(Client client, long request, String code, boolean isRetryable) {
    Queue queue = requireNonNull(queues.get(client));
    Long n = queue.numbers.get(request);
    if (n == null || !isRetryable) {
      return false;
    }
    answered(queue, n);
    queue.refused.add(n);
    if (isMeasuring) {
      refusals.merge(code, 1L, Long::sum);
    }
    return true;
  }

  private void answered(Queue queue, long n) {
    Unanswered operation = queue.unanswered.remove(n);
    if (operation == null) {
      verifier.fault("number %d was answered twice".formatted(n));
    } else {
      queue.numbers.remove(operation.request());
      slowestNanos = Math.max(slowestNanos, System.nanoTime() - operation.sentNanos());
    }
  }

  @Override
  public void delivered(long sentNanos) {
    if (isMeasuring) {
      delivered++;
      if (sentNanos - measuredFrom >= 0) {
        deliveredNanos.record(System.nanoTime() - sentNanos);
      }
    }
  }

  long acceptedCount() {
    return accepted;
  }

  /** What was counted while it was measured. */
  Map<Figure, Double> figures(double seconds) {
    Map<Figure, Double> figures = new HashMap<>();
    figures.put(Figure.ACCEPTED, accepted / seconds);
    figures.put(Figure.DELIVERED, delivered / seconds);
    figures.put(Figure.OFFERED, offered / seconds);
    figures.put(Figure.OVERLOADED, refusals.getOrDefault("overloaded", 0L) / seconds);
    figures.put(Figure.OUT_OF_ORDER, refusals.getOrDefault("out_of_order", 0L) / seconds);
    figures.put(Figure.UNKNOWN, refusals.getOrDefault("unavailable", 0L) / seconds);
    figures.put(Figure.HELD_BACK, heldBack / seconds);
    figures.put(Figure.SLOWEST_ANSWER, slowestNanos / 1e9);
    Traffic.put(
        figures, acceptedNanos, Figure.ACCEPTED_P50, Figure.ACCEPTED_P99, Figure.ACCEPTED_P999);
    Traffic.put(
        figures, deliveredNanos, Figure.DELIVERED_P50, Figure.DELIVERED_P99, Figure.DELIVERED_P999);
    return figures;
  }
}

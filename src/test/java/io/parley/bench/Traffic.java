package io.parley.bench;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Lets clients talk, and measures what is accepted and delivered in a window of time. */
final class Traffic implements Client.Ear {
  private static final double NANOS_PER_MILLI = 1e6;
  private static final Duration PROFILED_WITHIN = Duration.ofSeconds(30);

  private final Histogram acceptedNanos = new Histogram();
  private final Histogram deliveredNanos = new Histogram();
  private final Optional<Marks> marks;
  private boolean isMeasuring;
  private long measuredFrom;
  private long accepted;
  private long delivered;
  private long marked;

  /** What each sends at most in all; what was accepted makes room for the next. */
  private long limit;

  /** Nobody marks what is read. */
  Traffic() {
    this(Optional.empty());
  }

  Traffic(Optional<Marks> marks) {
    this.marks = marks;
  }

  private void markIn(Crew<?> crew) {
    marks.ifPresent(when -> crew.loop().everyTurn(when::tell));
  }

  /** Everybody has so many in flight, as long as the window of measuring lasts. */
  Map<Figure, Double> saturate(
      Crew<?> crew, Target target, int inFlight, Duration rampUp, Duration window) {
    return saturate(crew, target, inFlight, rampUp, window, Optional.empty());
  }

  Map<Figure, Double> saturate(
      Crew<?> crew,
      Target target,
      int inFlight,
      Duration rampUp,
      Duration window,
      Optional<Profile> profile) {
    markIn(crew);
    limit = Long.MAX_VALUE;
    for (Talker client : crew.clients()) {
      for (int i = 0; i < inFlight; i++) {
        client.say(client.talks().get(0));
      }
    }
    crew.loop().during(rampUp);
    profile.ifPresent(
        one -> {
          CompletableFuture<Void> begun = one.begin();
          crew.loop().until(begun::isDone, PROFILED_WITHIN);
          begun.join();
        });
    begin();
    Measurement measurement = Measurement.begin(target);
    crew.loop().during(window);
    Map<Figure, Double> figures = end(measurement);
    // While it is written nobody sends: the server has nothing more to show in it.
    profile.ifPresent(Profile::end);
    limit = 0;
    crew.awaitComplete();
    return figures;
  }

  /** These send so many each, and nothing is measured. */
  void send(Crew<?> crew, List<? extends Talker> senders, int inFlight, long each) {
    limit = each;
    for (Talker client : senders) {
      for (int i = 0; i < Math.min(inFlight, each); i++) {
        client.say(client.talks().get(0));
      }
    }
    crew.loop().until(() -> isDone(senders, each), Duration.ofMinutes(30));
    crew.awaitComplete();
  }

  private static boolean isDone(List<? extends Talker> senders, long each) {
    for (Talker client : senders) {
      if (client.talks().get(0).laneOf(client.somebody()).accepted() < each) {
        return false;
      }
    }
    return true;
  }

  /** One after the other sends one, at an even pace that waits for no answer. */
  Map<Figure, Double> pace(
      Crew<?> crew, Target target, Duration between, Duration rampUp, Duration window) {
    limit = 0;
    pace(crew, between, rampUp);
    begin();
    Measurement measurement = Measurement.begin(target);
    pace(crew, between, window);
    Map<Figure, Double> figures = end(measurement);
    crew.awaitComplete();
    return figures;
  }

  private static void pace(Crew<?> crew, Duration between, Duration time) {
    long now = System.nanoTime();
    long end = now + time.toNanos();
    Iterator<? extends Talker> next = crew.clients().iterator();
    for (long due = now; due < end; due += between.toNanos()) {
      long moment = due;
      crew.loop()
          .until(
              () -> System.nanoTime() >= moment,
              Duration.ofNanos(Math.max(1, moment - System.nanoTime())));
      if (!next.hasNext()) {
        next = crew.clients().iterator();
      }
      Talker client = next.next();
      client.say(client.talks().get(0));
    }
  }

  private void begin() {
    isMeasuring = true;
    measuredFrom = System.nanoTime();
  }

  private Map<Figure, Double> end(Measurement measurement) {
    isMeasuring = false;
    double seconds = measurement.seconds();
    Map<Figure, Double> figures = new EnumMap<>(Figure.class);
    figures.putAll(measurement.cost(accepted));
    figures.put(Figure.ACCEPTED, accepted / seconds);
    figures.put(Figure.DELIVERED, delivered / seconds);
    if (marks.isPresent()) {
      figures.put(Figure.MARKED, marked / seconds);
    }
    put(figures, acceptedNanos, Figure.ACCEPTED_P50, Figure.ACCEPTED_P99, Figure.ACCEPTED_P999);
    put(figures, deliveredNanos, Figure.DELIVERED_P50, Figure.DELIVERED_P99, Figure.DELIVERED_P999);
    return figures;
  }

  static void put(
      Map<Figure, Double> figures, Histogram nanos, Figure p50, Figure p99, Figure p999) {
    figures.put(p50, nanos.percentile(50) / NANOS_PER_MILLI);
    figures.put(p99, nanos.percentile(99) / NANOS_PER_MILLI);
    figures.put(p999, nanos.percentile(99.9) / NANOS_PER_MILLI);
  }

  @Override
  public void accepted(Talker talker, Talk talk, long n) {
    Lane lane = talk.laneOf(talker.somebody());
    if (isMeasuring) {
      accepted++;
      long sent = lane.sentNanos(n);
      if (sent - measuredFrom >= 0) {
        acceptedNanos.record(System.nanoTime() - sent);
      }
    }
    if (lane.sent() < limit) {
      talker.say(talk);
    }
  }

  @Override
  public void read(Client client, Talk talk, long seq) {
    marks.ifPresent(
        when -> when.read(talk.laneTo(client.somebody()), seq, upTo -> client.mark(talk, upTo)));
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

  @Override
  public void marked() {
    if (isMeasuring) {
      marked++;
    }
  }
}

package io.parley.bench;

import io.parley.bench.Talk.Somebody;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;

/** Clients that are connected, and the loop that serves them. */
final class Crew<T extends Talker> implements AutoCloseable {
  /** A crowd that pushes in is a scenario of its own. */
  private static final int CONNECTING_AT_ONCE = 100;

  private static final Duration READY_WITHIN = Duration.ofMinutes(3);
  private static final Duration COMPLETE_WITHIN = Duration.ofMinutes(1);
  private static final Duration LOOK_EVERY = Duration.ofMillis(20);

  private final Target target;
  private final Verifier verifier;
  private final Loop loop = new Loop();
  private final List<T> clients = new ArrayList<>();

  /** So many of the first ones are. */
  private int ready;

  Crew(Target target, Verifier verifier) {
    this.target = target;
    this.verifier = verifier;
  }

  /** Both of each pair, caught up. */
  static Crew<Client> ofPairs(
      ServerUnderLoad server, List<Talk> talks, Verifier verifier, Client.Ear ear) {
    return ofPairs(
        server,
        talks,
        verifier,
        (somebody, talk) -> new Client(somebody, List.of(talk), false, verifier, ear));
  }

  /** Both of each pair, ready. */
  static <T extends Talker> Crew<T> ofPairs(
      Target target, List<Talk> talks, Verifier verifier, BiFunction<Somebody, Talk, T> session) {
    Crew<T> crew = new Crew<>(target, verifier);
    try {
      for (Talk talk : talks) {
        verifier.watch(talk.there());
        verifier.watch(talk.back());
        crew.add(session.apply(talk.first(), talk));
        crew.add(session.apply(talk.second(), talk));
      }
      crew.awaitReady(0);
      return crew;
    } catch (RuntimeException e) {
      crew.close();
      throw e;
    }
  }

  /** Connects one more, when not too many are about to. */
  void add(T client) {
    awaitReady(CONNECTING_AT_ONCE - 1);
    connect(client);
  }

  /** Connects one more at once. */
  void connect(T client) {
    InetSocketAddress address = target.address(clients.size());
    clients.add(client);
    client.connect(loop, address);
  }

  /** Waits until all but so many of the last ones are welcomed and caught up. */
  void awaitReady(int butFor) {
    boolean came =
        loop.until(
            () -> {
              while (ready < clients.size() && clients.get(ready).isReady()) {
                ready++;
              }
              return clients.size() - ready <= butFor || !verifier.isClean();
            },
            READY_WITHIN);
    if (!came || !verifier.isClean()) {
      throw new IllegalStateException(
          "%d of %d clients are ready %s"
              .formatted(
                  clients.stream().filter(Talker::isReady).count(),
                  clients.size(),
                  verifier.verdict()));
    }
  }

  /** Waits until all that was sent has arrived, or for a minute; the verifier knows what hasn't. */
  void awaitComplete() {
    long end = System.nanoTime() + COMPLETE_WITHIN.toNanos();
    while (!verifier.isComplete() && verifier.isClean() && System.nanoTime() < end) {
      loop.during(LOOK_EVERY);
    }
  }

  Loop loop() {
    return loop;
  }

  List<T> clients() {
    return clients;
  }

  @Override
  public void close() {
    loop.close();
  }
}

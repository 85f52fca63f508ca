package io.parley.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Clients that are connected, and the loop that serves them. */
final class Crew implements AutoCloseable {
  /** A crowd that pushes in is a scenario of its own. */
  private static final int CONNECTING_AT_ONCE = 100;

  private static final Duration READY_WITHIN = Duration.ofMinutes(3);
  private static final Duration COMPLETE_WITHIN = Duration.ofMinutes(1);
  private static final Duration LOOK_EVERY = Duration.ofMillis(20);

  private final ServerUnderLoad server;
  private final Verifier verifier;
  private final Loop loop = new Loop();
  private final List<Client> clients = new ArrayList<>();

  /** So many of the first ones are. */
  private int ready;

  Crew(ServerUnderLoad server, Verifier verifier) {
    this.server = server;
    this.verifier = verifier;
  }

  /** Both of each pair, caught up. */
  static Crew ofPairs(ServerUnderLoad server, List<Talk> talks, Verifier verifier, Client.Ear ear) {
    Crew crew = new Crew(server, verifier);
    try {
      for (Talk talk : talks) {
        verifier.watch(talk.there());
        verifier.watch(talk.back());
        crew.add(new Client(talk.first(), List.of(talk), false, verifier, ear));
        crew.add(new Client(talk.second(), List.of(talk), false, verifier, ear));
      }
      crew.awaitReady(0);
      return crew;
    } catch (RuntimeException e) {
      crew.close();
      throw e;
    }
  }

  /** Connects one more, when not too many are about to. */
  void add(Client client) {
    awaitReady(CONNECTING_AT_ONCE - 1);
    connect(client);
  }

  /** Connects one more at once. */
  void connect(Client client) {
    clients.add(client);
    loop.connect(server.address(), "/v1/socket", client);
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
                  clients.stream().filter(Client::isReady).count(),
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

  List<Client> clients() {
    return clients;
  }

  @Override
  public void close() {
    loop.close();
  }
}

package io.parley.bench;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.parley.bench.Verifier.Reader;
import io.parley.testing.ServerProcess;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The same pairs over a {@link Relay}: what the sockets alone cost, stored by nobody. */
final class BareRelay implements Stretch {
  private static final int IN_FLIGHT = 2;
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final World world;
  private final Path log;
  private final int pairs;

  BareRelay(World world, Path log, int pairs) {
    this.world = world;
    this.log = log;
    this.pairs = pairs;
  }

  @Override
  public Scenario scenario() {
    return Scenario.LIMITS;
  }

  @Override
  public String variant() {
    return "relay, " + pairs + (pairs == 1 ? " pair" : " pairs");
  }

  @Override
  public Run run() {
    int port = ServerProcess.freePort();
    try (JavaProcess relay =
            JavaProcess.start(
                log, "The relay is ready", 50, Map.of(), Relay.class.getName(), "" + port);
        Loop loop = new Loop()) {
      return measured(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), relay, loop);
    }
  }

  private Run measured(InetSocketAddress address, JavaProcess relay, Loop loop) {
    Verifier verifier = new Verifier();
    Window window = new Window();
    List<Side> sides = new ArrayList<>();
    for (int i = 0; i < 2 * pairs; i++) {
      Lane out = new Lane(i, i, i ^ 1);
      verifier.watch(out);
      sides.add(new Side(i, out, verifier, window));
    }
    for (int i = 0; i < sides.size(); i++) {
      Side side = sides.get(i);
      side.meet(sides.get(i ^ 1));
      loop.connect(address, "/" + i, side);
      // One after the other: the next pair shall not wait in a queue of the kernel.
      loop.until(() -> side.connection != null || !verifier.isClean(), PATIENCE);
    }
    window.isOpen = true;
    sides.forEach(
        side -> {
          for (int i = 0; i < IN_FLIGHT; i++) {
            side.say();
          }
        });
    Duration time = Duration.ofSeconds(world.settings().seconds());
    loop.during(time.dividedBy(2));
    window.delivered = 0;
    window.nanos = new Histogram();
    Measurement measurement =
        Measurement.begin(Optional.of(ProcessTree.of(relay.pid())), Optional.empty());
    loop.during(time);
    Map<Figure, Double> figures = new EnumMap<>(Figure.class);
    figures.put(Figure.DELIVERED, window.delivered / measurement.seconds());
    figures.putAll(measurement.cost(window.delivered));
    Traffic.put(
        figures, window.nanos, Figure.DELIVERED_P50, Figure.DELIVERED_P99, Figure.DELIVERED_P999);
    window.isOpen = false;
    loop.until(verifier::isComplete, PATIENCE);
    return new Run(scenario(), variant(), figures, verifier.verdict());
  }

  /** What all sides count. */
  private static final class Window {
    private Histogram nanos = new Histogram();
    private long delivered;
    private boolean isOpen;
  }

  /** One of a pair. */
  private static final class Side implements Connection.Listener {
    private final int number;
    private final Lane out;
    private final Verifier verifier;
    private final Window window;
    private Side peer;
    private Reader reader;
    private Connection connection;

    @SuppressWarnings("NullAway.Init") // The peer before anything is connected.
    Side(int number, Lane out, Verifier verifier, Window window) {
      this.number = number;
      this.out = out;
      this.verifier = verifier;
      this.window = window;
    }

    void meet(Side other) {
      peer = other;
      reader = verifier.readerFromStart(number, other.out);
    }

    void say() {
      StringBuilder text = new StringBuilder(Client.TEXT_LENGTH);
      long n = out.next();
      Client.appendText(text, number, n, out.sentNanos(n));
      connection.send(text);
    }

    @Override
    public void opened(Connection opened) {
      connection = opened;
    }

    @Override
    public void text(byte[] bytes, int offset, int length) {
      String text = new String(bytes, offset, length, ISO_8859_1);
      int first = text.indexOf(' ');
      int second = text.indexOf(' ', first + 1);
      int lane = Integer.parseInt(text, 0, first, 10);
      long n = Long.parseLong(text, first + 1, second, 10);
      verifier.shown(reader, n, lane, n);
      verifier.accepted(peer.out, n);
      window.delivered++;
      window.nanos.record(System.nanoTime() - peer.out.sentNanos(n));
      if (window.isOpen) {
        peer.say();
      }
    }

    @Override
    public void lost(String why) {
      verifier.fault("side %d of the relay lost the connection: %s".formatted(number, why));
    }
  }
}

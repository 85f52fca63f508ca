package io.parley.simulation;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.parley.protocol.ByeCode;
import io.parley.protocol.ClientFrame;
import io.parley.session.Directory;
import io.parley.session.SimulatedSession;
import io.parley.user.Push;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.pekko.actor.testkit.typed.javadsl.TestInbox;
import org.apache.pekko.actor.typed.ActorRef;

/** A socket: a device at one end, a real session at the other, and a way that may be cut. */
final class Connection implements SimulatedSession.Around {
  private static final int RENEW_MILLIS = 20_000;
  private static final int ATTACH_WITHIN_MILLIS = 1_000;
  private static final int ATTACH_TRIES = 9;
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final ActorRef<Push> NOBODY = TestInbox.<Push>create().getRef();

  private final World world;
  private final Device device;
  private final String session;
  private final SimulatedSession server;
  private final StreamCheck stream;
  private final Pipe<ClientFrame> up;
  private final Pipe<JsonNode> down;
  private Optional<ClientFrame.Hello> hello = Optional.empty();
  private boolean attached;
  private boolean over;

  Connection(World world, Device device, Node node, String session) {
    this.world = world;
    this.device = device;
    this.session = session;
    this.stream = new StreamCheck(world, device.user(), session);
    this.server =
        new SimulatedSession(
            node.ports(),
            new Directory.SignedIn(world.person(device.user()), "si_1"),
            session,
            NOBODY,
            this);
    this.up = new Pipe<>(world, this::received);
    this.down = new Pipe<>(world, frame -> device.received(this, frame));
    node.connected(this);
  }

  String session() {
    return session;
  }

  // The device's end

  void send(ClientFrame frame) {
    up.send(frame);
  }

  /** The way breaks; the device knows at once, the node a while later. */
  void cut() {
    world.trace(() -> session + " is cut");
    up.cut();
    down.cut();
    world.in(world.chances().between(0, 4_000), this::end);
    device.disconnected(this);
  }

  // The node's end

  private void received(ClientFrame frame) {
    if (over) {
      return;
    }
    if (frame instanceof ClientFrame.Hello first) {
      hello = Optional.of(first);
      world.in(world.chances().delay(4, 300), () -> attach(ATTACH_TRIES));
      return;
    }
    stream.asked(frame);
    server.receive(frame);
  }

  private void attach(int tries) {
    if (over || attached) {
      return;
    }
    if (tries == 0) {
      server.bye(ByeCode.UNAVAILABLE);
      return;
    }
    if (tries < ATTACH_TRIES && !server.isLive()) {
      begin(OptionalLong.empty());
    }
    world.persons().attach(device.user(), this);
    world.in(ATTACH_WITHIN_MILLIS, () -> attach(tries - 1));
  }

  private void begin(OptionalLong incarnation) {
    ClientFrame.Hello first = hello.orElseThrow();
    stream.began(first);
    server.begin(first, incarnation);
    world.in(RENEW_MILLIS, this::renew);
  }

  void pushed(Push push) {
    if (over) {
      return;
    }
    if (push instanceof Push.Attached first) {
      attached = true;
      if (!server.isLive()) {
        begin(OptionalLong.of(first.incarnation()));
        return;
      }
    }
    if (server.isLive()) {
      server.push(push);
    }
  }

  private void renew() {
    if (!over) {
      if (server.isStuck()) {
        server.bye(ByeCode.SLOW_CONSUMER);
      }
      world.persons().attach(device.user(), this);
      server.renew();
      world.in(RENEW_MILLIS, this::renew);
    }
  }

  @Override
  public void send(String frame) {
    JsonNode read = read(frame);
    world.trace(() -> session + " << " + frame);
    stream.sent(read, frame);
    down.send(read);
    world.in(device.readMillis(), () -> server.taken(frame));
  }

  @Override
  public void close() {
    end();
    down.close(() -> device.disconnected(this));
  }

  @Override
  public void next(Runnable step) {
    world.in(0, step);
  }

  void nodeDied() {
    if (!over) {
      end();
      up.cut();
      down.cut();
      world.in(world.chances().between(0, 1_000), () -> device.disconnected(this));
    }
  }

  private void end() {
    if (!over) {
      over = true;
      server.stop();
      world.persons().detach(device.user(), this);
    }
  }

  private static JsonNode read(String frame) {
    try {
      return JSON.readTree(frame);
    } catch (JsonProcessingException e) {
      throw new Violation("S2", "a frame is no JSON: " + frame);
    }
  }
}

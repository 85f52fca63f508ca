package io.parley.session;

import io.parley.protocol.ByeCode;
import io.parley.protocol.ClientFrame;
import io.parley.user.Push;
import java.util.OptionalLong;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.apache.pekko.actor.testkit.typed.javadsl.TestInbox;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * A session from its attach on, with everything real but its actor: whoever runs it brings frames
 * and pushes, in one thread, and takes what it hands to the socket.
 */
public final class SimulatedSession {

  /** What a session has around it. */
  public interface Around {
    /** The socket takes this frame, and says {@link SimulatedSession#taken} when it has. */
    void send(String frame);

    void close();

    /** Runs this as the session's next message. */
    void next(Runnable step);
  }

  private final Around around;
  private final TestInbox<Outbound> socket = TestInbox.create();
  private final SocketWriter writer;
  private final LiveSession session;
  private boolean live;
  private boolean stopped;

  public SimulatedSession(
      SessionPorts ports, Directory.SignedIn who, String id, ActorRef<Push> pushes, Around around) {
    this.around = around;
    this.writer = new SocketWriter(socket.getRef(), ports, () -> {});
    this.session =
        new LiveSession(
            who, id, ports, new Intake(socket.getRef()), writer, this.new Mailbox(), pushes);
  }

  /** As the session's actor does what its futures bring: as a message of its own. */
  private final class Mailbox implements LiveSession.Later {
    @Override
    public <T> void when(CompletionStage<T> stage, Consumer<T> done, Consumer<Throwable> failed) {
      var unused =
          stage.whenComplete(
              (value, failure) ->
                  around.next(
                      () -> {
                        if (failure == null) {
                          step(() -> done.accept(value));
                        } else {
                          step(() -> failed.accept(failure));
                        }
                      }));
    }
  }

  public boolean isLive() {
    return live;
  }

  public void begin(ClientFrame.Hello hello, OptionalLong incarnation) {
    live = true;
    step(() -> session.begin(hello, incarnation));
  }

  public void receive(ClientFrame frame) {
    if (live) {
      step(() -> session.onFrame(frame));
    } else {
      // The actor says the same to whatever comes before the hello was answered.
      step(() -> writer.bye(ByeCode.PROTOCOL_ERROR));
    }
  }

  public void push(Push push) {
    if (live) {
      step(() -> session.onPush(push));
    }
  }

  public void taken(String frame) {
    if (!stopped) {
      writer.taken(Credit.of(frame));
      if (live && writer.hasRoom()) {
        session.onRoom();
      }
      handOver();
    }
  }

  public void renew() {
    if (live) {
      step(session::renew);
    }
  }

  public boolean isStuck() {
    return writer.isStuck();
  }

  public void bye(ByeCode code) {
    step(() -> writer.bye(code, OptionalLong.empty()));
  }

  /** The actor is no more: its node died, or its socket is gone. */
  public void stop() {
    stopped = true;
  }

  private void step(Runnable what) {
    if (!stopped && !writer.isLeaving()) {
      what.run();
      handOver();
    }
  }

  private void handOver() {
    while (socket.hasMessages()) {
      Outbound outbound = socket.receiveMessage();
      if (outbound instanceof Outbound.Frame frame) {
        around.send(frame.json());
      } else if (outbound instanceof Outbound.Close) {
        stopped = true;
        around.close();
      }
    }
  }
}

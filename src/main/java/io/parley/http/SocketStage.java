package io.parley.http;

import io.parley.session.Credit;
import io.parley.session.Outbound;
import io.parley.session.Session;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.Terminated;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.http.javadsl.model.ws.Message;
import org.apache.pekko.http.javadsl.model.ws.TextMessage;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.FlowShape;
import org.apache.pekko.stream.Inlet;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.stage.AbstractInHandler;
import org.apache.pekko.stream.stage.AbstractOutHandler;
import org.apache.pekko.stream.stage.AsyncCallback;
import org.apache.pekko.stream.stage.GraphStage;
import org.apache.pekko.stream.stage.GraphStageLogic;
import scala.runtime.BoxedUnit;

/**
 * Joins a WebSocket and its session. Both directions are bounded by {@link Credit}: neither hands
 * the other more than that before it hears that it was handled, or written. They end together, so
 * that no half of a socket is left behind.
 *
 * <p>One stage instead of a flow of Pekko's own, which would be seven of them, with a turn more for
 * each frame: an idle socket is mostly its stages.
 */
final class SocketStage extends GraphStage<FlowShape<Message, Message>> {
  private final Inlet<Message> in = Inlet.create("frames of the client");
  private final Outlet<Message> out = Outlet.create("frames of the session");
  private final FlowShape<Message, Message> shape = FlowShape.of(in, out);

  private final ActorRef<Session.Command> session;
  private final FrameAssembly assembly;

  SocketStage(ActorRef<Session.Command> session, FrameAssembly assembly) {
    this.session = session;
    this.assembly = assembly;
  }

  @Override
  public FlowShape<Message, Message> shape() {
    return shape;
  }

  @Override
  public GraphStageLogic createLogic(Attributes inherited) {
    return new Logic();
  }

  private final class Logic extends GraphStageLogic {
    /** What was handed to the session. */
    private final Credit received = new Credit();

    /** What was written of what the session has handed over. */
    private final Credit written = new Credit();

    /** What the session has handed over and the socket hasn't taken yet. */
    private final ArrayDeque<String> waiting = new ArrayDeque<>(0);

    /** The fragments of a frame are on their way: no other may overtake it. */
    private boolean isGathering;

    private boolean isClosing;

    Logic() {
      super(shape);
      setHandler(
          in,
          new AbstractInHandler() {
            @Override
            public void onPush() {
              receive(assembly.whole(grab(in)));
            }
          });
      setHandler(
          out,
          new AbstractOutHandler() {
            @Override
            public void onPull() {
              write();
            }
          });
    }

    @Override
    public void preStart() {
      org.apache.pekko.actor.ActorRef self =
          getStageActor(
                  told -> {
                    hear(told._2());
                    return BoxedUnit.UNIT;
                  })
              .ref();
      stageActor().watch(Adapter.toClassic(session));
      session.tell(new Session.Connected(Adapter.toTyped(self)));
      pull(in);
    }

    /** However it ended: what has gone wrong with a socket is no concern of its session. */
    @Override
    public void postStop() {
      session.tell(new Session.Disconnected());
    }

    private void receive(CompletionStage<Optional<String>> frame) {
      CompletableFuture<Optional<String>> whole = frame.toCompletableFuture();
      if (whole.isDone()) {
        received(whole.join());
      } else {
        isGathering = true;
        AsyncCallback<Optional<String>> gathered = createAsyncCallback(this::received);
        frame.thenAccept(gathered::invoke);
      }
    }

    private void received(Optional<String> json) {
      isGathering = false;
      received.spend(Credit.of(json.orElse("")));
      session.tell(json.isPresent() ? new Session.Received(json.get()) : new Session.Unreadable());
      pullIfCredit();
    }

    private void pullIfCredit() {
      if (received.isLeft() && !isGathering && !isClosed(in) && !hasBeenPulled(in)) {
        pull(in);
      }
    }

    private void hear(Object told) {
      if (told instanceof Outbound.Frame frame) {
        waiting.add(frame.json());
        write();
      } else if (told instanceof Outbound.Handled handled) {
        received.restore(handled.credit());
        pullIfCredit();
      } else if (told instanceof Outbound.Close) {
        isClosing = true;
        endIfSaid();
      } else if (told instanceof Terminated) {
        completeStage();
      }
    }

    private void write() {
      if (waiting.isEmpty() || !isAvailable(out)) {
        return;
      }
      String frame = waiting.remove();
      push(out, TextMessage.create(frame));
      int credit = written.take(Credit.of(frame));
      if (credit > 0) {
        session.tell(new Session.Taken(credit));
      }
      endIfSaid();
    }

    private void endIfSaid() {
      if (isClosing && waiting.isEmpty()) {
        completeStage();
      }
    }
  }
}

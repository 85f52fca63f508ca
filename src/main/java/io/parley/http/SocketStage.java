package io.parley.http;

import static java.util.Objects.requireNonNull;

import io.parley.session.Outbound;
import io.parley.session.Session;
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
import org.jspecify.annotations.Nullable;
import scala.runtime.BoxedUnit;

/**
 * Joins a WebSocket and its session. Both directions are bounded by acknowledgements: the socket
 * hands over a frame when the session has handled the one before, and the session one when the
 * socket has taken the one before. They end together, so that no half of a socket is left behind.
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
    private @Nullable ActorRef<Session.Handled> handled;

    /** What the session has handed over and the socket hasn't taken yet. */
    private @Nullable Message waiting;

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
              take();
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
      handled = Adapter.toTyped(self);
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
        AsyncCallback<Optional<String>> gathered = createAsyncCallback(this::received);
        frame.thenAccept(gathered::invoke);
      }
    }

    private void received(Optional<String> json) {
      ActorRef<Session.Handled> replyTo = requireNonNull(handled);
      session.tell(
          json.isPresent()
              ? new Session.Received(json.get(), replyTo)
              : new Session.Unreadable(replyTo));
    }

    private void hear(Object told) {
      if (told instanceof Outbound.Frame frame) {
        handOver(frame);
      } else if (told instanceof Session.Handled) {
        if (!isClosed(in) && !hasBeenPulled(in)) {
          pull(in);
        }
      } else if (told instanceof Outbound.Close) {
        isClosing = true;
        endIfSaid();
      } else if (told instanceof Terminated) {
        completeStage();
      }
    }

    /** A frame that was lost without a sound would be a gap; a socket that ends is resumed. */
    private void handOver(Outbound.Frame frame) {
      if (waiting != null) {
        throw new IllegalStateException("A frame came before the socket had taken the last one");
      }
      waiting = TextMessage.create(frame.json());
      if (isAvailable(out)) {
        take();
      }
    }

    private void take() {
      if (waiting != null) {
        push(out, waiting);
        waiting = null;
        session.tell(new Session.Demanded());
        endIfSaid();
      }
    }

    private void endIfSaid() {
      if (isClosing && waiting == null) {
        completeStage();
      }
    }
  }
}

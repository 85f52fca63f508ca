package io.parley.http;

import io.parley.session.Outbound;
import io.parley.session.Session;
import java.util.Optional;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.http.javadsl.model.ws.Message;
import org.apache.pekko.http.javadsl.model.ws.TextMessage;
import org.apache.pekko.stream.CompletionStrategy;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.stream.typed.javadsl.ActorSink;
import org.apache.pekko.stream.typed.javadsl.ActorSource;

/**
 * Joins a WebSocket and its session. Both directions are bounded by acknowledgements: the socket
 * hands over a frame when the session has handled the one before, and the session one when the
 * socket has taken the one before. They end together, so that no half of a socket is left behind.
 */
final class SocketFlow {
  private SocketFlow() {}

  static Flow<Message, Message, NotUsed> of(
      ActorRef<Session.Command> session, FrameAssembly assembly) {
    return Flow.fromSinkAndSourceCoupled(in(session, assembly), out(session));
  }

  private static Sink<Message, NotUsed> in(
      ActorRef<Session.Command> session, FrameAssembly assembly) {
    Sink<Optional<String>, NotUsed> handling =
        ActorSink.actorRefWithBackpressure(
            session,
            SocketFlow::received,
            Session.Begin::new,
            Session.Handled.HANDLED,
            new Session.Disconnected(),
            broken -> new Session.Disconnected());
    return Flow.of(Message.class).mapAsync(1, assembly::whole).to(handling);
  }

  private static Session.Command received(
      ActorRef<Session.Handled> handled, Optional<String> json) {
    return json.isPresent()
        ? new Session.Received(json.get(), handled)
        : new Session.Unreadable(handled);
  }

  private static Source<Message, NotUsed> out(ActorRef<Session.Command> session) {
    return ActorSource.<Outbound, Session.Command>actorRefWithBackpressure(
            session,
            new Session.Demanded(),
            outbound ->
                outbound instanceof Outbound.Close
                    ? Optional.of(CompletionStrategy.draining())
                    : Optional.empty(),
            outbound -> Optional.empty())
        .map(outbound -> (Message) TextMessage.create(((Outbound.Frame) outbound).json()))
        .mapMaterializedValue(
            socket -> {
              session.tell(new Session.Connected(socket));
              return NotUsed.getInstance();
            });
  }
}

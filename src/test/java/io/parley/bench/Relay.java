package io.parley.bench;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.http.javadsl.Http;
import org.apache.pekko.http.javadsl.model.AttributeKeys;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.ws.Message;
import org.apache.pekko.http.javadsl.model.ws.WebSocketUpgrade;
import org.apache.pekko.japi.Pair;
import org.apache.pekko.stream.BoundedSourceQueue;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;

/**
 * The floor of the sockets: Pekko HTTP, and nothing between two WebSockets. What comes in on {@code
 * /2} goes out on {@code /3}, and the other way round.
 */
public final class Relay {
  private static final int WAITING = 64;

  private final ActorSystem system;
  private final Map<Integer, BoundedSourceQueue<Message>> outlets = new ConcurrentHashMap<>();

  private Relay(ActorSystem system) {
    this.system = system;
  }

  /** The port is the only word. */
  public static void main(String[] words) {
    Config config =
        ConfigFactory.parseString("pekko.actor.provider = local")
            .withFallback(ConfigFactory.parseResources("pekko.conf"))
            .withFallback(ConfigFactory.load());
    ActorSystem system = ActorSystem.create("relay", config);
    Relay relay = new Relay(system);
    Http.get(system)
        .newServerAt("127.0.0.1", Integer.parseInt(words[0]))
        .bindSync(relay::upgrade)
        .thenAccept(bound -> System.out.println("The relay is ready"))
        .toCompletableFuture()
        .join();
  }

  private HttpResponse upgrade(HttpRequest request) {
    WebSocketUpgrade upgrade =
        request
            .getAttribute(AttributeKeys.webSocketUpgrade)
            .orElseThrow(() -> new IllegalArgumentException("no WebSocket"));
    int place = Integer.parseInt(request.getUri().path().substring(1));
    Pair<BoundedSourceQueue<Message>, Source<Message, NotUsed>> out =
        Source.<Message>queue(WAITING).preMaterialize(system);
    outlets.put(place, out.first());
    Sink<Message, ?> in = Sink.foreach(message -> pass(place ^ 1, message));
    return upgrade.handleMessagesWith(Flow.fromSinkAndSourceCoupled(in, out.second()), "parley.v1");
  }

  private void pass(int place, Message message) {
    BoundedSourceQueue<Message> outlet = outlets.get(place);
    if (outlet == null) {
      throw new IllegalStateException("nobody is at " + place);
    }
    outlet.offer(message);
  }
}

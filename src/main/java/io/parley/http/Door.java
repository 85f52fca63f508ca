package io.parley.http;

import io.parley.model.ErrorCode;
import io.parley.protocol.Problem;
import io.parley.session.SameThread;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.pekko.Done;
import org.apache.pekko.actor.Cancellable;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.ServerBinding;
import org.apache.pekko.http.javadsl.ServerBuilder;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.apache.pekko.http.javadsl.model.headers.Connection;
import org.apache.pekko.http.javadsl.server.Route;
import org.apache.pekko.japi.function.Function;

/**
 * An open port, and the requests that are under way by it. It closes in two steps: from {@link
 * #unbind} on nobody new comes, and who is there leaves with the next answer; {@link #terminate}
 * ends every connection. What is under way by then is answered here: Pekko would cut most of it off
 * without a word, and the rest would get a status alone.
 */
public final class Door {
  /** For the last answers to get out, before Pekko cuts their connections. */
  static final Duration LAST_ANSWERS = Duration.ofSeconds(1);

  private static final long COME_BACK_MILLIS = 2_000;

  private final ActorSystem<?> system;
  private final ServerBinding binding;
  private final UnderWay underWay;

  private Door(ActorSystem<?> system, ServerBinding binding, UnderWay underWay) {
    this.system = system;
    this.binding = binding;
    this.underWay = underWay;
  }

  static CompletionStage<Door> open(ActorSystem<?> system, ServerBuilder at, Route routes) {
    UnderWay underWay = new UnderWay(routes.handler(system));
    return at.bind(underWay::answer).thenApply(binding -> new Door(system, binding, underWay));
  }

  public InetSocketAddress localAddress() {
    return binding.localAddress();
  }

  /** Lets nobody new in. */
  public CompletionStage<Done> unbind() {
    underWay.leaving = true;
    return binding.unbind();
  }

  /**
   * Ends all connections: idle ones now, the others with their answers, which have so long. It
   * takes {@link #LAST_ANSWERS} more at most.
   */
  public CompletionStage<Done> terminate(Duration within) {
    underWay.leaving = true;
    Cancellable end =
        system.scheduler().scheduleOnce(within, underWay::end, system.executionContext());
    return binding
        .terminate(within.plus(LAST_ANSWERS))
        .thenApply(
            ended -> {
              end.cancel();
              return Done.getInstance();
            });
  }

  /** What a request is told that wasn't answered when the node left. */
  static HttpResponse cutOff() {
    // Whether TLS is in front isn't known here, and HSTS was said with every other answer.
    return new SecurityHeaders(false)
        .on(
            Problems.response(
                Problem.of(ErrorCode.UNAVAILABLE)
                    .because("The node stops")
                    .retryAfter(COME_BACK_MILLIS)));
  }

  /** Requests that were let in and not answered yet. */
  private static final class UnderWay {
    private final Function<HttpRequest, CompletionStage<HttpResponse>> routes;

    /** One for each: answers it, unless it is answered. */
    private final Set<Runnable> cuts = ConcurrentHashMap.newKeySet();

    private volatile boolean leaving;
    private volatile boolean ended;

    UnderWay(Function<HttpRequest, CompletionStage<HttpResponse>> routes) {
      this.routes = routes;
    }

    CompletionStage<HttpResponse> answer(HttpRequest request) throws Exception {
      CompletableFuture<HttpResponse> answer =
          SameThread.of(routes.apply(request)).toCompletableFuture();
      Runnable cut = () -> answer.complete(cutOff());
      cuts.add(cut);
      if (ended) {
        cut.run();
      }
      return answer
          .whenComplete((response, failure) -> cuts.remove(cut))
          .thenApply(response -> leaving ? last(response) : response);
    }

    void end() {
      ended = true;
      cuts.forEach(Runnable::run);
    }

    private static HttpResponse last(HttpResponse response) {
      return response.status().equals(StatusCodes.SWITCHING_PROTOCOLS)
          ? response
          : response.addHeader(Connection.create("close"));
    }
  }
}

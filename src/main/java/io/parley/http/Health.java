package io.parley.http;

import static org.apache.pekko.http.javadsl.server.Directives.complete;
import static org.apache.pekko.http.javadsl.server.Directives.concat;
import static org.apache.pekko.http.javadsl.server.Directives.get;
import static org.apache.pekko.http.javadsl.server.Directives.handle;
import static org.apache.pekko.http.javadsl.server.Directives.mapResponse;
import static org.apache.pekko.http.javadsl.server.Directives.path;
import static org.apache.pekko.http.javadsl.server.Directives.pathPrefix;

import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.server.Route;

/** The routes of the management port, for whoever runs the server. */
public final class Health {
  private static final HttpResponse LIVE = Bodies.json(200, "{\"status\":\"live\"}");
  private static final HttpResponse READY = Bodies.json(200, "{\"status\":\"ready\"}");
  private static final HttpResponse NOT_READY = Bodies.json(503, "{\"status\":\"not ready\"}");

  private Health() {}

  /**
   * The routes. One who fails to answer is not ready.
   *
   * @param ready whether clients should be sent here
   */
  public static Route routes(Supplier<CompletionStage<Boolean>> ready) {
    return mapResponse(
        new SecurityHeaders(false)::on,
        () ->
            pathPrefix(
                "health",
                () ->
                    get(
                        () ->
                            concat(
                                path("live", () -> complete(LIVE)),
                                path("ready", () -> handle(request -> answer(ready)))))));
  }

  private static CompletionStage<HttpResponse> answer(Supplier<CompletionStage<Boolean>> ready) {
    return ready.get().thenApply(is -> is ? READY : NOT_READY).exceptionally(failed -> NOT_READY);
  }
}

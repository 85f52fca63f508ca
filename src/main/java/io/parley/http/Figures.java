package io.parley.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.apache.pekko.http.javadsl.server.Directives.complete;
import static org.apache.pekko.http.javadsl.server.Directives.get;
import static org.apache.pekko.http.javadsl.server.Directives.mapResponse;
import static org.apache.pekko.http.javadsl.server.Directives.path;

import java.util.function.Supplier;
import org.apache.pekko.http.javadsl.model.ContentType;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.server.Route;

/** What Prometheus fetches from the management port. */
public final class Figures {
  private static final ContentType TEXT =
      ContentTypes.parse("text/plain; version=0.0.4; charset=utf-8");

  private Figures() {}

  /**
   * The route.
   *
   * @param figures in Prometheus' text format; at hand at once, whatever else is away
   */
  public static Route routes(Supplier<String> figures) {
    return mapResponse(
        new SecurityHeaders(false)::on,
        () -> path("metrics", () -> get(() -> complete(response(figures.get())))));
  }

  private static HttpResponse response(String figures) {
    return HttpResponse.create().withEntity(HttpEntities.create(TEXT, figures.getBytes(UTF_8)));
  }
}

package io.parley.http;

import static org.apache.pekko.http.javadsl.server.Directives.complete;
import static org.apache.pekko.http.javadsl.server.Directives.concat;
import static org.apache.pekko.http.javadsl.server.Directives.get;
import static org.apache.pekko.http.javadsl.server.Directives.handleExceptions;
import static org.apache.pekko.http.javadsl.server.Directives.handleRejections;
import static org.apache.pekko.http.javadsl.server.Directives.mapResponse;
import static org.apache.pekko.http.javadsl.server.Directives.path;
import static org.apache.pekko.http.javadsl.server.Directives.pathPrefix;
import static org.apache.pekko.http.javadsl.server.Directives.withRequestTimeoutResponse;

import io.parley.account.Registry;
import io.parley.model.ErrorCode;
import io.parley.model.Limits;
import io.parley.model.UserId;
import io.parley.protocol.HttpBodies;
import io.parley.protocol.Problem;
import io.parley.search.Search;
import io.parley.search.SearchSettings;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.http.javadsl.server.ExceptionHandler;
import org.apache.pekko.http.javadsl.server.MethodRejection;
import org.apache.pekko.http.javadsl.server.Rejection;
import org.apache.pekko.http.javadsl.server.RejectionHandler;
import org.apache.pekko.http.javadsl.server.Route;
import org.apache.pekko.stream.Materializer;

/**
 * All routes of the public port. Whatever comes of a request, its answer carries the security
 * headers, and an error is problem details.
 */
public final class Api {
  static final List<String> PROTOCOLS = List.of("parley.v1");

  private final HttpSettings settings;
  private final Registry registry;
  private final Chat chat;
  private final Search search;
  private final Limits limits;
  private final Clock clock;
  private final HttpReports reports;

  /** What the routes lead to. */
  public record Served(Registry registry, Chat chat, Search search) {}

  public Api(
      HttpSettings settings, Served served, Limits limits, Clock clock, HttpReports reports) {
    this.settings = settings;
    this.registry = served.registry();
    this.chat = served.chat();
    this.search = served.search();
    this.limits = limits;
    this.clock = clock;
    this.reports = reports;
  }

  /**
   * The routes.
   *
   * @param socket answers {@code /v1/socket}, and rejects everything else
   */
  public Route routes(Route socket, Materializer materializer) {
    TokenCookie cookie = new TokenCookie(settings.secure(), settings.web().cookieLife());
    Entrance entrance =
        new Entrance(
            registry.signIns(),
            cookie,
            new CrossSite(settings.origins()),
            settings.proxies(),
            materializer,
            reports.incidents());
    Bodies bodies = new Bodies(limits, materializer);
    SendRates rates = new SendRates(limits, System::nanoTime);
    Delivery delivery = new Delivery(limits.reads().patience(), materializer.system());
    // Made here, once: what stands inside a directive is made anew for each request.
    Route calls =
        concat(
            new AccountRoutes(registry, entrance, bodies, cookie, reports.meters()).routes(),
            new ConversationRoutes(chat, entrance, bodies, limits, rates, pages(delivery)).routes(),
            searches(entrance, delivery),
            path("meta", () -> get(() -> entrance.open(visit -> meta()))));
    Route api = pathPrefix("v1", () -> calls);
    return answered(concat(socket, api, WebClient.routes(settings.web(), clock)));
  }

  private ReadGate pages(Delivery delivery) {
    Limits.Reads reads = limits.reads();
    return new ReadGate(
        new ReadGate.Bounds(reads.underWay(), reads.perPerson()), delivery, reports.incidents());
  }

  private Route searches(Entrance entrance, Delivery delivery) {
    SearchSettings most = search.settings();
    Rates<UserId> rates =
        new Rates<>(limits.rateLimits(), most.perSecond(), most.burst(), System::nanoTime);
    int perPerson = limits.rateLimits() ? SearchRoutes.UNDER_WAY_PER_PERSON : most.underWay();
    ReadGate gate =
        new ReadGate(
            new ReadGate.Bounds(most.underWay(), perPerson), delivery, reports.incidents());
    return new SearchRoutes(search, registry.conversations(), entrance, rates, gate).routes();
  }

  private CompletableFuture<HttpResponse> meta() {
    return CompletableFuture.completedFuture(
        Bodies.json(200, HttpBodies.meta(PROTOCOLS, Optional.empty(), clock.millis())));
  }

  private Route answered(Route routes) {
    SecurityHeaders headers = new SecurityHeaders(settings.secure());
    return withRequestTimeoutResponse(
        late -> headers.on(Problems.response(ErrorCode.UNAVAILABLE)),
        () ->
            mapResponse(
                response -> {
                  reports.meters().answered(response.status().intValue());
                  return headers.on(response);
                },
                () ->
                    handleExceptions(
                        ExceptionHandler.newBuilder()
                            .matchAny(failure -> complete(Problems.response(failure)))
                            .build(),
                        () -> handleRejections(rejections(), () -> routes))));
  }

  private static RejectionHandler rejections() {
    return RejectionHandler.newBuilder()
        .handleAll(MethodRejection.class, Api::methodNotAllowed)
        .handle(Rejection.class, rejection -> complete(Problems.response(ErrorCode.BAD_FRAME)))
        .handleNotFound(complete(Problems.response(ErrorCode.NOT_FOUND)))
        .build();
  }

  private static Route methodNotAllowed(List<MethodRejection> rejections) {
    TreeSet<String> allowed = new TreeSet<>();
    rejections.forEach(rejection -> allowed.add(rejection.supported().name()));
    return complete(
        Problems.response(Problem.of(ErrorCode.UNSUPPORTED).withStatus(Problems.METHOD_NOT_ALLOWED))
            .addHeader(RawHeader.create("Allow", String.join(", ", allowed))));
  }
}

package io.parley.http;

import static org.apache.pekko.http.javadsl.server.Directives.get;
import static org.apache.pekko.http.javadsl.server.Directives.handle;
import static org.apache.pekko.http.javadsl.server.Directives.path;
import static org.apache.pekko.http.javadsl.server.Directives.pathPrefix;

import io.parley.account.Token;
import io.parley.audit.Incident;
import io.parley.audit.Incidents;
import io.parley.model.ErrorCode;
import io.parley.model.Limits;
import io.parley.protocol.Problem;
import io.parley.session.SameThread;
import io.parley.session.Session;
import io.parley.session.Sessions;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.http.javadsl.model.AttributeKeys;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.ws.WebSocketUpgrade;
import org.apache.pekko.http.javadsl.server.Route;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.javadsl.Flow;

/**
 * The way onto the socket. A page of another site is refused here; everything else that can be
 * wrong is told by a {@code bye} after the upgrade, where a browser's script can read it.
 */
public final class SocketRoute {
  private static final String PROTOCOL = Api.PROTOCOLS.get(0);
  private static final Duration OPEN_WITHIN = Duration.ofSeconds(5);
  private static final long COME_BACK_MILLIS = 2_000;

  private final ActorSystem<?> system;
  private final ActorRef<Sessions.Command> sessions;
  private final HttpSettings settings;
  private final TokenCookie cookie;
  private final FrameAssembly assembly;
  private final Incidents incidents;
  private final Duration openWithin;

  public SocketRoute(
      ActorSystem<?> system,
      ActorRef<Sessions.Command> sessions,
      HttpSettings settings,
      Limits limits,
      Incidents incidents) {
    this(system, sessions, settings, limits, incidents, OPEN_WITHIN);
  }

  /** With another patience for a session to be made. */
  SocketRoute(
      ActorSystem<?> system,
      ActorRef<Sessions.Command> sessions,
      HttpSettings settings,
      Limits limits,
      Incidents incidents,
      Duration openWithin) {
    this.system = system;
    this.sessions = sessions;
    this.settings = settings;
    this.incidents = incidents;
    this.openWithin = openWithin;
    this.cookie = new TokenCookie(settings.secure(), settings.web().cookieLife());
    this.assembly = new FrameAssembly(limits.frames(), Materializer.createMaterializer(system));
  }

  public Route route() {
    return pathPrefix("v1", () -> path("socket", () -> get(() -> handle(this::upgrade))));
  }

  private CompletionStage<HttpResponse> upgrade(HttpRequest request) {
    Optional<WebSocketUpgrade> upgrade = request.getAttribute(AttributeKeys.webSocketUpgrade);
    if (upgrade.isEmpty()) {
      return refused(Problem.of(ErrorCode.BAD_FRAME).because("This is a WebSocket: upgrade"));
    }
    if (!requested(upgrade.get())) {
      return refused(
          Problem.of(ErrorCode.UNSUPPORTED).because("Ask for the subprotocol " + PROTOCOL));
    }
    boolean fromPage = !Origins.named(request).isEmpty();
    if (fromPage && !settings.origins().allow(request)) {
      incidents.fromAddress(Incident.SOCKET_ORIGIN, settings.proxies().addressOf(request));
      return refused(
          Problem.of(ErrorCode.FORBIDDEN).because("This page may not connect: wrong origin"));
    }
    // Without an origin it is no page, and a cookie says nothing; hello carries the token then.
    Optional<String> token = fromPage ? cookie.in(request).map(Token::value) : Optional.empty();
    return open(token, settings.proxies().addressOf(request))
        .handle(
            (session, late) ->
                late == null
                    ? session
                        .map(opened -> accepted(upgrade.get(), opened))
                        .orElseGet(SocketRoute::tooMany)
                    : overloaded());
  }

  private HttpResponse accepted(WebSocketUpgrade upgrade, ActorRef<Session.Command> session) {
    return upgrade.handleMessagesWith(Flow.fromGraph(new SocketStage(session, assembly)), PROTOCOL);
  }

  private static boolean requested(WebSocketUpgrade upgrade) {
    for (String name : upgrade.getRequestedProtocols()) {
      if (name.equals(PROTOCOL)) {
        return true;
      }
    }
    return false;
  }

  private CompletionStage<Optional<ActorRef<Session.Command>>> open(
      Optional<String> token, String address) {
    return SameThread.of(
        AskPattern.ask(
            sessions,
            (ActorRef<Optional<ActorRef<Session.Command>>> replyTo) ->
                new Sessions.Open(token, address, replyTo),
            openWithin,
            system.scheduler()));
  }

  private static HttpResponse tooMany() {
    return Problems.response(
        Problem.of(ErrorCode.RATE_LIMITED)
            .because("There are too many sockets from this address, or the node is stopping")
            .retryAfter(COME_BACK_MILLIS));
  }

  /** A session that is made late finds no socket, and ends itself. */
  private static HttpResponse overloaded() {
    return Problems.response(
        Problem.of(ErrorCode.OVERLOADED)
            .because("The node is too busy to open a socket, or stops")
            .retryAfter(COME_BACK_MILLIS));
  }

  private static CompletionStage<HttpResponse> refused(Problem problem) {
    return CompletableFuture.completedFuture(Problems.response(problem));
  }
}

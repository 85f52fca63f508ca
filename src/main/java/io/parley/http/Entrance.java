package io.parley.http;

import static org.apache.pekko.http.javadsl.server.Directives.handle;

import io.parley.account.SignIns;
import io.parley.account.SignedIn;
import io.parley.account.Token;
import io.parley.audit.Incident;
import io.parley.audit.Incidents;
import io.parley.model.ErrorCode;
import io.parley.protocol.Problem;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.server.Route;
import org.apache.pekko.stream.Materializer;

/**
 * What every call goes through: the cross-site check, then the token, then whether the client knows
 * whose it is, then the answer.
 */
final class Entrance {
  private static final String BEARER = "bearer ";

  /** Whom the client takes itself for. */
  private static final String CLAIMED_USER = "parley-user";

  private final SignIns signIns;
  private final TokenCookie cookie;
  private final CrossSite crossSite;
  private final TrustedProxies proxies;
  private final Materializer materializer;
  private final Incidents incidents;

  Entrance(
      SignIns signIns,
      TokenCookie cookie,
      CrossSite crossSite,
      TrustedProxies proxies,
      Materializer materializer,
      Incidents incidents) {
    this.signIns = signIns;
    this.cookie = cookie;
    this.crossSite = crossSite;
    this.proxies = proxies;
    this.materializer = materializer;
    this.incidents = incidents;
  }

  /** A request and where it came from. */
  record Visit(HttpRequest request, String address) {}

  /** Answers anybody. */
  @FunctionalInterface
  interface Open {
    CompletionStage<HttpResponse> answer(Visit visit);
  }

  /** Answers somebody who has signed in. */
  @FunctionalInterface
  interface Personal {
    CompletionStage<HttpResponse> answer(SignedIn by, Visit visit);
  }

  Route open(Open call) {
    return handle(
        request ->
            guarded(request, () -> call.answer(new Visit(request, proxies.addressOf(request)))));
  }

  Route signedIn(Personal call) {
    return open(
        visit ->
            authenticate(visit.request())
                .thenCompose(
                    by ->
                        by.isPresent()
                            ? recognised(by.get(), visit, call)
                            : CompletableFuture.completedFuture(
                                Problems.response(ErrorCode.UNAUTHENTICATED))));
  }

  /**
   * A browser has one cookie for all of its tabs: another tab may have signed in as somebody else
   * since this one was loaded, and must not act for them.
   */
  private CompletionStage<HttpResponse> recognised(SignedIn by, Visit visit, Personal call) {
    String user = by.user().id().value();
    HttpRequest request = visit.request();
    if (Headers.values(request, CLAIMED_USER).stream().allMatch(user::equals)) {
      return call.answer(by, visit);
    }
    // An answer that is faster than the request's own body would cost the client its connection.
    return request
        .discardEntityBytes(materializer)
        .completionStage()
        .thenApply(read -> Problems.response(ErrorCode.OTHER_USER));
  }

  /** Whose token it is: of the header, and only without one of the cookie. */
  private CompletionStage<Optional<SignedIn>> authenticate(HttpRequest request) {
    Optional<Token> token = bearer(request).or(() -> cookie.in(request));
    return token.isPresent()
        ? signIns.authenticate(token.get())
        : CompletableFuture.completedFuture(Optional.empty());
  }

  private static Optional<Token> bearer(HttpRequest request) {
    List<String> values = Headers.values(request, "authorization");
    return values.stream()
        .filter(value -> value.regionMatches(true, 0, BEARER, 0, BEARER.length()))
        .map(value -> new Token(value.substring(BEARER.length()).strip()))
        .findFirst();
  }

  private CompletionStage<HttpResponse> guarded(
      HttpRequest request, Supplier<CompletionStage<HttpResponse>> answer) {
    Optional<Problem> refusal = crossSite.refusal(request);
    if (refusal.isPresent()) {
      incidents.fromAddress(Incident.CROSS_SITE_WRITE, proxies.addressOf(request));
      return CompletableFuture.completedFuture(Problems.response(refusal.get()));
    }
    try {
      return answer.get().exceptionally(Problems::response);
    } catch (RuntimeException failure) {
      return CompletableFuture.completedFuture(Problems.response(failure));
    }
  }
}

package io.parley.http;

import static org.apache.pekko.http.javadsl.server.Directives.handle;

import io.parley.account.SignIns;
import io.parley.account.SignedIn;
import io.parley.account.Token;
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

/** What every call goes through: the cross-site check, then the token, then the answer. */
final class Entrance {
  private static final String BEARER = "bearer ";

  private final SignIns signIns;
  private final TokenCookie cookie;
  private final CrossSite crossSite;
  private final TrustedProxies proxies;

  Entrance(SignIns signIns, TokenCookie cookie, CrossSite crossSite, TrustedProxies proxies) {
    this.signIns = signIns;
    this.cookie = cookie;
    this.crossSite = crossSite;
    this.proxies = proxies;
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
                            ? call.answer(by.get(), visit)
                            : CompletableFuture.completedFuture(
                                Problems.response(ErrorCode.UNAUTHENTICATED))));
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
      return CompletableFuture.completedFuture(Problems.response(refusal.get()));
    }
    try {
      return answer.get().exceptionally(Problems::response);
    } catch (RuntimeException failure) {
      return CompletableFuture.completedFuture(Problems.response(failure));
    }
  }
}

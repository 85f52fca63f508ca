package io.parley.http;

import static org.apache.pekko.http.javadsl.server.Directives.concat;
import static org.apache.pekko.http.javadsl.server.Directives.delete;
import static org.apache.pekko.http.javadsl.server.Directives.get;
import static org.apache.pekko.http.javadsl.server.Directives.patch;
import static org.apache.pekko.http.javadsl.server.Directives.path;
import static org.apache.pekko.http.javadsl.server.Directives.pathEndOrSingleSlash;
import static org.apache.pekko.http.javadsl.server.Directives.pathPrefix;
import static org.apache.pekko.http.javadsl.server.Directives.post;
import static org.apache.pekko.http.javadsl.server.Directives.put;
import static org.apache.pekko.http.javadsl.server.PathMatchers.segment;

import io.parley.account.Refused;
import io.parley.account.Registry;
import io.parley.account.SignInId;
import io.parley.account.SignIns;
import io.parley.account.SignedIn;
import io.parley.account.Token;
import io.parley.model.ErrorCode;
import io.parley.protocol.HttpBodies;
import io.parley.protocol.HttpRequests;
import io.parley.protocol.SignIn;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.server.Route;

/** Signing up, in and out, and what people do about themselves. */
final class AccountRoutes {
  private final Registry registry;
  private final Entrance entrance;
  private final Bodies bodies;
  private final TokenCookie cookie;
  private final HttpMeters meters;

  AccountRoutes(
      Registry registry, Entrance entrance, Bodies bodies, TokenCookie cookie, HttpMeters meters) {
    this.registry = registry;
    this.entrance = entrance;
    this.bodies = bodies;
    this.cookie = cookie;
    this.meters = meters;
  }

  Route routes() {
    return concat(
        path(
            "users",
            () ->
                concat(
                    post(() -> entrance.open(this::signUp)),
                    get(() -> entrance.signedIn(this::findPeople)))),
        pathPrefix(
            segment("users").slash("me"),
            () ->
                concat(
                    pathEndOrSingleSlash(() -> patch(() -> entrance.signedIn(this::rename))),
                    path("password", () -> put(() -> entrance.signedIn(this::changePassword))))),
        path(
            "session",
            () ->
                concat(
                    post(() -> entrance.open(this::signIn)),
                    get(() -> entrance.signedIn(this::whoAmI)),
                    delete(() -> entrance.signedIn(this::signOut)))),
        path("sessions", () -> get(() -> entrance.signedIn(this::listSignIns))),
        path(
            segment("sessions").slash(segment()),
            id -> delete(() -> entrance.signedIn((by, visit) -> revoke(by, id)))),
        path("outboxes", () -> post(() -> entrance.signedIn(this::mintOutbox))));
  }

  private CompletionStage<HttpResponse> signUp(Entrance.Visit visit) {
    return bodies
        .fields(visit.request())
        .thenApply(HttpRequests.SignUp::read)
        .thenCompose(
            wanted ->
                registry
                    .accounts()
                    .signUp(
                        wanted.username(),
                        wanted.password(),
                        wanted.displayName(),
                        visit.address()))
        .thenApply(person -> Bodies.json(201, HttpBodies.user(person)));
  }

  private CompletionStage<HttpResponse> signIn(Entrance.Visit visit) {
    return bodies
        .fields(visit.request())
        .thenApply(HttpRequests.SignInRequest::read)
        .thenCompose(
            wanted ->
                counted(grant(wanted, visit.address()))
                    .thenApply(granted -> welcome(granted, wanted.cookie())));
  }

  private CompletionStage<SignIns.Granted> grant(
      HttpRequests.SignInRequest wanted, String address) {
    SignIns signIns = registry.signIns();
    if (wanted.proof() instanceof HttpRequests.ByPassword by) {
      return signIns.signIn(by.username(), by.password(), wanted.device(), address);
    }
    HttpRequests.ByLink by = (HttpRequests.ByLink) wanted.proof();
    return signIns.signInByLink(new Token(by.link()), wanted.device(), address);
  }

  private CompletionStage<SignIns.Granted> counted(CompletionStage<SignIns.Granted> grant) {
    return grant.whenComplete(
        (granted, failure) ->
            meters.signIn(failure == null ? Optional.empty() : Optional.of(code(failure))));
  }

  private static ErrorCode code(Throwable failure) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    return cause instanceof Refused refused ? refused.code() : ErrorCode.UNAVAILABLE;
  }

  private HttpResponse welcome(SignIns.Granted granted, boolean asCookie) {
    SignedIn in = granted.signedIn();
    Optional<String> token = asCookie ? Optional.empty() : Optional.of(granted.token().value());
    String body = HttpBodies.signedIn(token, told(in.signIn(), in), in.user());
    HttpResponse response = Bodies.json(201, body);
    return asCookie ? response.addHeader(cookie.with(granted.token())) : response;
  }

  private CompletionStage<HttpResponse> whoAmI(SignedIn by, Entrance.Visit visit) {
    return completed(Bodies.json(200, HttpBodies.whoAmI(told(by.signIn(), by), by.user())));
  }

  private CompletionStage<HttpResponse> signOut(SignedIn by, Entrance.Visit visit) {
    return registry
        .signIns()
        .revoke(by.user().id(), by.signIn().id())
        .thenApply(revoked -> Bodies.nothing().addHeader(cookie.removed()));
  }

  private CompletionStage<HttpResponse> listSignIns(SignedIn by, Entrance.Visit visit) {
    return registry
        .signIns()
        .list(by.user().id())
        .thenApply(
            signIns -> {
              List<SignIn> told = signIns.stream().map(signIn -> told(signIn, by)).toList();
              return Bodies.json(200, HttpBodies.signIns(told));
            });
  }

  private CompletionStage<HttpResponse> revoke(SignedIn by, String id) {
    return registry
        .signIns()
        .revoke(by.user().id(), SignInId.parse(id))
        .thenApply(was -> was ? Bodies.nothing() : Problems.response(ErrorCode.NOT_FOUND));
  }

  private CompletionStage<HttpResponse> findPeople(SignedIn by, Entrance.Visit visit) {
    String prefix = Queries.of(visit.request()).text("q").orElse("");
    return registry
        .people()
        .byPrefix(prefix)
        .thenApply(people -> Bodies.json(200, HttpBodies.people(people)));
  }

  private CompletionStage<HttpResponse> rename(SignedIn by, Entrance.Visit visit) {
    return bodies
        .fields(visit.request())
        .thenApply(HttpRequests.Profile::read)
        .thenCompose(
            profile ->
                profile.displayName().isPresent()
                    ? registry.accounts().rename(by.user().id(), profile.displayName().get())
                    : completed(by.user()))
        .thenApply(person -> Bodies.json(200, HttpBodies.user(person)));
  }

  private CompletionStage<HttpResponse> changePassword(SignedIn by, Entrance.Visit visit) {
    return bodies
        .fields(visit.request())
        .thenApply(HttpRequests.PasswordChange::read)
        .thenCompose(
            change ->
                registry
                    .accounts()
                    .changePassword(by, change.current(), change.password(), visit.address()))
        .thenApply(revoked -> Bodies.nothing());
  }

  private CompletionStage<HttpResponse> mintOutbox(SignedIn by, Entrance.Visit visit) {
    // An answer that is faster than the request's own body would cost the client its connection.
    return visit
        .request()
        .discardEntityBytes(bodies.materializer())
        .completionStage()
        .thenCompose(read -> registry.outboxes().mint(by.user().id()))
        .thenApply(ordinal -> Bodies.json(201, HttpBodies.outbox(ordinal)));
  }

  private static SignIn told(io.parley.account.SignIn signIn, SignedIn by) {
    return new SignIn(
        signIn.id().value(),
        signIn.device(),
        signIn.address(),
        signIn.createdAt().toEpochMilli(),
        signIn.lastUsedAt().toEpochMilli(),
        signIn.id().equals(by.signIn().id()));
  }

  private static <T> CompletionStage<T> completed(T value) {
    return CompletableFuture.completedFuture(value);
  }
}

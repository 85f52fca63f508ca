package io.parley.http;

import static org.apache.pekko.http.javadsl.server.Directives.concat;
import static org.apache.pekko.http.javadsl.server.Directives.get;
import static org.apache.pekko.http.javadsl.server.Directives.path;
import static org.apache.pekko.http.javadsl.server.Directives.post;
import static org.apache.pekko.http.javadsl.server.PathMatchers.segment;

import io.parley.account.SignedIn;
import io.parley.model.ConversationId;
import io.parley.model.ErrorCode;
import io.parley.model.Limits;
import io.parley.model.OutboxNumber;
import io.parley.model.UserId;
import io.parley.protocol.ClientFrame;
import io.parley.protocol.Decoded;
import io.parley.protocol.HttpBodies;
import io.parley.protocol.HttpRequests;
import io.parley.protocol.Problem;
import io.parley.protocol.Refusal;
import io.parley.protocol.ServerFrame;
import io.parley.session.Answer;
import io.parley.session.Pages;
import io.parley.session.Request;
import io.parley.session.Starts;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.server.Route;

/** The inbox, pages of a log, starting and sending, for clients without a socket. */
final class ConversationRoutes {
  /** The response is the reply: no frame carries its id. */
  private static final long NO_ID = 0;

  private final Chat chat;
  private final Entrance entrance;
  private final Bodies bodies;
  private final Limits.Frames limits;
  private final SendRates rates;
  private final ReadGate gate;

  ConversationRoutes(
      Chat chat, Entrance entrance, Bodies bodies, Limits limits, SendRates rates, ReadGate gate) {
    this.rates = rates;
    this.gate = gate;
    this.chat = chat;
    this.entrance = entrance;
    this.bodies = bodies;
    this.limits = limits.frames();
  }

  Route routes() {
    return concat(
        path(
            "conversations",
            () ->
                concat(
                    get(() -> entrance.signedIn(this::inbox)),
                    post(() -> entrance.signedIn(this::start)))),
        path(
            segment("conversations").slash(segment()).slash("events"),
            id -> get(() -> entrance.signedIn((by, visit) -> events(by, visit, id)))),
        path(
            segment("conversations").slash(segment()).slash("operations"),
            id -> post(() -> entrance.signedIn((by, visit) -> send(by, visit, id)))));
  }

  private CompletionStage<HttpResponse> inbox(SignedIn by, Entrance.Visit visit) {
    Queries query = Queries.of(visit.request());
    UserId me = by.user().id();
    int limit = query.limit(limits.inbox()).orElse(limits.inbox());
    Optional<String> cursor = query.text("cursor");
    return gate.run(
        me,
        () ->
            chat.inbox(me, limit, cursor)
                .thenApply(
                    page ->
                        Bodies.json(
                            200, HttpBodies.inbox(me, page.conversations(), page.cursor()))));
  }

  private CompletionStage<HttpResponse> events(SignedIn by, Entrance.Visit visit, String id) {
    Queries query = Queries.of(visit.request());
    OptionalLong before = query.number("before", 0);
    OptionalLong after = query.number("after", 0);
    if (before.isPresent() && after.isPresent()) {
      throw new Refusal(ErrorCode.INVALID, "before", "and after don't go together");
    }
    Pages.Bounds bounds = new Pages.Bounds(before, after, query.limit(limits.page()));
    UserId me = by.user().id();
    return gate.run(
        me,
        () ->
            chat.events(me, ConversationId.parse(id), bounds)
                .thenApply(
                    page ->
                        page.map(ConversationRoutes::page)
                            .orElseGet(() -> Problems.response(ErrorCode.NOT_FOUND))));
  }

  private static HttpResponse page(Pages.Page page) {
    return Bodies.json(200, HttpBodies.events(page.events(), page.start(), page.head()));
  }

  private CompletionStage<HttpResponse> start(SignedIn by, Entrance.Visit visit) {
    UserId me = by.user().id();
    return bodies
        .fields(visit.request())
        .thenApply(HttpRequests.Start::read)
        .thenCompose(wanted -> chat.start(me, wanted.peer()))
        .thenApply(started -> started(me, started));
  }

  private static HttpResponse started(UserId me, Starts.Started started) {
    return started
        .summary()
        .map(summary -> Bodies.json(200, HttpBodies.conversation(me, summary)))
        .orElseGet(() -> Problems.response(started.refusal().orElse(ErrorCode.UNAVAILABLE)));
  }

  private CompletionStage<HttpResponse> send(SignedIn by, Entrance.Visit visit, String id) {
    UserId me = by.user().id();
    ConversationId conversation = ConversationId.parse(id);
    long waitMillis = rates.waitMillis(by.signIn().id());
    if (waitMillis > 0) {
      visit.request().discardEntityBytes(bodies.materializer());
      return CompletableFuture.completedFuture(
          Problems.response(Problems.of(chat.tooFast(me, waitMillis))));
    }
    return bodies
        .text(visit.request())
        .thenCompose(body -> send(me, bodies.codec().decodeSend(conversation, body)));
  }

  private CompletionStage<HttpResponse> send(UserId me, Decoded decoded) {
    if (decoded instanceof Decoded.Frame frame && frame.frame() instanceof ClientFrame.Send send) {
      OutboxNumber number = new OutboxNumber(send.outbox(), send.n());
      return perform(Request.of(me, send.conversation(), number, send.operation(), send.claimed()));
    }
    if (decoded instanceof Decoded.UnusableSend send) {
      OutboxNumber number = new OutboxNumber(send.outbox(), send.n());
      return perform(Request.unusable(me, send.conversation(), number, send.code(), send.why()));
    }
    return CompletableFuture.completedFuture(Problems.response(unreadable(decoded)));
  }

  private static Problem unreadable(Decoded decoded) {
    if (decoded instanceof Decoded.Invalid invalid) {
      return Problem.of(new Refusal(ErrorCode.INVALID, invalid.field(), invalid.why()));
    }
    if (decoded instanceof Decoded.Malformed malformed) {
      return Problem.of(ErrorCode.BAD_FRAME).because(malformed.why());
    }
    return Problem.of(ErrorCode.UNSUPPORTED);
  }

  private CompletionStage<HttpResponse> perform(Request request) {
    return chat.perform(request).thenApply(answer -> answered(request, answer));
  }

  private static HttpResponse answered(Request request, Answer answer) {
    ConversationId conversation = request.conversation();
    long outbox = request.number().outbox();
    long n = request.number().n();
    if (answer instanceof Answer.Accepted accepted) {
      return Bodies.json(
          200,
          HttpBodies.accepted(
              new ServerFrame.Accepted(
                  NO_ID,
                  conversation,
                  outbox,
                  n,
                  accepted.seq(),
                  accepted.at(),
                  accepted.duplicate())));
    }
    if (answer instanceof Answer.Refused refused) {
      return Problems.response(Problems.of(refused));
    }
    return Bodies.json(
        200, HttpBodies.skipped(new ServerFrame.Skipped(NO_ID, conversation, outbox, n)));
  }
}

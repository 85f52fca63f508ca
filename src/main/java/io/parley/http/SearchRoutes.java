package io.parley.http;

import static org.apache.pekko.http.javadsl.server.Directives.get;
import static org.apache.pekko.http.javadsl.server.Directives.path;

import io.parley.account.Conversations;
import io.parley.account.SignedIn;
import io.parley.database.DatabaseException;
import io.parley.model.ConversationId;
import io.parley.model.ErrorCode;
import io.parley.model.MessageText;
import io.parley.model.SearchText;
import io.parley.model.UserId;
import io.parley.protocol.HttpBodies;
import io.parley.protocol.Problem;
import io.parley.protocol.Refusal;
import io.parley.search.Search;
import io.parley.search.Wanted;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.server.Route;

/**
 * One's own messages that hold a text. It is the dearest of all reads, so everyone has a rate of
 * their own.
 */
final class SearchRoutes {
  /** The one that is typed further is asked before the last one has answered. */
  static final int UNDER_WAY_PER_PERSON = 2;

  private static final int DEFAULT_HITS = 20;
  private static final int MAX_UTF8_BYTES_PER_CHARACTER = 4;
  private static final long RETRY_MILLIS = 2_000;

  private final Search search;
  private final Conversations conversations;
  private final Entrance entrance;
  private final Rates<UserId> rates;
  private final ReadGate gate;

  SearchRoutes(
      Search search,
      Conversations conversations,
      Entrance entrance,
      Rates<UserId> rates,
      ReadGate gate) {
    this.search = search;
    this.conversations = conversations;
    this.entrance = entrance;
    this.rates = rates;
    this.gate = gate;
  }

  Route routes() {
    return path("search", () -> get(() -> entrance.signedIn(this::search)));
  }

  private CompletionStage<HttpResponse> search(SignedIn by, Entrance.Visit visit) {
    Queries query = Queries.of(visit.request());
    UserId me = by.user().id();
    Optional<ConversationId> in = query.text("conversation").map(ConversationId::parse);
    int page = search.settings().page();
    Wanted wanted =
        new Wanted(me, in, text(query), query.limit(page).orElse(Math.min(DEFAULT_HITS, page)));
    Optional<String> cursor = query.text("cursor");
    if (cursor.isPresent() && !Search.isCursor(cursor.get(), wanted)) {
      throw new Refusal(ErrorCode.INVALID, "cursor", "is none that this search gave");
    }
    keepToTheRate(me);
    return gate.run(
        me,
        () ->
            isMine(me, in)
                .thenCompose(
                    mine ->
                        mine
                            ? hits(wanted, cursor)
                            : CompletableFuture.completedFuture(
                                Problems.response(ErrorCode.NOT_FOUND))));
  }

  private void keepToTheRate(UserId me) {
    long waitMillis = rates.waitMillis(me);
    if (waitMillis > 0) {
      throw new Problems.Thrown(
          Problem.of(ErrorCode.RATE_LIMITED)
              .because("You search too often")
              .retryAfter(waitMillis));
    }
  }

  private SearchText text(Queries query) {
    String typed = query.text("q").orElse("").strip();
    int longest = search.settings().queryCodePoints();
    Optional<ErrorCode> refusal =
        MessageText.refusal(typed, longest, longest * MAX_UTF8_BYTES_PER_CHARACTER);
    if (refusal.isPresent() && refusal.get() == ErrorCode.TOO_LONG) {
      throw new Refusal(ErrorCode.INVALID, "q", "is longer than " + longest + " characters");
    }
    SearchText text = SearchText.of(typed);
    if (refusal.isPresent() || text.folded().isEmpty()) {
      throw new Refusal(
          ErrorCode.INVALID, "q", "has nothing to look for, or characters that no message has");
    }
    return text;
  }

  private CompletionStage<Boolean> isMine(UserId me, Optional<ConversationId> in) {
    return in.isEmpty()
        ? CompletableFuture.completedFuture(true)
        : conversations
            .membership(in.get())
            .thenApply(pair -> pair.filter(both -> both.include(me)).isPresent());
  }

  private CompletionStage<HttpResponse> hits(Wanted wanted, Optional<String> cursor) {
    return search
        .page(wanted, cursor)
        .handle(
            (page, failure) -> {
              if (failure == null) {
                return Bodies.json(200, HttpBodies.hits(page.hits(), page.cursor()));
              }
              Throwable cause = failure.getCause() == null ? failure : failure.getCause();
              if (failure instanceof DatabaseException.Unavailable
                  || cause instanceof DatabaseException.Unavailable) {
                return Problems.response(tooSlow());
              }
              throw new CompletionException(failure);
            });
  }

  private static Problem tooSlow() {
    return Problem.of(ErrorCode.OVERLOADED)
        .because("The search took too long; try again, or search one conversation")
        .retryAfter(RETRY_MILLIS);
  }
}

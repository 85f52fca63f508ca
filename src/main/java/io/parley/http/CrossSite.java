package io.parley.http;

import io.parley.model.ErrorCode;
import io.parley.protocol.Problem;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.pekko.http.javadsl.model.HttpRequest;

/**
 * Keeps pages of other sites from writing with a person's cookie. A browser says where a request
 * comes from; a program that says nothing has no cookie that isn't its own.
 */
final class CrossSite {
  private static final String FETCH_SITE = "sec-fetch-site";
  private static final Set<String> OWN_SITE = Set.of("same-origin", "none");
  private static final Set<String> READS = Set.of("GET", "HEAD", "OPTIONS");

  private final Origins origins;

  CrossSite(Origins origins) {
    this.origins = origins;
  }

  /** Why the request is refused; empty for reads, and for writes from where they may come. */
  Optional<Problem> refusal(HttpRequest request) {
    if (READS.contains(request.method().name()) || isOwn(request)) {
      return Optional.empty();
    }
    return Optional.of(
        Problem.of(ErrorCode.FORBIDDEN).because("This page may not write here: wrong origin"));
  }

  private boolean isOwn(HttpRequest request) {
    List<String> origin = Origins.named(request);
    if (!origin.isEmpty()) {
      return origins.allow(request);
    }
    return OWN_SITE.containsAll(Headers.values(request, FETCH_SITE));
  }
}

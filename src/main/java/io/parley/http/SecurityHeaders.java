package io.parley.http;

import java.util.ArrayList;
import java.util.List;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;

/** What every response tells the browser that it may not do with it. */
final class SecurityHeaders {
  private static final String POLICY = "Content-Security-Policy";
  private static final String CACHE = "Cache-Control";

  /** For what is data and never a page. */
  private static final String DATA_POLICY =
      "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none';"
          + " require-trusted-types-for 'script'; trusted-types 'none'";

  private final List<HttpHeader> everywhere;

  SecurityHeaders(boolean secure) {
    List<HttpHeader> headers = new ArrayList<>();
    headers.add(RawHeader.create("X-Content-Type-Options", "nosniff"));
    headers.add(RawHeader.create("Referrer-Policy", "no-referrer"));
    headers.add(RawHeader.create("X-Frame-Options", "DENY"));
    headers.add(RawHeader.create("Cross-Origin-Opener-Policy", "same-origin"));
    headers.add(RawHeader.create("Cross-Origin-Resource-Policy", "same-origin"));
    headers.add(RawHeader.create("Permissions-Policy", "camera=(), geolocation=(), microphone=()"));
    if (secure) {
      // Over plain HTTP browsers must ignore it, and localhost must stay reachable without TLS.
      headers.add(RawHeader.create("Strict-Transport-Security", "max-age=31536000"));
    }
    this.everywhere = List.copyOf(headers);
  }

  /** Adds what the response doesn't say itself; without a word of its own it is data, unkept. */
  HttpResponse on(HttpResponse response) {
    HttpResponse secured = response.addHeaders(everywhere);
    if (!says(response, POLICY)) {
      secured = secured.addHeader(RawHeader.create(POLICY, DATA_POLICY));
    }
    if (!says(response, CACHE)) {
      secured = secured.addHeader(RawHeader.create(CACHE, "no-store"));
    }
    return secured;
  }

  static HttpHeader policy(String policy) {
    return RawHeader.create(POLICY, policy);
  }

  static HttpHeader caching(String directives) {
    return RawHeader.create(CACHE, directives);
  }

  private static boolean says(HttpResponse response, String name) {
    return response.getHeader(name).isPresent();
  }
}

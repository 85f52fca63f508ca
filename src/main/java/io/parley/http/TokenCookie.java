package io.parley.http;

import io.parley.account.Token;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;

/**
 * The cookie that carries a token, out of reach of scripts. Over TLS its name has the prefix that
 * keeps a neighbouring host from setting it.
 */
final class TokenCookie {
  private static final String NAME = "parley";

  private final String name;
  private final String attributes;
  private final Duration life;

  /**
   * Names it.
   *
   * @param life how long a browser keeps it, at most
   */
  TokenCookie(boolean secure, Duration life) {
    this.name = secure ? "__Host-" + NAME : NAME;
    this.attributes = "; Path=/" + (secure ? "; Secure" : "") + "; HttpOnly; SameSite=Strict";
    this.life = life;
  }

  HttpHeader with(Token token) {
    return header(token.value(), life);
  }

  HttpHeader removed() {
    return header("", Duration.ZERO);
  }

  /** Empty as well when there are two different ones: one of them was planted. */
  Optional<Token> in(HttpRequest request) {
    Set<String> values = new HashSet<>();
    for (String header : Headers.values(request, "cookie")) {
      for (String pair : header.split(";", -1)) {
        int equals = pair.indexOf('=');
        if (equals > 0 && pair.substring(0, equals).strip().equals(name)) {
          values.add(pair.substring(equals + 1).strip());
        }
      }
    }
    return values.size() == 1 ? Optional.of(new Token(values.iterator().next())) : Optional.empty();
  }

  private HttpHeader header(String value, Duration age) {
    return RawHeader.create(
        "Set-Cookie", name + "=" + value + "; Max-Age=" + age.toSeconds() + attributes);
  }
}

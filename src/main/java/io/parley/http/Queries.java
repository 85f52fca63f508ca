package io.parley.http;

import io.parley.model.ErrorCode;
import io.parley.protocol.Fields;
import io.parley.protocol.Refusal;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.Query;

/** Parameters of a query; each may stand there once. */
final class Queries {
  private static final int MAX_DIGITS = 16;

  private final Query query;

  private Queries(Query query) {
    this.query = query;
  }

  static Queries of(HttpRequest request) {
    return new Queries(request.getUri().query());
  }

  Optional<String> text(String name) {
    int times = 0;
    for (var parameter : query.toList()) {
      times += parameter.first().equals(name) ? 1 : 0;
    }
    if (times > 1) {
      throw new Refusal(ErrorCode.INVALID, name, "stands there more than once");
    }
    return query.get(name);
  }

  OptionalLong number(String name, long min) {
    Optional<String> text = text(name);
    if (text.isEmpty()) {
      return OptionalLong.empty();
    }
    boolean digits = text.get().length() <= MAX_DIGITS && text.get().matches("[0-9]+");
    long number = digits ? Long.parseLong(text.get()) : -1;
    if (number < min || number > Fields.MAX_INTEGER) {
      throw new Refusal(ErrorCode.INVALID, name, "must be a number of at least " + min);
    }
    return OptionalLong.of(number);
  }

  /** From 1; more than {@code max} counts as that. */
  OptionalInt limit(int max) {
    OptionalLong limit = number("limit", 1);
    return limit.isPresent()
        ? OptionalInt.of((int) Math.min(limit.getAsLong(), max))
        : OptionalInt.empty();
  }
}

package io.parley.http;

import java.util.ArrayList;
import java.util.List;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpRequest;

/** Reads headers of requests, all of a name, in their order. */
final class Headers {
  private Headers() {}

  static List<String> values(HttpRequest request, String lowercaseName) {
    List<String> values = new ArrayList<>(1);
    for (HttpHeader header : request.getHeaders()) {
      if (header.is(lowercaseName)) {
        values.add(header.value());
      }
    }
    return values;
  }
}

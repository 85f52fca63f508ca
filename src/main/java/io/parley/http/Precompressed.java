package io.parley.http;

import static org.apache.pekko.http.javadsl.server.Directives.extractRequest;
import static org.apache.pekko.http.javadsl.server.Directives.mapResponse;
import static org.apache.pekko.http.javadsl.server.Directives.reject;

import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.http.javadsl.server.Directives;
import org.apache.pekko.http.javadsl.server.Route;

/**
 * Files that the build has compressed, beside those that they stand for: {@code app.js.br} and
 * {@code app.js.gz}. Nothing is compressed while it is served, and answers with secrets in them
 * never are.
 */
final class Precompressed {
  /** The smaller first. */
  private static final List<Coding> CODINGS =
      List.of(new Coding("br", ".br"), new Coding("gzip", ".gz"));

  /** A coding with a weight of nothing is one that the client can't take. */
  private static final Pattern REFUSED = Pattern.compile(".*;\\s*q\\s*=\\s*0(\\.0{0,3})?\\s*");

  private record Coding(String name, String ending) {}

  private Precompressed() {}

  /**
   * The best that there is and that the client takes.
   *
   * @param files serves what has this ending after the name asked for; none is the file itself
   */
  static Route best(Function<String, Route> files) {
    Route found = files.apply("");
    for (int i = CODINGS.size() - 1; i >= 0; i--) {
      found = Directives.concat(coded(CODINGS.get(i), files), found);
    }
    return varying(found);
  }

  /** The name of the file that one with such an ending stands for. */
  static String plain(String file) {
    for (Coding coding : CODINGS) {
      if (file.endsWith(coding.ending())) {
        return file.substring(0, file.length() - coding.ending().length());
      }
    }
    return file;
  }

  private static Route coded(Coding coding, Function<String, Route> files) {
    Route coded =
        mapResponse(
            response -> response.addHeader(RawHeader.create("Content-Encoding", coding.name())),
            () -> files.apply(coding.ending()));
    return extractRequest(request -> isTaken(coding, request) ? coded : reject());
  }

  /** Also where there is only one form: there may be another tomorrow. */
  private static Route varying(Route files) {
    return mapResponse(
        response -> response.addHeader(RawHeader.create("Vary", "Accept-Encoding")), () -> files);
  }

  private static boolean isTaken(Coding coding, HttpRequest request) {
    for (String line : Headers.values(request, "accept-encoding")) {
      for (String one : line.toLowerCase(Locale.ROOT).split(",", -1)) {
        String name = one.split(";", 2)[0].strip();
        if (name.equals(coding.name()) && !REFUSED.matcher(one).matches()) {
          return true;
        }
      }
    }
    return false;
  }
}

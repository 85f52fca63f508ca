package io.parley.http;

import io.parley.model.ErrorCode;
import io.parley.protocol.Problem;
import org.apache.pekko.event.LoggingAdapter;
import org.apache.pekko.http.ParsingErrorHandler;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.scaladsl.model.ErrorInfo;
import org.apache.pekko.http.scaladsl.model.StatusCode;
import org.apache.pekko.http.scaladsl.settings.ServerSettings;

/**
 * Answers what isn't HTTP, or has a head past its limits, before any route sees it. Pekko makes one
 * by this class's name. It is said as little as possible, and nothing is logged.
 */
public final class UnreadableRequest extends ParsingErrorHandler {
  private static final int CONTENT_TOO_LARGE = 413;
  private static final int URI_TOO_LONG = 414;
  private static final int HEADERS_TOO_LARGE = 431;

  @Override
  public HttpResponse handle(
      StatusCode status, ErrorInfo why, LoggingAdapter log, ServerSettings settings) {
    int number = status.intValue();
    boolean tooLong =
        number == CONTENT_TOO_LARGE || number == URI_TOO_LONG || number == HEADERS_TOO_LARGE;
    ErrorCode code = tooLong ? ErrorCode.TOO_LONG : ErrorCode.BAD_FRAME;
    // Whether TLS is in front isn't known here, and HSTS was said with every other answer.
    return new SecurityHeaders(false).on(Problems.response(Problem.of(code).withStatus(number)));
  }
}

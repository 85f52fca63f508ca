package io.parley.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.parley.account.Refused;
import io.parley.database.DatabaseException;
import io.parley.model.ErrorCode;
import io.parley.protocol.Problem;
import io.parley.protocol.Refusal;
import io.parley.session.Answer;
import java.util.HexFormat;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.pekko.http.javadsl.model.ContentType;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.http.scaladsl.model.EntityStreamException;
import org.apache.pekko.http.scaladsl.model.EntityStreamSizeException;
import org.apache.pekko.http.scaladsl.model.IllegalUriException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Every answer that isn't the one that was asked for, as problem details. */
final class Problems {
  static final int METHOD_NOT_ALLOWED = 405;
  static final int TIMEOUT = 408;
  static final int UNSUPPORTED_MEDIA_TYPE = 415;
  private static final int FAULT = 500;
  private static final long RETRY_MILLIS = 2_000;

  private static final Logger LOG = LoggerFactory.getLogger(Problems.class);
  private static final ContentType MEDIA_TYPE = ContentTypes.parse(Problem.MEDIA_TYPE);

  private Problems() {}

  /** Carries a problem through stages. */
  static final class Thrown extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Problem problem;

    Thrown(Problem problem) {
      super(problem.code().code(), null, false, false);
      this.problem = problem;
    }
  }

  static HttpResponse response(Problem problem) {
    HttpResponse response =
        HttpResponse.create()
            .withStatus(problem.status())
            .withEntity(HttpEntities.create(MEDIA_TYPE, utf8(problem.json())));
    if (problem.code() == ErrorCode.UNAUTHENTICATED) {
      response = response.addHeader(RawHeader.create("WWW-Authenticate", "Bearer"));
    }
    if (problem.retryAfterMillis().isPresent()) {
      long seconds = TimeUnit.MILLISECONDS.toSeconds(problem.retryAfterMillis().getAsLong() + 999);
      response = response.addHeader(RawHeader.create("Retry-After", Long.toString(seconds)));
    }
    return response;
  }

  static HttpResponse response(ErrorCode code) {
    return response(Problem.of(code));
  }

  /** What a failure of ours, of a client or of the database reads like from outside. */
  static HttpResponse response(Throwable failure) {
    return response(of(failure instanceof CompletionException ? cause(failure) : failure));
  }

  static Problem of(Answer.Refused refused) {
    return new Problem(
        refused.code(),
        Problem.status(refused.code()),
        refused.detail(),
        Optional.empty(),
        refused.retryAfterMillis(),
        refused.expected());
  }

  private static Problem of(Throwable failure) {
    if (failure instanceof Thrown thrown) {
      return thrown.problem;
    }
    if (failure instanceof Refused refused) {
      return new Problem(
          refused.code(),
          Problem.status(refused.code()),
          Optional.of(refused.detail()),
          refused.field(),
          refused.retryAfterMillis(),
          OptionalLong.empty());
    }
    if (failure instanceof Refusal refusal) {
      return Problem.of(refusal);
    }
    if (failure instanceof EntityStreamSizeException) {
      return Problem.of(ErrorCode.TOO_LONG).because("The body is too long");
    }
    if (failure instanceof EntityStreamException) {
      return Problem.of(ErrorCode.BAD_FRAME).because("The body broke off");
    }
    if (failure instanceof IllegalUriException) {
      return Problem.of(ErrorCode.BAD_FRAME).because("The address can't be read");
    }
    if (failure instanceof TimeoutException) {
      return Problem.of(ErrorCode.UNAVAILABLE)
          .withStatus(TIMEOUT)
          .because("The body took too long");
    }
    if (failure instanceof DatabaseException.Unavailable
        || failure instanceof DatabaseException.OutcomeUnknown) {
      LOG.atWarn()
          .addKeyValue("why", failure.getMessage())
          .log("the database didn't answer a request");
      return Problem.of(ErrorCode.UNAVAILABLE).retryAfter(RETRY_MILLIS);
    }
    return fault(failure);
  }

  /** The cause stays here, under a reference that both sides can name. */
  private static Problem fault(Throwable failure) {
    String reference = HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
    LOG.atError().addKeyValue("reference", reference).setCause(failure).log("a request failed");
    return Problem.of(ErrorCode.UNAVAILABLE)
        .withStatus(FAULT)
        .because("Something broke here; reference " + reference);
  }

  private static Throwable cause(Throwable wrapped) {
    Throwable cause = wrapped.getCause();
    return cause == null ? wrapped : cause;
  }

  private static byte[] utf8(String json) {
    return json.getBytes(UTF_8);
  }
}

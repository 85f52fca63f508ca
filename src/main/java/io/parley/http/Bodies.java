package io.parley.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.parley.model.ErrorCode;
import io.parley.model.Limits;
import io.parley.protocol.Fields;
import io.parley.protocol.FrameCodec;
import io.parley.protocol.Problem;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.http.javadsl.model.ContentType;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpEntity;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.MediaType;
import org.apache.pekko.stream.Materializer;

/** Bodies of JSON: read within their limits, written. */
final class Bodies {
  private static final ContentType JSON = ContentTypes.APPLICATION_JSON;

  private final FrameCodec codec;
  private final int maxBytes;
  private final Duration deadline;
  private final Materializer materializer;

  Bodies(Limits limits, Materializer materializer) {
    this.codec = new FrameCodec(limits);
    this.maxBytes = limits.frames().frameBytes();
    this.deadline = limits.frames().assembly();
    this.materializer = materializer;
  }

  Materializer materializer() {
    return materializer;
  }

  FrameCodec codec() {
    return codec;
  }

  /** The fields of one JSON object. */
  CompletionStage<Fields> fields(HttpRequest request) {
    return text(request).thenApply(codec::fields);
  }

  /** JSON text, not yet parsed. A form of another site can't say that it sends JSON. */
  CompletionStage<String> text(HttpRequest request) {
    HttpEntity entity = request.entity();
    if (!isJson(entity.getContentType().mediaType())) {
      return CompletableFuture.failedFuture(
          new Problems.Thrown(
              Problem.of(ErrorCode.UNSUPPORTED)
                  .withStatus(Problems.UNSUPPORTED_MEDIA_TYPE)
                  .because("Send application/json")));
    }
    return request
        .entity()
        .withSizeLimit(maxBytes)
        // The limit above is the one that tells a body that is too long from one that broke off.
        .toStrict(deadline.toMillis(), Long.MAX_VALUE, materializer)
        .thenApply(strict -> decoded(strict.getData().asByteBuffer()));
  }

  static HttpResponse json(int status, String json) {
    return HttpResponse.create()
        .withStatus(status)
        .withEntity(HttpEntities.create(JSON, json.getBytes(UTF_8)));
  }

  static HttpResponse nothing() {
    return HttpResponse.create().withStatus(204);
  }

  private static boolean isJson(MediaType type) {
    return type.mainType().equals("application") && type.subType().equals("json");
  }

  private static String decoded(ByteBuffer bytes) {
    try {
      // A new decoder refuses what isn't UTF-8; that of a String would replace it.
      return UTF_8.newDecoder().decode(bytes).toString();
    } catch (CharacterCodingException malformed) {
      throw new Problems.Thrown(Problem.of(ErrorCode.BAD_FRAME).because("The body isn't UTF-8"));
    }
  }
}

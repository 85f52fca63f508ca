package io.parley.http;

import io.parley.model.Limits;
import io.parley.model.MessageText;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.http.javadsl.model.ws.Message;
import org.apache.pekko.http.javadsl.model.ws.TextMessage;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;

/**
 * Makes whole frames of what comes: text only, at most so many bytes, within so much time. The
 * fragments of a longer one are not gathered; it is given up at the first byte too many.
 */
final class FrameAssembly {
  private final Limits.Frames limits;
  private final Materializer materializer;

  FrameAssembly(Limits.Frames limits, Materializer materializer) {
    this.limits = limits;
    this.materializer = materializer;
  }

  /** The text of a frame; empty when it isn't text, too long or too slow. */
  CompletionStage<Optional<String>> whole(Message message) {
    if (!message.isText()) {
      message.asBinaryMessage().getStreamedData().runWith(cancelled(), materializer);
      return CompletableFuture.completedFuture(Optional.empty());
    }
    TextMessage text = message.asTextMessage();
    return text.isStrict()
        ? CompletableFuture.completedFuture(fitting(text.getStrictText()))
        : gathered(text.getStreamedText());
  }

  private Optional<String> fitting(String text) {
    return MessageText.utf8Length(text) <= limits.frameBytes()
        ? Optional.of(text)
        : Optional.empty();
  }

  private CompletionStage<Optional<String>> gathered(Source<String, ?> fragments) {
    return fragments
        .limitWeighted(limits.frameBytes(), fragment -> (long) MessageText.utf8Length(fragment))
        .completionTimeout(limits.assembly())
        .runFold(new StringBuilder(), StringBuilder::append, materializer)
        .thenApply(whole -> Optional.of(whole.toString()))
        .exceptionally(tooMuch -> Optional.empty());
  }

  private static <T> Sink<T, ?> cancelled() {
    return Sink.cancelled();
  }
}

package io.parley.http;

import io.parley.model.Limits;
import io.parley.model.MessageText;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.http.javadsl.model.ws.Message;
import org.apache.pekko.http.javadsl.model.ws.TextMessage;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;

/**
 * Makes whole frames of what comes: text only, at most so many bytes, within so much time. The
 * fragments of a longer one are not gathered; it is given up at the first byte too many.
 *
 * <p>What was given up is still read, and dropped, until the session has said goodbye: to cancel or
 * to fail it would end the whole socket before that.
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
      message.asBinaryMessage().getStreamedData().runWith(Sink.ignore(), materializer);
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
    Gathering gathering = new Gathering(limits.frameBytes());
    fragments
        .runForeach(gathering::add, materializer)
        .whenComplete((done, broken) -> gathering.end(broken == null));
    return gathering.whole.completeOnTimeout(
        Optional.empty(), limits.assembly().toMillis(), TimeUnit.MILLISECONDS);
  }

  /** The fragments of one frame. */
  private static final class Gathering {
    final CompletableFuture<Optional<String>> whole = new CompletableFuture<>();
    private final StringBuilder text = new StringBuilder();
    private final int maxBytes;
    private int bytes;

    Gathering(int maxBytes) {
      this.maxBytes = maxBytes;
    }

    void add(String fragment) {
      if (whole.isDone()) {
        return;
      }
      bytes += MessageText.utf8Length(fragment);
      if (bytes > maxBytes) {
        whole.complete(Optional.empty());
      } else {
        text.append(fragment);
      }
    }

    void end(boolean complete) {
      whole.complete(complete ? Optional.of(text.toString()) : Optional.empty());
    }
  }
}

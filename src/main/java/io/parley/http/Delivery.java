package io.parley.http;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.actor.Cancellable;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpEntity;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.japi.Pair;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;

/**
 * Hands an answer's body out piece by piece, the next one when the kernel has taken the one before:
 * so it is known when all of it was written, and when nobody reads it. Such a reader loses its
 * connection after a while, long before Pekko's own idle time-out would end it, and what it was to
 * get leaves the memory.
 */
final class Delivery {
  /** Far less than a page, and more than most of them have. */
  static final int PIECE_BYTES = 65_536;

  /** A body may take this many times as long as one piece. */
  private static final int SLOWEST = 4;

  private final Duration patience;
  private final ActorSystem system;

  /**
   * How long a reader is waited for.
   *
   * @param patience that one piece may take, and the body to be begun
   */
  Delivery(Duration patience, ActorSystem system) {
    this.patience = patience;
    this.system = system;
  }

  /**
   * The same answer, to be delivered.
   *
   * @param over run when its body was written, or will never be; more than once perhaps
   */
  HttpResponse of(HttpResponse response, Runnable over) {
    if (!(response.entity() instanceof HttpEntity.Strict whole)) {
      throw new IllegalArgumentException("only what is in memory is delivered");
    }
    Body body = new Body(whole.getData());
    // Nobody begins with a body whose connection went while it was read, or was cut off.
    Cancellable never =
        system
            .scheduler()
            .scheduleOnce(
                patience,
                () -> {
                  body.drop();
                  over.run();
                },
                system.dispatcher());
    Source<ByteString, NotUsed> pieces =
        // The end is told only when something is wanted after the last piece: that is written then.
        Source.unfold(body, rest -> rest.next().map(piece -> Pair.create(rest, piece)))
            .backpressureTimeout(patience)
            .completionTimeout(patience.multipliedBy(SLOWEST))
            .mapError(TimeoutException.class, late -> new StuckReader())
            .watchTermination(
                (begun, ended) -> {
                  never.cancel();
                  ended.whenComplete((done, failure) -> over.run());
                  return begun;
                });
    return response.withEntity(HttpEntities.create(whole.getContentType(), body.length, pieces));
  }

  /** Pekko logs it as it ends the connection; where it came from says nothing. */
  private static final class StuckReader extends RuntimeException {
    private static final long serialVersionUID = 1L;

    StuckReader() {
      super("the client takes too little of it", null, false, false);
    }
  }

  /** What is still to be written. */
  private static final class Body {
    private final long length;
    private ByteString rest;

    Body(ByteString whole) {
      this.length = whole.size();
      this.rest = whole;
    }

    synchronized Optional<ByteString> next() {
      ByteString piece = rest.take(PIECE_BYTES);
      rest = rest.drop(PIECE_BYTES);
      return piece.isEmpty() ? Optional.empty() : Optional.of(piece);
    }

    synchronized void drop() {
      rest = ByteString.emptyByteString();
    }
  }
}

package io.parley.demo;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.net.http.WebSocket;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** One connection of the bot: whole frames in, each when it is asked for, and frames out. */
final class EchoSocket {
  /** Hears what comes, on any thread. */
  interface Ear {
    void heard(JsonNode frame);

    void closed();
  }

  private final WebSocket socket;
  private CompletionStage<WebSocket> sent;

  private EchoSocket(WebSocket socket) {
    this.socket = socket;
    this.sent = CompletableFuture.completedFuture(socket);
  }

  /** Nothing is heard before it is asked for. */
  static CompletionStage<EchoSocket> open(WebSocket.Builder builder, URI address, Ear ear) {
    return builder.buildAsync(address, new Listener(ear)).thenApply(EchoSocket::new);
  }

  /** Frames go out in the order of the calls, which come from one thread. */
  void send(JsonNode frame) {
    String json = frame.toString();
    sent = sent.thenCompose(before -> before.sendText(json, true));
  }

  /** Asks for one more frame. */
  void next() {
    socket.request(1);
  }

  /** Once what was sent is out. */
  void close() {
    sent =
        sent.thenCompose(before -> before.sendClose(WebSocket.NORMAL_CLOSURE, ""))
            .whenComplete((done, failure) -> socket.abort());
  }

  private static final class Listener implements WebSocket.Listener {
    private final Ear ear;
    private final StringBuilder partial = new StringBuilder();

    Listener(Ear ear) {
      this.ear = ear;
    }

    @Override
    public void onOpen(WebSocket socket) {
      // The usual listener would ask for a frame here, and one could come before we know the
      // socket.
    }

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence text, boolean last) {
      partial.append(text);
      if (!last) {
        socket.request(1);
        return null;
      }
      String json = partial.toString();
      partial.setLength(0);
      ear.heard(EchoDoor.parse(json));
      return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket socket, int status, String reason) {
      ear.closed();
      return null;
    }

    @Override
    public void onError(WebSocket socket, Throwable failure) {
      ear.closed();
    }
  }
}

package io.parley.campaign.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.parley.testing.RawSocket;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** One socket of a device: a thread that reads, and a queue of what it read. */
final class Wire {
  /** Small, so that a reader that stops reading is felt by the server soon. */
  private static final int RECEIVE_BUFFER = 32 * 1024;

  static final ObjectNode CLOSED = Http.JSON.createObjectNode().put("t", "closed");

  private final RawSocket socket;
  private final BooleanSupplier isStuck;
  private volatile boolean isAbandoned;
  private final BlockingQueue<JsonNode> incoming = new LinkedBlockingQueue<>();

  private Wire(RawSocket socket, BooleanSupplier isStuck) {
    this.socket = socket;
    this.isStuck = isStuck;
    Thread reader = new Thread(this::readAll, "wire");
    reader.setDaemon(true);
    reader.start();
  }

  /**
   * Opens one, or nothing when the node doesn't take it.
   *
   * @param isStuck while it is so, nothing is read
   */
  static Optional<Wire> open(InetSocketAddress node, BooleanSupplier isStuck) {
    try {
      RawSocket socket =
          RawSocket.open(
              node, "/v1/socket", Map.of("Sec-WebSocket-Protocol", "parley.v1"), RECEIVE_BUFFER);
      if (!socket.responseHead().startsWith("HTTP/1.1 101")) {
        socket.close();
        return Optional.empty();
      }
      // Pings come every 20 s or so.
      socket.readTimeout(60_000);
      return Optional.of(new Wire(socket, isStuck));
    } catch (UncheckedIOException e) {
      return Optional.empty();
    }
  }

  private void readAll() {
    try {
      for (Optional<RawSocket.Frame> frame = socket.read();
          frame.isPresent() && frame.get().opcode() != RawSocket.CLOSE;
          frame = socket.read()) {
        if (frame.get().opcode() == RawSocket.TEXT) {
          take(frame.get().text());
        }
        while (isAbandoned || isStuck.getAsBoolean()) {
          Thread.sleep(50);
        }
      }
    } catch (RuntimeException | InterruptedException lost) {
      // Noted as closed.
    } finally {
      incoming.add(CLOSED);
    }
  }

  private void take(String json) {
    try {
      JsonNode frame = Http.JSON.readTree(json);
      if (frame.path("t").asText().equals("ping")) {
        socket.sendText("{\"t\":\"pong\"}");
      } else {
        incoming.add(frame);
      }
    } catch (IOException e) {
      incoming.add(Http.JSON.createObjectNode().put("t", "garbage").put("code", json));
    }
  }

  /** The next frame, if one comes within so many milliseconds. */
  Optional<JsonNode> next(int millis) throws InterruptedException {
    return Optional.ofNullable(incoming.poll(millis, TimeUnit.MILLISECONDS));
  }

  /** False when it can't be sent any more. */
  boolean send(String json) {
    try {
      socket.sendText(json);
      return true;
    } catch (UncheckedIOException e) {
      return false;
    }
  }

  /** Leaves it open, and says and reads nothing more: a device that fell into water. */
  void abandon() {
    isAbandoned = true;
  }

  /** As a lost network does: half a frame, and a reset. */
  void cut(boolean withinFrame) {
    try {
      if (withinFrame) {
        socket.sendBytes(new byte[] {(byte) 0x81, (byte) 0xfe, 0x10});
      }
      socket.reset();
    } catch (UncheckedIOException e) {
      // Closed already.
    }
  }
}

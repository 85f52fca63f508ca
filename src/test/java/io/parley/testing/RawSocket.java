package io.parley.testing;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A WebSocket client down to the bytes (RFC 6455), so that a test can do what no library lets it:
 * fragment, lie about lengths, stop reading, stop answering, reset.
 */
public final class RawSocket implements AutoCloseable {
  public static final int CONTINUATION = 0;
  public static final int TEXT = 1;
  public static final int BINARY = 2;
  public static final int CLOSE = 8;
  public static final int PING = 9;
  public static final int PONG = 10;

  /** A frame as it came; a payload that isn't text is read as if it were. */
  public record Frame(boolean fin, int opcode, String text) {}

  private final Socket socket;
  private final DataInputStream in;
  private final OutputStream out;
  private final String response;

  private RawSocket(Socket socket, String response, DataInputStream in) throws IOException {
    this.socket = socket;
    this.response = response;
    this.in = in;
    this.out = socket.getOutputStream();
  }

  /** Opens a socket and asks for the upgrade; {@link #status} tells what came of it. */
  public static RawSocket open(int port, String path, Map<String, String> headers) {
    return open(port, path, headers, 0);
  }

  /** The same with a small receive buffer, for a reader that doesn't read. */
  public static RawSocket open(
      int port, String path, Map<String, String> headers, int receiveBuffer) {
    return open(
        new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
        path,
        headers,
        receiveBuffer);
  }

  /** The same to a server that isn't on the loopback address. */
  public static RawSocket open(
      InetSocketAddress server, String path, Map<String, String> headers, int receiveBuffer) {
    try {
      Socket socket = new Socket();
      if (receiveBuffer > 0) {
        socket.setReceiveBufferSize(receiveBuffer);
      }
      socket.setTcpNoDelay(true);
      socket.setSoTimeout(30_000);
      socket.connect(server, 5_000);
      return over(socket, path, headers);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The same over a connection that is there, such as one with TLS. */
  public static RawSocket over(Socket socket, String path, Map<String, String> headers) {
    try {
      socket.getOutputStream().write(upgrade(socket.getPort(), path, headers));
      DataInputStream in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
      return new RawSocket(socket, readHead(in), in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] upgrade(int port, String path, Map<String, String> headers) {
    byte[] key = new byte[16];
    ThreadLocalRandom.current().nextBytes(key);
    StringBuilder request =
        new StringBuilder("GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1:" + port + "\r\n")
            .append("Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n")
            .append("Sec-WebSocket-Key: " + Base64.getEncoder().encodeToString(key) + "\r\n");
    headers.forEach((name, value) -> request.append(name + ": " + value + "\r\n"));
    return request.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
  }

  private static String readHead(DataInputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int next = in.read();
      if (next < 0) {
        break;
      }
      head.append((char) next);
    }
    return head.toString();
  }

  /** The HTTP status of the upgrade; 101 when it is a WebSocket now. */
  public int status() {
    return Integer.parseInt(response.substring(9, 12));
  }

  public String responseHead() {
    return response;
  }

  public void sendText(String text) {
    send(true, TEXT, text.getBytes(StandardCharsets.UTF_8));
  }

  /** Sends one WebSocket frame, masked as a client has to. */
  public void send(boolean fin, int opcode, byte[] payload) {
    try {
      ByteArrayOutputStream frame = new ByteArrayOutputStream(payload.length + 14);
      frame.write((fin ? 0x80 : 0) | opcode);
      if (payload.length < 126) {
        frame.write(0x80 | payload.length);
      } else if (payload.length < 65_536) {
        frame.write(0x80 | 126);
        frame.write(payload.length >> 8);
        frame.write(payload.length);
      } else {
        frame.write(0x80 | 127);
        for (int shift = 56; shift >= 0; shift -= 8) {
          frame.write((int) ((long) payload.length >> shift));
        }
      }
      byte[] mask = new byte[4];
      ThreadLocalRandom.current().nextBytes(mask);
      frame.write(mask);
      for (int i = 0; i < payload.length; i++) {
        frame.write(payload[i] ^ mask[i & 3]);
      }
      sendBytes(frame.toByteArray());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A frame with a first byte and a length as the test wants them, masked with zeros. */
  public static byte[] masked(int first, long length, byte[] payload) {
    ByteBuffer frame = ByteBuffer.allocate(payload.length + 14);
    frame.put((byte) first);
    if (length < 126) {
      frame.put((byte) (0x80 | length));
    } else if (length < 65_536) {
      frame.put((byte) (0x80 | 126)).putShort((short) length);
    } else {
      frame.put((byte) (0x80 | 127)).putLong(length);
    }
    frame.putInt(0).put(payload);
    byte[] bytes = new byte[frame.position()];
    frame.flip().get(bytes);
    return bytes;
  }

  /** Sends bytes as they are. */
  public void sendBytes(byte[] bytes) {
    try {
      out.write(bytes);
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The next frame; empty when the other side has closed the connection. */
  public Optional<Frame> read() {
    try {
      int first = in.readUnsignedByte();
      int second = in.readUnsignedByte();
      long length = second & 0x7f;
      if (length == 126) {
        length = in.readUnsignedShort();
      } else if (length == 127) {
        length = in.readLong();
      }
      String text = new String(in.readNBytes(Math.toIntExact(length)), StandardCharsets.UTF_8);
      return Optional.of(new Frame((first & 0x80) != 0, first & 0x0f, text));
    } catch (EOFException end) {
      return Optional.empty();
    } catch (java.net.SocketException reset) {
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** How long {@link #read} waits before it fails. */
  public void readTimeout(int millis) {
    try {
      socket.setSoTimeout(millis);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Ends the connection without a word, as a lost network or a killed process does. */
  public void reset() {
    try {
      socket.setSoLinger(true, 0);
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

package io.parley.bench;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/** One WebSocket (RFC 6455) of a {@link Loop}, as far as a well-behaved client needs it. */
final class Connection extends Wire {
  private static final int TEXT = 1;
  private static final int CLOSE = 8;
  private static final int PING = 9;
  private static final int PONG = 10;

  /** Any key will do: nobody's cache stands between. */
  private static final String UPGRADE =
      """
      GET %s HTTP/1.1\r
      Host: %s:%d\r
      Upgrade: websocket\r
      Connection: Upgrade\r
      Sec-WebSocket-Version: 13\r
      Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
      Sec-WebSocket-Protocol: parley.v1\r
      \r
      """;

  /** Who owns the connection. */
  interface Listener {
    /** It is a WebSocket now. */
    void opened(Connection connection);

    /** A text frame; the bytes are valid during the call only. */
    void text(byte[] bytes, int offset, int length);

    /** The other side has ended it, or it never came to be. */
    void lost(String why);
  }

  private final Listener listener;
  private final String upgrade;
  private boolean isUpgraded;

  Connection(InetSocketAddress server, String path, Listener listener) {
    this.listener = listener;
    this.upgrade = UPGRADE.formatted(path, server.getHostString(), server.getPort());
  }

  @Override
  void connected() {
    write(ByteBuffer.wrap(upgrade.getBytes(ISO_8859_1)));
  }

  @Override
  void lost(String why) {
    listener.lost(why);
  }

  /** Sends one text frame of characters below 128. */
  void send(CharSequence text) {
    write(frame(TEXT, text.toString().getBytes(ISO_8859_1)));
  }

  /** Masked by zeros, which changes nothing: the server unmasks all the same. */
  private static ByteBuffer frame(int opcode, byte[] payload) {
    ByteBuffer frame = ByteBuffer.allocate(payload.length + 8);
    frame.put((byte) (0x80 | opcode));
    if (payload.length < 126) {
      frame.put((byte) (0x80 | payload.length));
    } else {
      frame.put((byte) (0x80 | 126)).putShort((short) payload.length);
    }
    return frame.putInt(0).put(payload).flip();
  }

  @Override
  void consume(ByteBuffer in) {
    if (!isUpgraded && !upgraded(in)) {
      return;
    }
    while (!isClosed() && frame(in)) {
      // One after the other.
    }
  }

  private boolean upgraded(ByteBuffer in) {
    String head = new String(in.array(), in.arrayOffset(), in.limit(), ISO_8859_1);
    int end = head.indexOf("\r\n\r\n");
    if (end < 0) {
      return false;
    }
    if (!head.startsWith("HTTP/1.1 101")) {
      lose(head.substring(0, head.indexOf("\r\n")));
      return false;
    }
    in.position(end + 4);
    isUpgraded = true;
    listener.opened(this);
    return true;
  }

  /** Takes one frame; false when it isn't there whole. */
  private boolean frame(ByteBuffer in) {
    int start = in.position();
    if (in.remaining() < 2) {
      return false;
    }
    int first = in.get(start) & 0xff;
    long length = in.get(start + 1) & 0x7f;
    int head = length == 127 ? 10 : length == 126 ? 4 : 2;
    if (in.remaining() < head) {
      return false;
    }
    if (head == 4) {
      length = in.getShort(start + 2) & 0xffff;
    } else if (head == 10) {
      length = in.getLong(start + 2);
    }
    if (length > in.capacity() - 1024) {
      lose("a frame of " + length + " bytes");
      return false;
    }
    if (in.remaining() < head + length) {
      return false;
    }
    in.position(start + head + (int) length);
    take(first, in.array(), in.arrayOffset() + start + head, (int) length);
    return true;
  }

  private void take(int first, byte[] bytes, int offset, int length) {
    int opcode = first & 0x0f;
    if ((first & 0x80) == 0) {
      lose("a frame in fragments, which the bench can't read");
    } else if (opcode == TEXT) {
      listener.text(bytes, offset, length);
    } else if (opcode == PING) {
      byte[] payload = new byte[length];
      System.arraycopy(bytes, offset, payload, 0, length);
      write(frame(PONG, payload));
    } else if (opcode == CLOSE) {
      lose("closed by the server");
    }
  }
}

package io.parley.bench;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;

/** One WebSocket (RFC 6455) of a {@link Loop}, as far as a well-behaved client needs it. */
final class Connection {
  private static final int TEXT = 1;
  private static final int CLOSE = 8;
  private static final int PING = 9;
  private static final int PONG = 10;
  private static final byte[] NOTHING = {};

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

  private final SocketChannel channel;
  private final Listener listener;
  private final String upgrade;
  private SelectionKey key;
  private boolean isUpgraded;
  private boolean isClosed;

  /** The beginning of a frame whose end hasn't come yet. */
  private byte[] kept = NOTHING;

  /** What the socket didn't take yet. */
  private ByteBuffer unsent = ByteBuffer.wrap(NOTHING);

  @SuppressWarnings("NullAway.Init") // The key is there once the channel is registered.
  private Connection(SocketChannel channel, Listener listener, String upgrade) {
    this.channel = channel;
    this.listener = listener;
    this.upgrade = upgrade;
  }

  static Connection open(
      Selector selector, InetSocketAddress server, String path, Listener listener)
      throws IOException {
    SocketChannel channel = SocketChannel.open();
    channel.configureBlocking(false);
    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    String upgrade = UPGRADE.formatted(path, server.getHostString(), server.getPort());
    Connection connection = new Connection(channel, listener, upgrade);
    boolean isThere = channel.connect(server);
    connection.key = channel.register(selector, SelectionKey.OP_CONNECT, connection);
    if (isThere) {
      connection.connected();
    }
    return connection;
  }

  private void connected() {
    key.interestOps(SelectionKey.OP_READ);
    write(ByteBuffer.wrap(upgrade.getBytes(ISO_8859_1)));
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

  private void write(ByteBuffer bytes) {
    if (isClosed) {
      return;
    }
    try {
      if (!unsent.hasRemaining()) {
        channel.write(bytes);
      }
      if (bytes.hasRemaining()) {
        unsent =
            ByteBuffer.allocate(unsent.remaining() + bytes.remaining())
                .put(unsent)
                .put(bytes)
                .flip();
        key.interestOps(SelectionKey.OP_READ | SelectionKey.OP_WRITE);
      }
    } catch (IOException e) {
      lose(e.toString());
    }
  }

  /** The selector says that something can be done; {@code in} is for all connections. */
  void ready(ByteBuffer in) {
    try {
      if (key.isConnectable() && channel.finishConnect()) {
        connected();
      }
      if (key.isValid() && key.isWritable()) {
        channel.write(unsent);
        if (!unsent.hasRemaining()) {
          key.interestOps(SelectionKey.OP_READ);
        }
      }
      if (key.isValid() && key.isReadable()) {
        in.clear().put(kept);
        kept = NOTHING;
        boolean ended = channel.read(in) < 0;
        consume(in.flip());
        if (ended) {
          lose("closed by the server");
        }
      }
    } catch (IOException e) {
      lose(e.toString());
    }
  }

  private void consume(ByteBuffer in) {
    if (!isUpgraded && !upgraded(in)) {
      return;
    }
    while (!isClosed && frame(in)) {
      // One after the other.
    }
    keep(in);
  }

  private void keep(ByteBuffer in) {
    if (in.hasRemaining()) {
      kept = new byte[in.remaining()];
      in.get(kept);
    }
  }

  private boolean upgraded(ByteBuffer in) {
    String head = new String(in.array(), in.arrayOffset(), in.limit(), ISO_8859_1);
    int end = head.indexOf("\r\n\r\n");
    if (end < 0) {
      keep(in);
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

  private void lose(String why) {
    if (!isClosed) {
      close();
      listener.lost(why);
    }
  }

  /** Ends it; the listener hears nothing more. */
  void close() {
    isClosed = true;
    try {
      channel.close();
    } catch (IOException e) {
      // Gone either way.
    }
  }
}

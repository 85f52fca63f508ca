package io.parley.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;

/** One TCP connection of a {@link Loop}; what goes over it is a subclass's. */
abstract class Wire {
  private static final byte[] NOTHING = {};

  private final SocketChannel channel;
  private SelectionKey key;
  private boolean isClosed;

  /** The beginning of something whose end hasn't come yet. */
  private byte[] kept = NOTHING;

  /** What the socket didn't take yet. */
  private ByteBuffer unsent = ByteBuffer.wrap(NOTHING);

  @SuppressWarnings("NullAway.Init") // The key is there once the channel is registered.
  Wire() {
    try {
      this.channel = SocketChannel.open();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Bytes may be written. */
  abstract void connected();

  /** Takes what is there whole; what is left comes again, with what follows. */
  abstract void consume(ByteBuffer in);

  /** The other side has ended it, or it never came to be. */
  abstract void lost(String why);

  void open(Selector selector, InetSocketAddress server) throws IOException {
    channel.configureBlocking(false);
    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    boolean isThere = channel.connect(server);
    key = channel.register(selector, SelectionKey.OP_CONNECT, this);
    if (isThere) {
      begin();
    }
  }

  private void begin() {
    key.interestOps(SelectionKey.OP_READ);
    connected();
  }

  void write(ByteBuffer bytes) {
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
        begin();
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
        keep(in);
        if (ended) {
          lose("closed by the server");
        }
      }
    } catch (IOException e) {
      lose(e.toString());
    }
  }

  private void keep(ByteBuffer in) {
    if (in.hasRemaining()) {
      kept = new byte[in.remaining()];
      in.get(kept);
    }
  }

  boolean isClosed() {
    return isClosed;
  }

  void lose(String why) {
    if (!isClosed) {
      close();
      lost(why);
    }
  }

  /** Ends it; the owner hears nothing more. */
  void close() {
    isClosed = true;
    try {
      channel.close();
    } catch (IOException e) {
      // Gone either way.
    }
  }
}

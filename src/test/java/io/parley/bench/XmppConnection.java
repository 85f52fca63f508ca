package io.parley.bench;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.nio.ByteBuffer;

/**
 * One XMPP stream (RFC 6120) of a {@link Loop}: it tells where stanzas end, and not what they say.
 */
final class XmppConnection extends Wire {
  private static final String END = "</stream:stream>";

  /** Who owns the connection. */
  interface Listener {
    /** Nothing was sent yet. */
    void connected(XmppConnection connection);

    /** An element of the stream, whole; the bytes are valid during the call only. */
    void stanza(byte[] bytes, int from, int to);

    /** What is to be said before the stream ends; nothing is heard after it. */
    String parting();

    /** The other side has ended it, or it never came to be. */
    void lost(String why);
  }

  private final Listener listener;

  XmppConnection(Listener listener) {
    this.listener = listener;
  }

  /** Sends characters below 128. */
  void send(CharSequence xml) {
    write(ByteBuffer.wrap(xml.toString().getBytes(ISO_8859_1)));
  }

  @Override
  void connected() {
    listener.connected(this);
  }

  @Override
  void consume(ByteBuffer in) {
    byte[] bytes = in.array();
    int base = in.arrayOffset();
    int to = base + in.limit();
    int from = base + in.position();
    while (!isClosed()) {
      int end = StanzaScanner.end(bytes, from, to);
      if (end < 0) {
        break;
      }
      int start = StanzaScanner.start(bytes, from, end);
      if (StanzaScanner.isNamed(bytes, start, "/stream:stream")) {
        lose("the server ended the stream");
      } else {
        listener.stanza(bytes, start, end);
      }
      from = end;
    }
    in.position(from - base);
  }

  @Override
  void lost(String why) {
    listener.lost(why);
  }

  /** Takes leave, or the server would keep the session for a while. */
  @Override
  void close() {
    send(listener.parting() + END);
    super.close();
  }
}

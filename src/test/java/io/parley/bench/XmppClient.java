package io.parley.bench;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.parley.bench.Talk.Somebody;
import io.parley.bench.Verifier.Reader;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;

/**
 * One session of somebody at an XMPP server, who talks with one other.
 *
 * <p>It signs in, takes the resource that the other one writes to, and enables acknowledgements
 * (XEP-0198). With each message it asks how many the server has handled; the answer accepts them.
 *
 * <p>A sociable one first asks for its roster and shows its presence, as a chat client does, and is
 * ready when it has seen the other one's. The others have nobody in a roster. Both write to the
 * full address, as clients do in a conversation in which the other one has answered (RFC 6121,
 * 5.1).
 *
 * <pre>
 *   stream, PLAIN ─► success, stream, bind ─► result, enable ─► enabled: ready
 *                               sociable: roster ─► result, presence, enable ─► enabled
 *                                         ◄─ presence of the other one: ready
 *   message, r ─► ... a h='7': seven of this session were handled
 *   ◄─ message, r   and a h='3' back, or the server would end the session
 * </pre>
 */
final class XmppClient implements Talker, XmppConnection.Listener {
  static final String RESOURCE = "bench";

  private static final String BIND = "bind";
  private static final String ACKNOWLEDGE = " xmlns='urn:xmpp:sm:3'";
  private static final String ASK = "<r" + ACKNOWLEDGE + "/>";

  private final Somebody somebody;
  private final Talk talk;
  private final boolean isSociable;
  private final Verifier verifier;
  private final Client.Ear ear;
  private final Lane out;
  private final Lane in;
  private final String peer;
  private XmppConnection connection;
  private Reader reader;
  private boolean isSignedIn;
  private boolean isEnabled;
  private boolean isPeerThere;

  /** Accepted in earlier sessions; the server counts those of this one. */
  private long acceptedBefore;

  /** Stanzas since acknowledgements were enabled; before that none counts. */
  private long received;

  /** The token is the person's password. */
  @SuppressWarnings("NullAway.Init") // The connection once it is open, the reader once ready.
  XmppClient(Somebody somebody, Talk talk, boolean isSociable, Verifier verifier, Client.Ear ear) {
    this.somebody = somebody;
    this.talk = talk;
    this.isSociable = isSociable;
    this.verifier = verifier;
    this.ear = ear;
    boolean isFirst = somebody.equals(talk.first());
    this.out = isFirst ? talk.there() : talk.back();
    this.in = isFirst ? talk.back() : talk.there();
    this.peer =
        (isFirst ? talk.second() : talk.first()).id() + "@" + Ejabberd.HOST + "/" + RESOURCE;
  }

  @Override
  public Somebody somebody() {
    return somebody;
  }

  @Override
  public List<Talk> talks() {
    return List.of(talk);
  }

  @Override
  public void connect(Loop loop, InetSocketAddress server) {
    loop.connect(server, new XmppConnection(this));
  }

  @Override
  public boolean isReady() {
    return isEnabled && (isPeerThere || !isSociable);
  }

  @Override
  public void say(Talk where) {
    long number = out.next();
    StringBuilder xml = new StringBuilder(Client.TEXT_LENGTH + 140);
    xml.append("<message type='chat' to='").append(peer).append("' id='").append(number);
    xml.append("'><body>");
    Client.appendText(xml, out.number(), number, out.sentNanos(number));
    connection.send(xml.append("</body></message>").append(ASK));
  }

  @Override
  public void connected(XmppConnection opened) {
    connection = opened;
    openStream();
  }

  private void openStream() {
    connection.send(
        "<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'"
            + " version='1.0' to='%s'>".formatted(Ejabberd.HOST));
  }

  @Override
  public void lost(String why) {
    verifier.fault("person %d lost the connection: %s".formatted(somebody.number(), why));
  }

  @Override
  public void stanza(byte[] bytes, int from, int to) {
    if (StanzaScanner.isNamed(bytes, from, "message")) {
      message(bytes, from, to);
    } else if (StanzaScanner.isNamed(bytes, from, "a")) {
      accepted(Long.parseLong(StanzaScanner.attribute(bytes, from, to, "h")));
    } else if (StanzaScanner.isNamed(bytes, from, "r")) {
      connection.send(acknowledgement());
    } else if (StanzaScanner.isNamed(bytes, from, "presence")) {
      presence(bytes, from, to);
    } else if (!isEnabled) {
      signIn(bytes, from, to);
    } else {
      told(bytes, from, to);
    }
  }

  private String acknowledgement() {
    return "<a" + ACKNOWLEDGE + " h='" + received + "'/>";
  }

  /**
   * What the server believes unread it keeps for the next session, which would be shown it again.
   */
  @Override
  public String parting() {
    return isEnabled ? acknowledgement() : "";
  }

  private void signIn(byte[] bytes, int from, int to) {
    if (StanzaScanner.isNamed(bytes, from, "stream:features")) {
      connection.send(isSignedIn ? bind() : plain());
    } else if (StanzaScanner.isNamed(bytes, from, "success")) {
      isSignedIn = true;
      openStream();
    } else if (StanzaScanner.isNamed(bytes, from, "iq")
        && StanzaScanner.attribute(bytes, from, to, "type").equals("result")) {
      bound(StanzaScanner.attribute(bytes, from, to, "id"));
    } else if (StanzaScanner.isNamed(bytes, from, "enabled")) {
      acceptedBefore = out.accepted();
      reader = verifier.readerAt(somebody.number(), in.accepted(), in);
      isEnabled = true;
    } else if (!StanzaScanner.isNamed(bytes, from, "stream:stream")
        && !StanzaScanner.isNamed(bytes, from, "?xml")) {
      told(bytes, from, to);
    }
  }

  private String plain() {
    String secret = "\0" + somebody.id() + "\0" + somebody.token();
    return "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>"
        + Base64.getEncoder().encodeToString(secret.getBytes(StandardCharsets.UTF_8))
        + "</auth>";
  }

  private static String bind() {
    return "<iq type='set' id='"
        + BIND
        + "'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><resource>"
        + RESOURCE
        + "</resource></bind></iq>";
  }

  /** Presence comes before acknowledgements: those count messages only. */
  private void bound(String answered) {
    if (isSociable && answered.equals(BIND)) {
      connection.send("<iq type='get' id='roster'><query xmlns='jabber:iq:roster'/></iq>");
      return;
    }
    connection.send((isSociable ? "<presence/>" : "") + "<enable" + ACKNOWLEDGE + "/>");
  }

  /** Also its own, and what an earlier session has left behind. */
  private void presence(byte[] bytes, int from, int to) {
    count();
    String type = StanzaScanner.attribute(bytes, from, to, "type");
    if (!isSociable || !(type.isEmpty() || type.equals("unavailable"))) {
      told(bytes, from, to);
    } else if (StanzaScanner.attribute(bytes, from, to, "from").equals(peer)) {
      isPeerThere |= type.isEmpty();
    }
  }

  private void count() {
    if (isEnabled) {
      received++;
    }
  }

  private void message(byte[] bytes, int from, int to) {
    count();
    String text = StanzaScanner.text(bytes, from, to, "body");
    int first = text.indexOf(' ');
    int second = text.indexOf(' ', first + 1);
    int third = text.indexOf(' ', second + 1);
    if (!isEnabled
        || text.length() != Client.TEXT_LENGTH
        || third < 0
        || StanzaScanner.attribute(bytes, from, to, "type").equals("error")) {
      told(bytes, from, to);
      return;
    }
    int lane = Integer.parseInt(text, 0, first, 10);
    long number = Long.parseLong(text, first + 1, second, 10);
    // There is no other count of what a session was shown than the message's own.
    verifier.shown(reader, number, lane, number);
    ear.delivered(Long.parseLong(text, second + 1, third, 10));
  }

  /** So many of this session's: an answer may come for several questions. */
  private void accepted(long handled) {
    while (out.accepted() < acceptedBefore + handled && verifier.isClean()) {
      long number = out.accepted() + 1;
      verifier.accepted(out, number);
      ear.accepted(this, talk, number);
    }
  }

  private void told(byte[] bytes, int from, int to) {
    verifier.fault(
        "person %d was told %s"
            .formatted(
                somebody.number(), new String(bytes, from, Math.min(to - from, 300), ISO_8859_1)));
  }
}

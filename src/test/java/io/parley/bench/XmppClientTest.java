package io.parley.bench;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.parley.bench.Talk.Somebody;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A client against a server that says what the test says. */
class XmppClientTest {
  private static final Duration SOON = Duration.ofSeconds(10);

  private final Loop loop = new Loop();
  private final Verifier verifier = new Verifier();
  private ServerSocket door;
  private Socket server = new Socket();
  private String heard = "";
  private int delivered;
  private final Client.Ear ear =
      new Client.Ear() {
        @Override
        public void delivered(long sentNanos) {
          delivered++;
        }
      };

  @BeforeEach
  void open() throws Exception {
    door = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
  }

  @AfterEach
  void close() throws Exception {
    loop.close();
    server.close();
    door.close();
  }

  private XmppClient connect(boolean isSociable) throws Exception {
    Somebody one = new Somebody(0, "bench0", "secret");
    Somebody other = new Somebody(1, "bench1", "secret");
    Talk talk = new Talk("", one, other, new Lane(0, 0, 1), new Lane(1, 1, 0));
    XmppClient client = new XmppClient(one, talk, isSociable, verifier, ear);
    client.connect(
        loop, new InetSocketAddress(InetAddress.getLoopbackAddress(), door.getLocalPort()));
    server = door.accept();
    server.setSoTimeout(1);
    awaits("<stream:stream");
    says("<stream:stream><stream:features/>");
    awaits("<auth");
    says("<success xmlns='s'/>");
    awaits("<stream:stream");
    says("<stream:stream><stream:features/>");
    awaits("<bind");
    says("<iq type='result' id='bind'><bind/></iq>");
    return client;
  }

  private void says(String xml) throws Exception {
    server.getOutputStream().write(xml.getBytes(ISO_8859_1));
  }

  /** Everything before it is forgotten, so that it is awaited once. */
  private void awaits(String xml) {
    assertThat(
            loop.until(
                () -> {
                  listen();
                  return heard.contains(xml);
                },
                SOON))
        .as("%s in %s", xml, heard)
        .isTrue();
    heard = heard.substring(heard.indexOf(xml) + xml.length());
  }

  private void listen() {
    byte[] bytes = new byte[10_000];
    try {
      int count = server.getInputStream().read(bytes);
      heard += new String(bytes, 0, Math.max(0, count), ISO_8859_1);
    } catch (SocketTimeoutException e) {
      // Nothing was said meanwhile.
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void oneWhoKnowsNobodyIsReadyOnceAcknowledgementsAreEnabled() throws Exception {
    XmppClient client = connect(false);
    awaits("<enable");
    assertThat(heard).doesNotContain("presence");
    says("<enabled xmlns='urn:xmpp:sm:3'/>");
    assertThat(loop.until(client::isReady, SOON)).isTrue();
    says("<presence from='bench1@localhost/bench'/>");
    assertThat(loop.until(() -> !verifier.isClean(), SOON)).isTrue();
  }

  @Test
  void aSociableOneAsksForItsRosterAndIsReadyWhenItHasSeenTheOther() throws Exception {
    XmppClient client = connect(true);
    awaits("jabber:iq:roster");
    says("<iq type='result' id='roster'><query/></iq>");
    awaits("<presence/>");
    awaits("<enable");
    says("<presence from='bench0@localhost/bench'/><enabled xmlns='urn:xmpp:sm:3'/>");
    says("<r xmlns='urn:xmpp:sm:3'/>");
    awaits("h='0'");
    assertThat(client.isReady()).as("only its own came").isFalse();
    says("<presence from='bench1@localhost/bench'/>");
    assertThat(loop.until(client::isReady, SOON)).isTrue();
    assertThat(verifier.verdict()).isEmpty();
  }

  @Test
  void presenceSinceAcknowledgementsWereEnabledIsAcknowledgedAsMessagesAre() throws Exception {
    connect(true);
    awaits("jabber:iq:roster");
    says("<iq type='result' id='roster'><query/></iq>");
    awaits("<enable");
    says("<enabled xmlns='urn:xmpp:sm:3'/>");
    says("<presence from='bench0@localhost/bench'/><presence from='bench1@localhost/bench'/>");
    says("<r xmlns='urn:xmpp:sm:3'/>");
    awaits("h='2'");
    says("<presence type='error' from='bench1@localhost/bench'/>");
    assertThat(loop.until(() -> !verifier.isClean(), SOON)).isTrue();
  }

  @Test
  void whatItHasReadIsAcknowledgedBeforeItLeavesAndNotShownToTheNextSession() throws Exception {
    connect(false);
    awaits("<enable");
    says("<enabled xmlns='urn:xmpp:sm:3'/>");
    StringBuilder text = new StringBuilder();
    Client.appendText(text, 1, 1, 0);
    says("<message from='bench1@localhost/bench'><body>" + text + "</body></message>");
    assertThat(loop.until(() -> delivered == 1, SOON)).isTrue();
    loop.close();
    server.setSoTimeout((int) SOON.toMillis());
    assertThat(new String(server.getInputStream().readAllBytes(), ISO_8859_1))
        .isEqualTo("<a xmlns='urn:xmpp:sm:3' h='1'/></stream:stream>");
  }
}

package io.parley.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.parley.testing.TestAuthority;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whom nodes take for nodes: handshakes in memory. */
class EnginesTest {
  private static final int BUFFER = 65_536;

  private final TestAuthority authority = TestAuthority.named("nodes");
  private final TestAuthority foreign = TestAuthority.named("foreign");
  private final Path folder;
  private final CertificateWatch server;

  EnginesTest(@TempDir Path folder) {
    this.folder = folder;
    this.server = node("server", authority, authority.pem());
  }

  @Test
  void nodesOfOneAuthorityTakeEachOther() throws SSLException {
    SSLEngine accepting = server.engineForNodes();
    shakeHands(toNode(node("client", authority, authority.pem())), accepting);
    assertThat(accepting.getSession().getProtocol()).isEqualTo("TLSv1.3");
    X509Certificate shown = (X509Certificate) accepting.getSession().getPeerCertificates()[0];
    assertThat(shown.getSubjectX500Principal().getName()).isEqualTo("CN=client");
  }

  @Test
  void oneWithoutACertificateIsNotTaken() {
    SSLContext none = TlsClient.trusting(authority.certificate());
    assertThatThrownBy(() -> shakeHands(Engines.toNode(none, "node", 1), server.engineForNodes()))
        .isInstanceOf(SSLHandshakeException.class);
  }

  @Test
  void oneOfAnotherAuthorityIsNotTakenThoughItWouldTakeThisOne() {
    CertificateWatch client = node("client", foreign, foreign.pem() + authority.pem());
    assertThatThrownBy(() -> shakeHands(toNode(client), server.engineForNodes()))
        .isInstanceOf(SSLHandshakeException.class);
  }

  @Test
  void oneOfAnotherAuthorityIsNotConnectedToThoughItWouldTakeThisOne() {
    CertificateWatch other = node("other", foreign, foreign.pem() + authority.pem());
    assertThatThrownBy(() -> shakeHands(toNode(server), other.engineForNodes()))
        .isInstanceOf(SSLHandshakeException.class)
        .hasMessageContaining("PKIX");
  }

  /** As one of those that a wider authority has signed for too. */
  @Test
  void oneWithoutTheNameOfNodesIsNoneOnEitherSide() throws SSLException {
    CertificateWatch named = node("parley-node", Optional.of("Parley-Node"));
    CertificateWatch printer = node("printer", Optional.empty());
    assertThatThrownBy(() -> shakeHands(toNode(named), printer.engineForNodes()))
        .isInstanceOf(SSLHandshakeException.class)
        .hasMessageContaining("the DNS name Parley-Node isn't in the certificate of CN=printer");
    assertThatThrownBy(() -> shakeHands(toNode(printer), named.engineForNodes()))
        .isInstanceOf(SSLHandshakeException.class)
        .hasMessageContaining("CN=printer");
    shakeHands(toNode(named), node("parley-node", Optional.empty()).engineForNodes());
    shakeHands(toNode(node("parley-node", Optional.empty())), named.engineForNodes());
  }

  /** A name doesn't stand for a signature. */
  @Test
  void oneWithTheNameOfNodesButOfAnotherAuthorityIsNone() {
    CertificateWatch named = node("parley-node", Optional.of("parley-node"));
    CertificateWatch other = node("parley-node", foreign, foreign.pem() + authority.pem());
    assertThatThrownBy(() -> shakeHands(toNode(other), named.engineForNodes()))
        .isInstanceOf(SSLHandshakeException.class);
    assertThatThrownBy(() -> shakeHands(toNode(named), other.engineForNodes()))
        .isInstanceOf(SSLHandshakeException.class);
  }

  private static SSLEngine toNode(CertificateWatch watch) {
    return watch.engineToNode("node", 1);
  }

  private CertificateWatch node(String name, TestAuthority by, String trusted) {
    return node(name, by, trusted, Optional.empty());
  }

  private CertificateWatch node(String name, Optional<String> wanted) {
    return node(name, authority, authority.pem(), wanted);
  }

  private CertificateWatch node(
      String name, TestAuthority by, String trusted, Optional<String> wanted) {
    Path own = folder.resolve(name);
    by.issue(name).write(own);
    TestAuthority.write(own.resolve("authority.pem"), trusted);
    return CertificateWatch.open(
        "other nodes",
        new TlsFiles(
            "PARLEY_CLUSTER_TLS",
            own.resolve("node.pem"),
            own.resolve("node.key"),
            Optional.of(own.resolve("authority.pem")),
            wanted),
        Clock.systemUTC());
  }

  /** Carries the bytes of a handshake to and fro until both are done or one refuses. */
  private static void shakeHands(SSLEngine client, SSLEngine server) throws SSLException {
    ByteBuffer toServer = ByteBuffer.allocate(BUFFER);
    ByteBuffer toClient = ByteBuffer.allocate(BUFFER);
    client.beginHandshake();
    server.beginHandshake();
    for (int turn = 0; turn < 100 && !(isDone(client) && isDone(server)); turn++) {
      move(client, toClient, toServer);
      move(server, toServer, toClient);
    }
    assertThat(isDone(client) && isDone(server)).isTrue();
  }

  private static boolean isDone(SSLEngine engine) {
    return engine.getHandshakeStatus() == HandshakeStatus.NOT_HANDSHAKING;
  }

  private static void move(SSLEngine engine, ByteBuffer in, ByteBuffer out) throws SSLException {
    HandshakeStatus status = engine.getHandshakeStatus();
    if (status == HandshakeStatus.NEED_WRAP) {
      engine.wrap(ByteBuffer.allocate(0), out);
    } else if (status == HandshakeStatus.NEED_TASK) {
      for (Runnable task = engine.getDelegatedTask();
          task != null;
          task = engine.getDelegatedTask()) {
        task.run();
      }
    } else {
      in.flip();
      engine.unwrap(in, ByteBuffer.allocate(BUFFER));
      in.compact();
    }
  }
}

package io.parley.cluster;

import io.parley.tls.CertificateWatch;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSession;
import org.apache.pekko.remote.artery.tcp.SSLEngineProvider;
import scala.Option;

/**
 * TLS between nodes: each side shows a certificate, and takes any that an authority of its own has
 * signed, with the nodes' name in it where they have one. It stands where Pekko has a provider of
 * its own, which reads no EC keys and no intermediates, and takes a broken file into use.
 */
public final class NodeEngines implements SSLEngineProvider {

  private final CertificateWatch watch;

  public NodeEngines(CertificateWatch watch) {
    this.watch = watch;
  }

  @Override
  public SSLEngine createServerSSLEngine(String host, int port) {
    return watch.engineForNodes();
  }

  @Override
  public SSLEngine createClientSSLEngine(String host, int port) {
    return watch.engineToNode(host, port);
  }

  /** Nothing beyond the handshake: the host is left aside, see decision 12. */
  @Override
  public Option<Throwable> verifyClientSession(String host, SSLSession session) {
    return Option.empty();
  }

  @Override
  public Option<Throwable> verifyServerSession(String host, SSLSession session) {
    return Option.empty();
  }
}

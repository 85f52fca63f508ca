package io.parley.tls;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;

/** How TLS is spoken: versions and suites. One engine serves one connection. */
public final class Engines {

  private static final String[] SUITES_OF_1_3 = {
    "TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256",
  };

  /** Of TLS 1.2 only what keeps the past secret when a key is lost, and is authenticated. */
  private static final String[] SUITES = {
    SUITES_OF_1_3[0],
    SUITES_OF_1_3[1],
    SUITES_OF_1_3[2],
    "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
    "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
    "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
    "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
    "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
    "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
  };

  private Engines() {}

  /**
   * A client of TLS 1.2 that asks for one handshake after the other would cost the server far more
   * than itself. For the whole process, and before anything in it has spoken TLS.
   */
  public static void refuseRenegotiation() {
    System.setProperty("jdk.tls.rejectClientInitiatedRenegotiation", "true");
  }

  static SSLEngine forClients(SSLContext context) {
    SSLEngine engine = context.createSSLEngine();
    engine.setUseClientMode(false);
    engine.setSSLParameters(parameters(engine, SUITES, new String[] {"TLSv1.3", "TLSv1.2"}));
    return engine;
  }

  static SSLEngine forNodes(SSLContext context) {
    SSLEngine engine = context.createSSLEngine();
    engine.setUseClientMode(false);
    SSLParameters parameters = betweenNodes(engine);
    parameters.setNeedClientAuth(true);
    engine.setSSLParameters(parameters);
    return engine;
  }

  static SSLEngine toNode(SSLContext context, String host, int port) {
    SSLEngine engine = context.createSSLEngine(host, port);
    engine.setUseClientMode(true);
    engine.setSSLParameters(betweenNodes(engine));
    return engine;
  }

  private static SSLParameters betweenNodes(SSLEngine engine) {
    return parameters(engine, SUITES_OF_1_3, new String[] {"TLSv1.3"});
  }

  private static SSLParameters parameters(SSLEngine engine, String[] suites, String[] versions) {
    SSLParameters parameters = engine.getSSLParameters();
    parameters.setProtocols(versions);
    parameters.setCipherSuites(suites);
    parameters.setUseCipherSuitesOrder(true);
    return parameters;
  }
}

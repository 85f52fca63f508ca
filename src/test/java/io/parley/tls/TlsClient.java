package io.parley.tls;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/** How a test connects to a TLS port, well or badly. */
final class TlsClient {

  private TlsClient() {}

  static SSLContext trusting(X509Certificate authority) {
    try {
      KeyStore trusted = KeyStore.getInstance("PKCS12");
      trusted.load(null, null);
      trusted.setCertificateEntry("authority", authority);
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(trusted);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, trust.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A connection whose handshake is done. */
  static SSLSocket connect(SSLContext context, int port) {
    return connect(context, port, "TLSv1.3", "TLSv1.2");
  }

  static SSLSocket connect(SSLContext context, int port, String... versions) {
    try {
      SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", port);
      socket.setSoTimeout(30_000);
      socket.setEnabledProtocols(versions);
      socket.startHandshake();
      return socket;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Who answers there. */
  static String subject(SSLContext context, int port) {
    try (SSLSocket socket = connect(context, port)) {
      X509Certificate shown = (X509Certificate) socket.getSession().getPeerCertificates()[0];
      return shown.getSubjectX500Principal().getName();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Sends bytes, and returns all that comes until the server closes the connection. */
  static byte[] say(int port, byte[] bytes, int patienceMillis) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 5_000);
      socket.setSoTimeout(patienceMillis);
      socket.getOutputStream().write(bytes);
      return socket.getInputStream().readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The first few bytes of the answer to a hand-made hello, which this JVM would refuse to say. */
  static byte[] hello(int port, int version, int suite) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 5_000);
      socket.setSoTimeout(20_000);
      socket.getOutputStream().write(clientHello(version, suite));
      return socket.getInputStream().readNBytes(7);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A record with a ClientHello: one suite; P-256, and ECDSA or RSA with SHA-256. */
  private static byte[] clientHello(int version, int suite) {
    byte[] extensions = {
      0, 10, 0, 4, 0, 2, 0, 23, 0, 11, 0, 2, 1, 0, 0, 13, 0, 6, 0, 4, 4, 3, 4, 1,
    };
    int body = 2 + 32 + 1 + 2 + 2 + 2 + 2 + extensions.length;
    ByteBuffer hello = ByteBuffer.allocate(5 + 4 + body);
    hello.put((byte) 22).putShort((short) 0x0301).putShort((short) (4 + body));
    hello.putInt(1 << 24 | body).putShort((short) version).put(new byte[32]).put((byte) 0);
    hello.putShort((short) 2).putShort((short) suite).put((byte) 1).put((byte) 0);
    hello.putShort((short) extensions.length).put(extensions);
    return hello.array();
  }
}

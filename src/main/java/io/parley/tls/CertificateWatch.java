package io.parley.tls;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The certificate that new connections are made with. Whoever runs the node has {@link #look}
 * called every few seconds; connections that there are keep what they began with.
 *
 * <p>Files are replaced one after the other, so a change counts once two looks in a row have found
 * the same. What is then found wrong is told once, and the certificate before stays in use.
 */
public final class CertificateWatch {

  private static final Duration WARN_BEFORE_END = Duration.ofDays(14);
  private static final Duration WARN_AGAIN = Duration.ofDays(1);

  private static final Logger log = LoggerFactory.getLogger(CertificateWatch.class);

  private record Current(TlsIdentity identity, SSLContext context) {}

  private final String whom;
  private final TlsFiles files;
  private final Clock clock;
  private volatile Current current;
  private String judged;
  private String lastSeen;
  private Instant warned = Instant.MIN;

  private CertificateWatch(String whom, TlsFiles files, Clock clock) {
    this.whom = whom;
    this.files = files;
    this.clock = clock;
    Contents contents = Contents.read(files);
    this.current = current(files, TlsIdentity.of(files, contents, clock.instant()));
    this.judged = contents.digest();
    this.lastSeen = judged;
    tell();
    warnOfEnd();
  }

  /**
   * Reads the files for the first time.
   *
   * @param whom it is shown to, as the log says it
   * @throws CertificatesRefusedException naming every fault at once
   */
  public static CertificateWatch open(String whom, TlsFiles files, Clock clock) {
    return new CertificateWatch(whom, files, clock);
  }

  /** What is in use now. */
  public TlsIdentity identity() {
    return current.identity();
  }

  /** For one connection that a browser or another client has opened. */
  public SSLEngine engineForClients() {
    return Engines.forClients(current.context());
  }

  /** For one connection that another node has opened. */
  public SSLEngine engineForNodes() {
    return Engines.forNodes(current.context());
  }

  /** For one connection to another node. */
  public SSLEngine engineToNode(String host, int port) {
    return Engines.toNode(current.context(), host, port);
  }

  /** For a client inside this process: trusts this node's own certificate, whatever names it. */
  public SSLContext toItself() {
    return context(new KeyManager[0], new TrustManager[] {new OwnCertificate(this::identity)});
  }

  /** Looks whether the files have changed. */
  public synchronized void look() {
    Contents contents = Contents.read(files);
    String seen = contents.digest();
    if (!seen.equals(judged) && seen.equals(lastSeen)) {
      judged = seen;
      judge(contents);
    }
    lastSeen = seen;
    warnOfEnd();
  }

  private void judge(Contents contents) {
    try {
      current = current(files, TlsIdentity.of(files, contents, clock.instant()));
      warned = Instant.MIN;
      tell();
    } catch (CertificatesRefusedException refused) {
      stays(String.join(" ", refused.faults()), null);
    } catch (RuntimeException unforeseen) {
      // Whoever calls look() would never call it again, and corrected files stay unread.
      stays("This is why:", unforeseen);
    }
  }

  private void stays(String why, @Nullable RuntimeException unforeseen) {
    log.error(
        "The files of the certificate for {} have changed and can't be used; the one before"
            + " ({}, until {}) stays. {}",
        whom,
        identity().subject(),
        identity().end(),
        why,
        unforeseen);
  }

  private void tell() {
    log.info(
        "The certificate for {} is {}, until {}", whom, identity().subject(), identity().end());
  }

  private void warnOfEnd() {
    Instant now = clock.instant();
    Instant end = identity().end();
    if (end.isAfter(now.plus(WARN_BEFORE_END)) || warned.isAfter(now.minus(WARN_AGAIN))) {
      return;
    }
    warned = now;
    log.warn(
        "The certificate for {} ({}) {} on {}: put another one in {}; no restart is needed",
        whom,
        identity().subject(),
        end.isBefore(now) ? "has ended" : "ends",
        end,
        files.certificate());
  }

  private static Current current(TlsFiles files, TlsIdentity identity) {
    try {
      char[] password = new char[0];
      KeyStore own = KeyStore.getInstance("PKCS12");
      own.load(null, password);
      own.setKeyEntry(
          "own", identity.key(), password, identity.chain().toArray(X509Certificate[]::new));
      KeyManagerFactory keys =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      keys.init(own, password);
      TrustManager[] trust = trustManagers(identity);
      return new Current(
          identity,
          context(
              keys.getKeyManagers(), files.name().map(name -> named(trust, name)).orElse(trust)));
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static TrustManager[] trustManagers(TlsIdentity identity)
      throws GeneralSecurityException, IOException {
    if (identity.authorities().isEmpty()) {
      return new TrustManager[0];
    }
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    for (int i = 0; i < identity.authorities().size(); i++) {
      trusted.setCertificateEntry("authority-" + i, identity.authorities().get(i));
    }
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(trusted);
    return trust.getTrustManagers();
  }

  private static TrustManager[] named(TrustManager[] authorities, String name) {
    return Arrays.stream(authorities)
        .map(one -> new NamedNodes((X509ExtendedTrustManager) one, name))
        .toArray(TrustManager[]::new);
  }

  private static SSLContext context(KeyManager[] keys, TrustManager[] trust) {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keys, trust, null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}

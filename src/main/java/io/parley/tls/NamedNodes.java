package io.parley.tls;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Trusts whom the authorities have signed for, if the certificate carries the DNS name that all
 * nodes have in common: for authorities that sign for others as well. It is no address, and none is
 * compared.
 */
final class NamedNodes extends X509ExtendedTrustManager {

  /** RFC 5280's number for a DNS name among the alternative names. */
  private static final Integer DNS_NAME = 2;

  private final X509ExtendedTrustManager authorities;
  private final String name;

  NamedNodes(X509ExtendedTrustManager authorities, String name) {
    this.authorities = authorities;
    this.name = name;
  }

  static boolean carries(X509Certificate certificate, String name) {
    return carried(certificate).stream().anyMatch(name::equalsIgnoreCase);
  }

  /** Its DNS names. */
  static List<String> carried(X509Certificate certificate) {
    try {
      var names = certificate.getSubjectAlternativeNames();
      return names == null
          ? List.of()
          : names.stream()
              .filter(typed -> DNS_NAME.equals(typed.get(0)))
              .map(typed -> String.valueOf(typed.get(1)))
              .toList();
    } catch (CertificateParsingException e) {
      return List.of();
    }
  }

  private void requireName(X509Certificate[] chain) throws CertificateException {
    if (!carries(chain[0], name)) {
      throw new CertificateException(
          "It is no node's: the DNS name "
              + name
              + " isn't in the certificate of "
              + chain[0].getSubjectX500Principal().getName());
    }
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
      throws CertificateException {
    authorities.checkServerTrusted(chain, authType, engine);
    requireName(chain);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
      throws CertificateException {
    authorities.checkClientTrusted(chain, authType, engine);
    requireName(chain);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
      throws CertificateException {
    authorities.checkServerTrusted(chain, authType, socket);
    requireName(chain);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
      throws CertificateException {
    authorities.checkClientTrusted(chain, authType, socket);
    requireName(chain);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    authorities.checkServerTrusted(chain, authType);
    requireName(chain);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    authorities.checkClientTrusted(chain, authType);
    requireName(chain);
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return authorities.getAcceptedIssuers();
  }
}

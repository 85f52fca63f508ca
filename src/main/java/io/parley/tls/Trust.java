package io.parley.tls;

import java.security.GeneralSecurityException;
import java.security.cert.CertPathBuilder;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertStore;
import java.security.cert.CertificateParsingException;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.PKIXCertPathBuilderResult;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Whether others who trust the same authorities will take a certificate, found out beforehand. */
final class Trust {

  private static final String ANY_USE = "2.5.29.37.0";
  private static final String SERVER_USE = "1.3.6.1.5.5.7.3.1";
  private static final String CLIENT_USE = "1.3.6.1.5.5.7.3.2";

  private Trust() {}

  /** The authority behind the chain's first certificate; nothing after a fault. */
  static Optional<X509Certificate> signedBy(
      TlsFiles files,
      List<X509Certificate> chain,
      List<X509Certificate> authorities,
      Instant now,
      List<String> faults) {
    X509Certificate own = chain.get(0);
    Instant end = own.getNotAfter().toInstant();
    if (end.isBefore(now)) {
      faults.add(
          files.certificateIs() + "it has ended on " + end + ", so that nobody takes it any more.");
      return Optional.empty();
    }
    if (!servesBothWays(own)) {
      faults.add(
          files.certificateIs()
              + "it isn't made for both ways: a node connects and is connected to. Leave out its"
              + " extendedKeyUsage, or give serverAuth and clientAuth.");
      return Optional.empty();
    }
    try {
      X509CertSelector self = new X509CertSelector();
      self.setCertificate(own);
      PKIXBuilderParameters parameters =
          new PKIXBuilderParameters(
              authorities.stream()
                  .map(authority -> new TrustAnchor(authority, null))
                  .collect(Collectors.toSet()),
              self);
      parameters.setRevocationEnabled(false);
      parameters.setDate(Date.from(now));
      parameters.addCertStore(
          CertStore.getInstance("Collection", new CollectionCertStoreParameters(chain)));
      PKIXCertPathBuilderResult result =
          (PKIXCertPathBuilderResult) CertPathBuilder.getInstance("PKIX").build(parameters);
      return Optional.ofNullable(result.getTrustAnchor().getTrustedCert());
    } catch (CertPathBuilderException e) {
      faults.add(
          files.certificateIs()
              + "it isn't signed by an authority in "
              + files.authority().map(Object::toString).orElse("")
              + ", or what lies between is missing in it: "
              + reason(e)
              + ".");
      return Optional.empty();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static boolean servesBothWays(X509Certificate certificate) {
    try {
      @Nullable List<String> uses = certificate.getExtendedKeyUsage();
      return uses == null
          || uses.contains(ANY_USE)
          || (uses.contains(SERVER_USE) && uses.contains(CLIENT_USE));
    } catch (CertificateParsingException e) {
      return false;
    }
  }

  private static String reason(CertPathBuilderException e) {
    Throwable cause = e.getCause() == null ? e : e.getCause();
    return String.valueOf(cause.getMessage());
  }
}

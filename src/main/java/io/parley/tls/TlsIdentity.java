package io.parley.tls;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * A certificate with its key, and whom it trusts; they fit together.
 *
 * @param chain the own certificate first
 * @param authorities empty where the other side shows no certificate
 * @param signedBy which of them stands behind the own certificate; empty where there are none
 * @param name what every node's certificate must carry, as this one does; empty: none
 */
public record TlsIdentity(
    List<X509Certificate> chain,
    PrivateKey key,
    List<X509Certificate> authorities,
    Optional<X509Certificate> signedBy,
    Optional<String> name) {

  public TlsIdentity {
    chain = List.copyOf(chain);
    authorities = List.copyOf(authorities);
  }

  /**
   * Reads the files once.
   *
   * @throws CertificatesRefusedException naming every fault at once
   */
  public static TlsIdentity read(TlsFiles files, Instant now) {
    return of(files, Contents.read(files), now);
  }

  static TlsIdentity of(TlsFiles files, Contents contents, Instant now) {
    List<String> faults = new ArrayList<>();
    List<X509Certificate> chain = contents.certificate().certificates(faults);
    Optional<PrivateKey> key = contents.key().key(faults);
    List<X509Certificate> authorities =
        contents.authority().map(pem -> pem.certificates(faults)).orElse(List.of());
    if (!chain.isEmpty() && key.isPresent()) {
      requireFit(files, chain, key.get(), faults);
    }
    if (!chain.isEmpty()
        && !files.name().map(n -> NamedNodes.carries(chain.get(0), n)).orElse(true)) {
      faults.add(
          files.certificateIs()
              + "it doesn't carry the DNS name "
              + files.name().get()
              + " (subjectAltName), which "
              + files.variables()
              + "_NAME wants of every node.");
    }
    Optional<X509Certificate> signedBy = Optional.empty();
    if (!chain.isEmpty() && !authorities.isEmpty()) {
      signedBy = Trust.signedBy(files, chain, authorities, now, faults);
    }
    if (!faults.isEmpty() || key.isEmpty()) {
      throw new CertificatesRefusedException(faults);
    }
    return new TlsIdentity(chain, key.get(), authorities, signedBy, files.name());
  }

  private static void requireFit(
      TlsFiles files, List<X509Certificate> chain, PrivateKey key, List<String> faults) {
    if (fits(chain.get(0), key)) {
      requireLinks(files, chain, faults);
      return;
    }
    boolean isFurtherDown = chain.stream().anyMatch(certificate -> fits(certificate, key));
    faults.add(
        isFurtherDown
            ? files.certificateIs()
                + "the certificate that the key belongs to must come first in it, before those"
                + " that signed it."
            : files.keyIs()
                + "the key doesn't belong to the certificate in "
                + files.certificate()
                + " ("
                + subject(chain.get(0))
                + ").");
  }

  /** As the JDK wants them before it shows them to anybody. */
  private static void requireLinks(
      TlsFiles files, List<X509Certificate> chain, List<String> faults) {
    for (int i = 1; i < chain.size(); i++) {
      X509Certificate signed = chain.get(i - 1);
      X509Certificate next = chain.get(i);
      boolean isThere = chain.subList(0, i).contains(next);
      if (isThere || !signed.getIssuerX500Principal().equals(next.getSubjectX500Principal())) {
        faults.add(
            "%scertificate %d in it (%s) %s. The node's own must come first, then the one that"
                    .formatted(
                        files.certificateIs(),
                        i + 1,
                        subject(next),
                        isThere
                            ? "stands there twice"
                            : "isn't the one that signed certificate %d: that is %s"
                                .formatted(i, signed.getIssuerX500Principal().getName()))
                + " signed it, then the one that signed that, each once; leave out all others.");
        return;
      }
    }
  }

  private static boolean fits(X509Certificate certificate, PrivateKey key) {
    if (!certificate.getPublicKey().getAlgorithm().equals(key.getAlgorithm())) {
      return false;
    }
    byte[] anything = "fits".getBytes(StandardCharsets.US_ASCII);
    try {
      Signature signature =
          Signature.getInstance(
              key.getAlgorithm().equals("RSA") ? "SHA256withRSA" : "SHA256withECDSA");
      signature.initSign(key);
      signature.update(anything);
      byte[] signed = signature.sign();
      signature.initVerify(certificate.getPublicKey());
      signature.update(anything);
      return signature.verify(signed);
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  /** The DNS names that the own certificate carries. */
  public List<String> carried() {
    return NamedNodes.carried(chain.get(0));
  }

  /** When the own certificate ends. */
  Instant end() {
    return chain.get(0).getNotAfter().toInstant();
  }

  String subject() {
    return subject(chain.get(0));
  }

  private static String subject(X509Certificate certificate) {
    return certificate.getSubjectX500Principal().getName();
  }

  /** SHA-256 of a certificate, in hex. */
  public static String fingerprint(X509Certificate certificate) {
    try {
      return HexFormat.of()
          .formatHex(MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded()));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Never the key. */
  @Override
  public String toString() {
    return "TlsIdentity[" + subject() + "]";
  }
}

package io.parley.testing;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERBitString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.ExtensionsGenerator;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x509.TBSCertificate;
import org.bouncycastle.asn1.x509.Time;
import org.bouncycastle.asn1.x509.V3TBSCertificateGenerator;

/** Signs certificates for tests, with whatever is right or wrong about them. */
public final class TestAuthority {

  /** SHA-256 with ECDSA: all authorities here have an EC key. */
  private static final AlgorithmIdentifier ALGORITHM =
      new AlgorithmIdentifier(new ASN1ObjectIdentifier("1.2.840.10045.4.3.2"));

  private static final AtomicLong SERIALS = new AtomicLong(1);

  /** A certificate, who signed it up to the root's, and its key. */
  public record Issued(X509Certificate certificate, List<X509Certificate> issuers, KeyPair keys) {

    /** What a server shows: itself, and those between it and the root. */
    public String chain() {
      StringBuilder pem = new StringBuilder(pem(certificate));
      issuers.subList(0, Math.max(0, issuers.size() - 1)).forEach(c -> pem.append(pem(c)));
      return pem.toString();
    }

    public String key() {
      return pem("PRIVATE KEY", keys.getPrivate().getEncoded());
    }

    /** Puts both below a folder, as {@code node.pem} and {@code node.key}. */
    public void write(Path folder) {
      TestAuthority.write(folder.resolve("node.pem"), chain());
      TestAuthority.write(folder.resolve("node.key"), key());
    }
  }

  private final Issued own;

  private TestAuthority(Issued own) {
    this.own = own;
  }

  public static TestAuthority named(String name) {
    KeyPair keys = keys("EC");
    Instant now = Instant.now();
    return new TestAuthority(
        new Issued(
            sign(
                name,
                name,
                keys,
                keys.getPrivate(),
                now.plus(Duration.ofDays(365)),
                true,
                List.of()),
            List.of(),
            keys));
  }

  /** An authority that this one has signed. */
  public TestAuthority intermediate(String name) {
    return new TestAuthority(issue(name, "EC", Duration.ofDays(300), true, List.of()));
  }

  /** For a server, and for a client: an EC key, valid for a year. */
  public Issued issue(String name) {
    return issue(name, "EC", Duration.ofDays(200));
  }

  /** With a key of RSA or EC, and an end that may have passed. */
  public Issued issue(String name, String algorithm, Duration endsIn) {
    return issue(name, algorithm, endsIn, false, List.of());
  }

  /** For a server alone, as public authorities sign them. */
  public Issued issueForServer(String name) {
    return issue(name, "EC", Duration.ofDays(90), false, List.of(KeyPurposeId.id_kp_serverAuth));
  }

  private Issued issue(
      String name,
      String algorithm,
      Duration endsIn,
      boolean isAuthority,
      List<KeyPurposeId> uses) {
    KeyPair keys = keys(algorithm);
    X509Certificate certificate =
        sign(
            ownName(),
            name,
            keys,
            own.keys().getPrivate(),
            Instant.now().plus(endsIn),
            isAuthority,
            uses);
    List<X509Certificate> issuers = new ArrayList<>(List.of(own.certificate()));
    issuers.addAll(own.issuers());
    return new Issued(certificate, issuers, keys);
  }

  private String ownName() {
    return own.certificate().getSubjectX500Principal().getName().substring("CN=".length());
  }

  /** Its own certificate. */
  public String pem() {
    return pem(own.certificate());
  }

  /** Its own key. */
  public String key() {
    return own.key();
  }

  public X509Certificate certificate() {
    return own.certificate();
  }

  public static String pem(X509Certificate certificate) {
    try {
      return pem("CERTIFICATE", certificate.getEncoded());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  public static String pem(String label, byte[] der) {
    return "-----BEGIN %s-----\n%s\n-----END %s-----\n"
        .formatted(label, Base64.getMimeEncoder().encodeToString(der), label);
  }

  public static void write(Path file, String text) {
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static KeyPair keys(String algorithm) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
      generator.initialize(algorithm.equals("RSA") ? 2048 : 256);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static X509Certificate sign(
      String issuer,
      String subject,
      KeyPair keys,
      PrivateKey by,
      Instant end,
      boolean isAuthority,
      List<KeyPurposeId> uses) {
    try {
      V3TBSCertificateGenerator generator = new V3TBSCertificateGenerator();
      generator.setSerialNumber(new ASN1Integer(BigInteger.valueOf(SERIALS.getAndIncrement())));
      generator.setSignature(ALGORITHM);
      generator.setIssuer(new X500Name("CN=" + issuer));
      generator.setSubject(new X500Name("CN=" + subject));
      generator.setStartDate(new Time(Date.from(end.minus(Duration.ofDays(730)))));
      generator.setEndDate(new Time(Date.from(end)));
      generator.setSubjectPublicKeyInfo(
          SubjectPublicKeyInfo.getInstance(keys.getPublic().getEncoded()));
      ExtensionsGenerator extensions = new ExtensionsGenerator();
      if (isAuthority) {
        extensions.addExtension(Extension.basicConstraints, true, new BasicConstraints(true));
      } else {
        extensions.addExtension(
            Extension.subjectAlternativeName,
            false,
            new GeneralNames(
                new GeneralName[] {
                  new GeneralName(GeneralName.dNSName, "localhost"),
                  new GeneralName(GeneralName.dNSName, subject),
                  new GeneralName(GeneralName.iPAddress, "127.0.0.1")
                }));
      }
      if (!uses.isEmpty()) {
        extensions.addExtension(
            Extension.extendedKeyUsage,
            false,
            new ExtendedKeyUsage(uses.toArray(KeyPurposeId[]::new)));
      }
      generator.setExtensions(extensions.generate());
      TBSCertificate unsigned = generator.generateTBSCertificate();
      Signature signature = Signature.getInstance("SHA256withECDSA");
      signature.initSign(by);
      signature.update(unsigned.getEncoded());
      byte[] der =
          new DERSequence(
                  new ASN1Encodable[] {unsigned, ALGORITHM, new DERBitString(signature.sign())})
              .getEncoded();
      return (X509Certificate)
          CertificateFactory.getInstance("X.509")
              .generateCertificate(new ByteArrayInputStream(der));
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}

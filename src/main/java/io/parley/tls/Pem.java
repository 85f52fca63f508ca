package io.parley.tls;

import java.io.ByteArrayInputStream;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One file in PEM: base64 between lines that say what it is; what stands around them is passed. */
final class Pem {

  private static final Pattern BLOCK =
      Pattern.compile("-----BEGIN ([A-Z0-9 ]{1,64})-----(.*?)-----END \\1-----", Pattern.DOTALL);

  private static final String CERTIFICATE = "CERTIFICATE";
  private static final String KEY = "PRIVATE KEY";

  /** What is between the lines; of a key it is the key itself, so it is never shown. */
  private record Block(String label, String body) {
    byte[] decoded() {
      return Base64.getDecoder().decode(body.replaceAll("\\s", ""));
    }

    @Override
    public String toString() {
      return label;
    }
  }

  private final String is;
  private final Path path;
  private final Optional<String> text;
  private final String unreadable;

  Pem(String is, Path path, Optional<String> text, String unreadable) {
    this.is = is;
    this.path = path;
    this.text = text;
    this.unreadable = unreadable;
  }

  /** All certificates in it, in their order; none after a fault. */
  List<X509Certificate> certificates(List<String> faults) {
    List<Block> blocks = blocks("x509", "cert.pem", faults);
    List<X509Certificate> certificates = new ArrayList<>();
    for (Block block : blocks) {
      if (block.label().equals(CERTIFICATE)) {
        Optional<X509Certificate> certificate = certificate(block);
        if (certificate.isEmpty()) {
          faults.add(is + "certificate " + (certificates.size() + 1) + " in it is damaged.");
          return List.of();
        }
        certificates.add(certificate.get());
      }
    }
    if (!blocks.isEmpty() && certificates.isEmpty()) {
      faults.add(is + "there is no certificate in it, but " + labels(blocks) + ".");
    }
    return certificates;
  }

  private static Optional<X509Certificate> certificate(Block block) {
    try {
      return Optional.of(
          (X509Certificate)
              CertificateFactory.getInstance("X.509")
                  .generateCertificate(new ByteArrayInputStream(block.decoded())));
    } catch (CertificateException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** The one key in it; nothing after a fault. */
  Optional<PrivateKey> key(List<String> faults) {
    List<Block> keys =
        blocks("pkey", "key.pem", faults).stream()
            .filter(block -> !block.label().equals("EC PARAMETERS"))
            .toList();
    if (keys.isEmpty()) {
      return Optional.empty();
    }
    List<Block> secret = keys.stream().filter(block -> block.label().endsWith(KEY)).toList();
    if (secret.size() != 1) {
      faults.add(
          is
              + (secret.isEmpty()
                  ? "there is no private key in it, but " + labels(keys) + "."
                  : "there are " + secret.size() + " keys in it; it may hold one."));
      return Optional.empty();
    }
    return key(secret.get(0), faults);
  }

  private Optional<PrivateKey> key(Block block, List<String> faults) {
    if (block.label().startsWith("ENCRYPTED") || block.body().contains("ENCRYPTED")) {
      faults.add(
          is + "the key is encrypted, and nobody is there to give its password." + convertKey());
      return Optional.empty();
    }
    if (!block.label().equals(KEY)) {
      faults.add(
          is
              + "the key is in an older form ("
              + block.label()
              + "); Parley reads PKCS#8 (PRIVATE KEY)."
              + convertKey());
      return Optional.empty();
    }
    Optional<PrivateKey> key = decode(block, "RSA").or(() -> decode(block, "EC"));
    if (key.isEmpty()) {
      faults.add(is + "the key is damaged, or is neither of RSA nor of EC.");
    }
    return key;
  }

  private static Optional<PrivateKey> decode(Block block, String algorithm) {
    try {
      return Optional.of(
          KeyFactory.getInstance(algorithm)
              .generatePrivate(new PKCS8EncodedKeySpec(block.decoded())));
    } catch (InvalidKeySpecException | IllegalArgumentException e) {
      return Optional.empty();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("This Java has no " + algorithm, e);
    }
  }

  private String convertKey() {
    return " Convert it: openssl pkey -in " + path + " -out key.pem";
  }

  private List<Block> blocks(String command, String out, List<String> faults) {
    if (text.isEmpty()) {
      faults.add(is + unreadable);
      return List.of();
    }
    List<Block> blocks = new ArrayList<>();
    Matcher matcher = BLOCK.matcher(text.get());
    while (matcher.find()) {
      blocks.add(new Block(matcher.group(1), matcher.group(2)));
    }
    if (blocks.isEmpty()) {
      faults.add(
          is
              + "it isn't PEM, in which a line begins with -----BEGIN. If it is DER, convert it:"
              + " openssl "
              + command
              + " -inform der -in "
              + path
              + " -out "
              + out);
    }
    return blocks;
  }

  private static String labels(List<Block> blocks) {
    return String.join(", ", blocks.stream().map(Block::label).distinct().toList());
  }
}

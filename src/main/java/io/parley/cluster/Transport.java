package io.parley.cluster;

import io.parley.tls.TlsIdentity;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * How a node speaks with the others, as its row tells it: so that two who can't understand each
 * other find out by the table, and in words. It protects nothing; the handshake does.
 *
 * @param signedBy SHA-256 of the authority behind its certificate; empty: it speaks without TLS
 * @param trusted the same of the authorities that it takes certificates of
 * @param names what certificates carry; empty: it doesn't say, as builds before didn't
 */
public record Transport(String signedBy, Set<String> trusted, Optional<CarriedNames> names) {

  public static final Transport PLAIN = new Transport("", Set.of(), Optional.empty());

  private static final String PLAIN_TEXT = "plain";
  private static final String TLS_TEXT = "tls";

  /** What an operator compares with {@code openssl x509 -fingerprint}. */
  private static final int SHOWN_DIGITS = 16;

  public Transport {
    trusted = Set.copyOf(trusted);
  }

  /** With TLS. */
  public static Transport of(TlsIdentity identity) {
    return new Transport(
        identity.signedBy().map(TlsIdentity::fingerprint).orElse(""),
        identity.authorities().stream().map(TlsIdentity::fingerprint).collect(Collectors.toSet()),
        Optional.of(CarriedNames.of(identity)));
  }

  boolean isPlain() {
    return signedBy.isEmpty();
  }

  /**
   * {@code plain}, or {@code tls SIGNED-BY TRUSTED,TRUSTED,NAMES}. The names stand among the
   * authorities, because a build that knows none takes them for one more that nobody is signed by,
   * and goes on to understand the rest; of a fourth part it would understand nothing.
   */
  String text() {
    if (isPlain()) {
      return PLAIN_TEXT;
    }
    return Stream.concat(trusted.stream().sorted(), names.map(CarriedNames::text).stream())
        .collect(Collectors.joining(",", TLS_TEXT + " " + signedBy + " ", ""));
  }

  /** Empty for what a later build may write, which says nothing to this one. */
  static Optional<Transport> parse(String text) {
    if (text.equals(PLAIN_TEXT)) {
      return Optional.of(PLAIN);
    }
    String[] parts = text.split(" ", -1);
    return parts.length == 3 && parts[0].equals(TLS_TEXT)
        ? Optional.of(parse(parts[1], parts[2].split(",", -1)))
        : Optional.empty();
  }

  private static Transport parse(String signedBy, String[] last) {
    return new Transport(
        signedBy,
        Arrays.stream(last)
            .filter(one -> CarriedNames.parse(one).isEmpty())
            .collect(Collectors.toSet()),
        Arrays.stream(last).flatMap(one -> CarriedNames.parse(one).stream()).findFirst());
  }

  /** In words, why this node and {@code other} can't speak with each other. */
  Optional<String> obstacle(Transport other) {
    if (isPlain() && other.isPlain()) {
      return Optional.empty();
    }
    if (isPlain()) {
      return Optional.of(
          "it speaks TLS with other nodes, and this one doesn't: set"
              + " PARLEY_CLUSTER_TLS_CERTIFICATE, PARLEY_CLUSTER_TLS_KEY and"
              + " PARLEY_CLUSTER_TLS_AUTHORITY");
    }
    if (other.isPlain()) {
      return Optional.of(
          "it speaks without TLS, and this node is set to use it (PARLEY_CLUSTER_TLS_CERTIFICATE):"
              + " all nodes must, or none, so stop all of them to change it");
    }
    if (!other.trusted().contains(signedBy)) {
      return Optional.of(
          "it doesn't trust the authority that signed this node's certificate ("
              + shown(signedBy)
              + "): give this node one of the cluster's authority, or add that authority to"
              + " PARLEY_CLUSTER_TLS_AUTHORITY there");
    }
    if (!trusted.contains(other.signedBy())) {
      return Optional.of(
          "its certificate is signed by an authority that this node doesn't trust ("
              + shown(other.signedBy())
              + "): add it to PARLEY_CLUSTER_TLS_AUTHORITY here");
    }
    return names.flatMap(mine -> other.names().flatMap(mine::obstacle));
  }

  private static String shown(String fingerprint) {
    return "SHA-256 "
        + fingerprint.substring(0, Math.min(SHOWN_DIGITS, fingerprint.length()))
        + "...";
  }
}

package io.parley.cluster;

import io.parley.tls.TlsIdentity;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The DNS name that a node wants in the others' certificates, and those in its own. Two that are
 * set to different names understand each other as long as each carries what the other wants: so a
 * name is brought in, or changed, at one node after the other.
 *
 * @param wanted {@code PARLEY_CLUSTER_TLS_NAME}; empty: none
 * @param carried by its own certificate
 */
record CarriedNames(Optional<String> wanted, Set<String> carried) {

  private static final String TAG = "names";

  CarriedNames {
    carried = Set.copyOf(carried);
  }

  static CarriedNames of(TlsIdentity identity) {
    return new CarriedNames(
        identity.name().map(CarriedNames::comparable),
        identity.carried().stream().map(CarriedNames::comparable).collect(Collectors.toSet()));
  }

  /** Of lower case, and as in a URL: a certificate may carry a comma, or worse. */
  private static String comparable(String name) {
    return URLEncoder.encode(name.toLowerCase(Locale.ROOT), StandardCharsets.UTF_8);
  }

  /** {@code names:WANTED:CARRIED:CARRIED}. */
  String text() {
    StringBuilder text = new StringBuilder(TAG).append(':').append(wanted.orElse(""));
    new TreeSet<>(carried).forEach(name -> text.append(':').append(name));
    return text.toString();
  }

  /** Empty for what is no such text. */
  static Optional<CarriedNames> parse(String text) {
    String[] parts = text.split(":", -1);
    if (parts.length < 2 || !parts[0].equals(TAG)) {
      return Optional.empty();
    }
    return Optional.of(
        new CarriedNames(
            Optional.of(parts[1]).filter(name -> !name.isEmpty()),
            Arrays.stream(parts).skip(2).collect(Collectors.toSet())));
  }

  /** In words, why this node and {@code other} refuse each other's certificate. */
  Optional<String> obstacle(CarriedNames other) {
    if (other.wanted.isPresent() && !carried.contains(other.wanted.get())) {
      return Optional.of(
          difference(other)
              + ", and this node's certificate doesn't carry the DNS name "
              + other.wanted.get()
              + ": give this node one that does, and set the same name here");
    }
    if (wanted.isPresent() && !other.carried.contains(wanted.get())) {
      return Optional.of(
          difference(other)
              + ", and its certificate doesn't carry the DNS name "
              + wanted.get()
              + ": set here what is set there, or give every other node a certificate with that name"
              + " first");
    }
    return Optional.empty();
  }

  private String difference(CarriedNames other) {
    return "PARLEY_CLUSTER_TLS_NAME is "
        + set(wanted)
        + " here and "
        + set(other.wanted)
        + " there";
  }

  private static String set(Optional<String> name) {
    return name.orElse("not set");
  }
}

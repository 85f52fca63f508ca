package io.parley;

import io.parley.tls.CertificatesRefusedException;
import io.parley.tls.TlsFiles;
import io.parley.tls.TlsIdentity;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Which certificates this node shows. Their files are read with the settings, so that what is wrong
 * in them is told with everything else.
 *
 * @param clients at the door; empty: plain HTTP
 * @param nodes to the other nodes, of whom the same is wanted; empty: plain TCP
 * @param lookEvery how often the files are looked at
 */
record TlsSettings(Optional<TlsFiles> clients, Optional<TlsFiles> nodes, Duration lookEvery) {

  private static final Duration LONGEST_LOOK = Duration.ofHours(1);

  static TlsSettings read(SettingsReader reader, Path home) {
    return new TlsSettings(
        clients(reader, home),
        nodes(reader, home),
        reader.atMost("parley.tls.look-every", LONGEST_LOOK));
  }

  private static Optional<TlsFiles> clients(SettingsReader reader, Path home) {
    Optional<Path> certificate = reader.file("parley.tls.certificate", home);
    Optional<Path> key = reader.file("parley.tls.key", home);
    if (certificate.isPresent() != key.isPresent()) {
      reader.fault(
          "PARLEY_TLS_CERTIFICATE and PARLEY_TLS_KEY belong together; "
              + (key.isPresent() ? "PARLEY_TLS_CERTIFICATE" : "PARLEY_TLS_KEY")
              + " isn't set.");
    }
    return certificate.flatMap(
        chain ->
            key.map(secret -> checked(reader, TlsFiles.toClients("PARLEY_TLS", chain, secret))));
  }

  private static Optional<TlsFiles> nodes(SettingsReader reader, Path home) {
    String at = "parley.cluster.tls.";
    Optional<Path> certificate = reader.file(at + "certificate", home);
    Optional<Path> key = reader.file(at + "key", home);
    Optional<Path> authority = reader.file(at + "authority", home);
    long given = List.of(certificate, key, authority).stream().filter(Optional::isPresent).count();
    if (given == 1 || given == 2) {
      reader.fault(
          "PARLEY_CLUSTER_TLS_CERTIFICATE, PARLEY_CLUSTER_TLS_KEY and"
              + " PARLEY_CLUSTER_TLS_AUTHORITY belong together: set all three, or none.");
    }
    String name = reader.textOr(at + "name", "");
    if (given == 0 && !name.isEmpty()) {
      reader.fault(
          "PARLEY_CLUSTER_TLS_NAME is for nodes that show each other certificates: set those.");
    }
    if (given < 3) {
      return Optional.empty();
    }
    return Optional.of(
        checked(
            reader,
            new TlsFiles(
                "PARLEY_CLUSTER_TLS",
                certificate.get(),
                key.get(),
                authority,
                Optional.of(name).filter(one -> !one.isEmpty()))));
  }

  private static TlsFiles checked(SettingsReader reader, TlsFiles files) {
    try {
      TlsIdentity.read(files, Instant.now());
    } catch (CertificatesRefusedException refused) {
      refused.faults().forEach(reader::fault);
    }
    return files;
  }
}

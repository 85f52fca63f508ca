package io.parley.tls;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Where a certificate and its key are, as an operator named them.
 *
 * @param variables what the names of their variables begin with, such as {@code PARLEY_TLS}
 * @param certificate the node's own certificate, and after it those that lead to a root
 * @param key PKCS#8, not encrypted
 * @param authority whom to trust, where the other side has to show a certificate as well
 * @param name what the certificates of both sides must carry, where that authority signs for others
 *     as well
 */
public record TlsFiles(
    String variables, Path certificate, Path key, Optional<Path> authority, Optional<String> name) {

  /** Certificates that are shown to those who show none. */
  public static TlsFiles toClients(String variables, Path certificate, Path key) {
    return new TlsFiles(variables, certificate, key, Optional.empty(), Optional.empty());
  }

  String certificateIs() {
    return is("CERTIFICATE", certificate);
  }

  String keyIs() {
    return is("KEY", key);
  }

  String authorityIs() {
    return authority.map(path -> is("AUTHORITY", path)).orElse("");
  }

  private String is(String name, Path path) {
    return variables + "_" + name + " is \"" + path + "\": ";
  }
}

package io.parley.database;

import java.nio.file.Path;
import java.util.Optional;

/**
 * How the connection to PostgreSQL is protected.
 *
 * @param rootCertificate the certificates to trust, PEM; empty: those that the JVM trusts
 */
public record TransportSecurity(Mode mode, Optional<Path> rootCertificate) {

  public static final TransportSecurity DISABLED =
      new TransportSecurity(Mode.DISABLE, Optional.empty());

  /** The names are those of libpq's {@code sslmode}. */
  public enum Mode {
    /** Plain text: for a server on the same machine. */
    DISABLE("disable"),
    /** Encrypted, but the server could be anyone. */
    REQUIRE("require"),
    /** Encrypted, and the certificate names the host that was asked for. */
    VERIFY_FULL("verify-full");

    private final String sslMode;

    Mode(String sslMode) {
      this.sslMode = sslMode;
    }

    /** The value of {@code sslmode} in a URL. */
    public String sslMode() {
      return sslMode;
    }

    static Optional<Mode> of(String sslMode) {
      for (Mode mode : values()) {
        if (mode.sslMode.equals(sslMode)) {
          return Optional.of(mode);
        }
      }
      return Optional.empty();
    }
  }
}

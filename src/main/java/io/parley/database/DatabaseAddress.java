package io.parley.database;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLEncoder;

/**
 * Where the database is, and who asks.
 *
 * @param port 1 to 65535
 * @param name the database's name
 * @param password never printed: not by {@link #toString}, not in an error of this package
 */
public record DatabaseAddress(
    String host, int port, String name, String user, String password, TransportSecurity security) {

  /**
   * Reads {@code postgresql://user:password@host:port/name?sslmode=verify-full&sslrootcert=/a.pem}.
   * User, password, name and the values of the query are percent-decoded. Left out: the port (5432)
   * and the query ({@code sslmode=disable}).
   *
   * @throws IllegalArgumentException naming the part at fault, and never showing the password
   */
  public static DatabaseAddress parse(String url) {
    return DatabaseUrl.parse(url);
  }

  /** The same for whoever is known by another password. */
  public DatabaseAddress withPassword(String password) {
    return new DatabaseAddress(host, port, name, user, password, security);
  }

  /** What {@link #parse} reads as this address; has the password in it. */
  public String url() {
    StringBuilder url = new StringBuilder("postgresql://").append(encoded(user));
    if (!password.isEmpty()) {
      url.append(':').append(encoded(password));
    }
    url.append('@').append(hostInUrl()).append(':').append(port).append('/').append(encoded(name));
    url.append("?sslmode=").append(security.mode().sslMode());
    security
        .rootCertificate()
        .ifPresent(path -> url.append("&sslrootcert=").append(encoded(path.toString())));
    return url.toString();
  }

  /** For JDBC, which takes user and password beside the URL. */
  public String jdbcUrl() {
    StringBuilder url = new StringBuilder("jdbc:postgresql://");
    url.append(hostInUrl()).append(':').append(port);
    url.append('/').append(URLEncoder.encode(name, UTF_8));
    url.append("?sslmode=").append(security.mode().sslMode());
    security
        .rootCertificate()
        .ifPresent(
            path -> url.append("&sslrootcert=").append(URLEncoder.encode(path.toString(), UTF_8)));
    return url.toString();
  }

  private String hostInUrl() {
    return host.contains(":") ? "[" + host + "]" : host;
  }

  /** A space as %20: in a path a plus is a plus. */
  private static String encoded(String part) {
    return URLEncoder.encode(part, UTF_8).replace("+", "%20");
  }

  @Override
  public String toString() {
    return user + "@" + host + ":" + port + "/" + name;
  }
}

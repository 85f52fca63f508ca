package io.parley.database;

import io.parley.database.TransportSecurity.Mode;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Takes a database URL apart by hand: {@code java.net.URI} prints the whole of a malformed URL, and
 * with it the password, and an unescaped {@code @} or {@code #} of a password moves the host.
 */
final class DatabaseUrl {

  private static final int DEFAULT_PORT = 5432;

  private DatabaseUrl() {}

  static DatabaseAddress parse(String url) {
    String rest = afterScheme(url);
    int query = rest.indexOf('?', rest.lastIndexOf('@') + 1);
    String parameters = query < 0 ? "" : rest.substring(query + 1);
    rest = query < 0 ? rest : rest.substring(0, query);

    // The last `@` before the host: one inside a password that nobody escaped does no harm.
    int at = rest.lastIndexOf('@');
    require(
        at > 0, "needs a user before the host, as in postgresql://user:password@host:port/name");
    String userAndPassword = rest.substring(0, at);
    int colon = userAndPassword.indexOf(':');
    String user = decode("user", colon < 0 ? userAndPassword : userAndPassword.substring(0, colon));
    String password = colon < 0 ? "" : decode("password", userAndPassword.substring(colon + 1));
    require(!user.isEmpty(), "has an empty user");

    String target = rest.substring(at + 1);
    int slash = target.indexOf('/');
    require(slash >= 0 && slash + 1 < target.length(), "needs a database name after the host");
    String name = decode("database name", target.substring(slash + 1));
    require(!name.contains("/"), "has more than a database name after the host");
    String hostAndPort = target.substring(0, slash);
    return new DatabaseAddress(
        host(hostAndPort), port(hostAndPort), name, user, password, security(parameters));
  }

  private static String afterScheme(String url) {
    for (String scheme : new String[] {"postgresql://", "postgres://"}) {
      if (url.startsWith(scheme)) {
        return url.substring(scheme.length());
      }
    }
    throw invalid("must begin with postgresql://");
  }

  private static String host(String hostAndPort) {
    int close = hostAndPort.indexOf(']');
    if (hostAndPort.startsWith("[")) {
      require(close > 1, "has an IPv6 host without its closing bracket");
      return hostAndPort.substring(1, close);
    }
    int colon = hostAndPort.indexOf(':');
    String host = colon < 0 ? hostAndPort : hostAndPort.substring(0, colon);
    require(!host.isEmpty(), "has an empty host");
    return host;
  }

  private static int port(String hostAndPort) {
    int colon = hostAndPort.indexOf(':', hostAndPort.indexOf(']') + 1);
    if (colon < 0) {
      return DEFAULT_PORT;
    }
    String digits = hostAndPort.substring(colon + 1);
    require(digits.matches("[0-9]{1,5}"), "has a port that isn't a number");
    int port = Integer.parseInt(digits);
    require(port >= 1 && port <= 65_535, "has a port outside 1 to 65535");
    return port;
  }

  private static TransportSecurity security(String parameters) {
    Mode mode = Mode.DISABLE;
    Optional<Path> rootCertificate = Optional.empty();
    for (String parameter : parameters.split("&", -1)) {
      int equals = parameter.indexOf('=');
      String key = equals < 0 ? parameter : parameter.substring(0, equals);
      String value = equals < 0 ? "" : decode(key, parameter.substring(equals + 1));
      if (key.equals("sslmode")) {
        mode =
            Mode.of(value)
                .orElseThrow(
                    () -> invalid("has an sslmode other than disable, require, verify-full"));
      } else if (key.equals("sslrootcert")) {
        rootCertificate = Optional.of(Path.of(value));
      } else {
        require(parameter.isEmpty(), "has a parameter other than sslmode and sslrootcert");
      }
    }
    require(
        rootCertificate.isEmpty() || mode == Mode.VERIFY_FULL,
        "has an sslrootcert, which only sslmode=verify-full looks at");
    return new TransportSecurity(mode, rootCertificate);
  }

  private static String decode(String part, String encoded) {
    if (encoded.indexOf('%') < 0) {
      return encoded;
    }
    byte[] in = encoded.getBytes(StandardCharsets.UTF_8);
    ByteArrayOutputStream out = new ByteArrayOutputStream(in.length);
    for (int i = 0; i < in.length; i++) {
      if (in[i] == '%') {
        int high = i + 2 < in.length ? Character.digit(in[i + 1], 16) : -1;
        int low = i + 2 < in.length ? Character.digit(in[i + 2], 16) : -1;
        require(high >= 0 && low >= 0, "has a % without two hex digits in the " + part);
        out.write(high * 16 + low);
        i += 2;
      } else {
        out.write(in[i]);
      }
    }
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(out.toByteArray()))
          .toString();
    } catch (CharacterCodingException e) {
      throw invalid("doesn't decode to UTF-8 in the " + part);
    }
  }

  private static void require(boolean holds, String fault) {
    if (!holds) {
      throw invalid(fault);
    }
  }

  private static IllegalArgumentException invalid(String fault) {
    return new IllegalArgumentException("The database URL " + fault);
  }
}

package io.parley.http;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.jspecify.annotations.Nullable;

/**
 * The web origins whose pages may use this server with a person's cookie: compared whole, byte for
 * byte, as browsers write them. There are no patterns.
 */
public final class Origins {
  private static final String HEADER = "origin";
  private static final int HTTP_PORT = 80;
  private static final int HTTPS_PORT = 443;

  private final Set<String> allowed;

  private Origins(Set<String> allowed) {
    this.allowed = Set.copyOf(allowed);
  }

  /**
   * The listed ones.
   *
   * @throws IllegalArgumentException naming the one that is no origin of http or https
   */
  public static Origins of(List<String> origins) {
    Set<String> checked = new LinkedHashSet<>();
    for (String origin : origins) {
      checked.add(checked(origin));
    }
    return new Origins(checked);
  }

  /** What the server is reached under when nothing else is said. */
  public static Origins ofBind(String host, int port, boolean secure) {
    String scheme = secure ? "https" : "http";
    boolean usual = port == (secure ? HTTPS_PORT : HTTP_PORT);
    String end = usual ? "" : ":" + port;
    String written = host.contains(":") ? "[" + host + "]" : host;
    return new Origins(
        new LinkedHashSet<>(
            Stream.of("localhost", "127.0.0.1", written)
                .map(name -> scheme + "://" + name + end)
                .toList()));
  }

  /** Whether the page that sent it is trusted. Anything but one exact origin is not. */
  public boolean allow(String origin) {
    return allowed.contains(origin);
  }

  /** The same for an upgrade that comes with a cookie: without an origin it is not trusted. */
  public boolean allow(HttpRequest request) {
    List<String> origins = named(request);
    return origins.size() == 1 && allow(origins.get(0));
  }

  /** What the request says of where it comes from; Pekko has put the host in lower case. */
  static List<String> named(HttpRequest request) {
    return Headers.values(request, HEADER);
  }

  private static String checked(String origin) {
    try {
      URI uri = new URI(origin);
      String scheme = uri.getScheme();
      boolean web = "http".equals(scheme) || "https".equals(scheme);
      String port = uri.getPort() < 0 ? "" : ":" + uri.getPort();
      boolean usual =
          ("http".equals(scheme) && uri.getPort() == HTTP_PORT)
              || ("https".equals(scheme) && uri.getPort() == HTTPS_PORT);
      if (web && !usual && origin.equals(scheme + "://" + lower(uri.getHost()) + port)) {
        return origin;
      }
    } catch (URISyntaxException notEven) {
      // Told below, with the form that is wanted.
    }
    throw new IllegalArgumentException(
        "\"" + origin + "\" is not an origin; write it like https://chat.example.org");
  }

  private static String lower(@Nullable String host) {
    return host == null ? "" : host.toLowerCase(Locale.ROOT);
  }

  @Override
  public String toString() {
    return allowed.toString();
  }
}

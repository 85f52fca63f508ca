package io.parley;

import io.parley.http.Door;
import io.parley.http.HttpSettings;
import io.parley.http.Origins;
import io.parley.http.TrustedProxies;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** The settings of the doors, as {@link Settings} has them. */
final class Http {
  /** As long as a sign-in may live. */
  private static final Duration COOKIE_LIFE = Duration.ofDays(180);

  private Http() {}

  static HttpSettings settings(Settings settings) {
    Path built = settings.source().home().resolve("client-web").resolve("dist");
    return new HttpSettings(
        new HttpSettings.Bind(settings.listen().bind(), settings.listen().port()),
        new HttpSettings.Bind(settings.management().bind(), settings.management().port()),
        settings.secure(),
        Origins.of(settings.origins()),
        TrustedProxies.of(settings.edge().trustedProxies()),
        new HttpSettings.Web(Optional.of(built), settings.storage().keptAssets(), COOKIE_LIFE));
  }

  /** Where a person goes with a browser. */
  static String url(Door door, boolean isTls) {
    InetSocketAddress address = door.localAddress();
    String host = address.getAddress().isAnyLocalAddress() ? "localhost" : address.getHostString();
    return (isTls ? "https://" : "http://")
        + (host.contains(":") ? "[" + host + "]" : host)
        + ":"
        + address.getPort();
  }
}

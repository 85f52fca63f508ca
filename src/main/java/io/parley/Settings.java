package io.parley;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.parley.cluster.Agreement;
import io.parley.cluster.ClusterSettings;
import io.parley.cluster.OwnAddress;
import io.parley.database.DatabaseAddress;
import io.parley.http.TrustedProxies;
import io.parley.model.Limits;
import io.parley.search.SearchSettings;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What an operator may set: typed, checked, read once at the start.
 *
 * @param listen where clients connect
 * @param management where health and metrics are
 * @param cluster how this node meets the others
 * @param tls which certificates this node shows
 * @param edge what stands between the clients and this node
 * @param origins web origins that may use a cookie over the socket, in a browser's own spelling
 * @param storage where the data is
 * @param signUp whether strangers may make themselves an account
 * @param search what searches may cost
 * @param limits what a client may send; says whether rates are enforced
 * @param source where they came from
 */
public record Settings(
    Endpoint listen,
    Endpoint management,
    ClusterSettings cluster,
    TlsSettings tls,
    Edge edge,
    List<String> origins,
    Storage storage,
    boolean signUp,
    SearchSettings search,
    Limits limits,
    Source source) {

  private static final String URL = "parley.database.url";
  private static final String PASSWORD = "parley.database.password";
  private static final int MIB = 1_048_576;

  /** For the beat alone. */
  static final int CLUSTER_CONNECTIONS = 1;

  /**
   * An address and a port.
   *
   * @param port 0 takes a free one
   */
  public record Endpoint(String bind, int port) {}

  /**
   * What stands between the clients and this node.
   *
   * @param secure whether browsers come over TLS, by a proxy that ends it
   * @param trustedProxies addresses and networks that may tell where a client comes from
   * @param socketsPerAddress sockets that one address may hold at this node
   */
  public record Edge(boolean secure, List<String> trustedProxies, int socketsPerAddress) {}

  /**
   * Where the data is.
   *
   * @param folder absolute
   * @param keptAssets where nodes share the web client's files, if they do; absolute
   * @param embeddedPort the embedded PostgreSQL's; 0 takes a free one
   * @param external an own PostgreSQL instead of the embedded one
   * @param connections what the pools of one node open
   */
  public record Storage(
      Path folder,
      Optional<Path> keptAssets,
      int embeddedPort,
      Optional<DatabaseAddress> external,
      int connections) {}

  /**
   * Where the settings came from.
   *
   * @param home the project's folder, below which the rest is found
   * @param config all of it, with Pekko's part: for the actor system alone
   * @param warnings what was passed over, a sentence each
   */
  public record Source(Path home, Config config, List<String> warnings) {

    /** The database's password is in there. */
    @Override
    public String toString() {
      return "Source[" + warnings + "]";
    }
  }

  /**
   * Reads {@code conf/application.conf} below the home folder, and the environment over it.
   *
   * @throws SettingsException naming every fault at once
   */
  public static Settings load(Path home, Map<String, String> environment) {
    SettingsSource.Loaded loaded =
        SettingsSource.load(home.resolve("conf").resolve("application.conf"), environment);
    Config config = loaded.config();
    SettingsReader reader = new SettingsReader(config);
    loaded.faults().forEach(reader::fault);
    Endpoint listen = endpoint(reader, "parley");
    Endpoint management = endpoint(reader, "parley.management");
    if (listen.port() != 0 && listen.port() == management.port()) {
      reader.fault(
          "parley.port and parley.management.port are both "
              + listen.port()
              + "; clients and management need a port each.");
    }
    TlsSettings tls = TlsSettings.read(reader, home);
    List<String> origins =
        reader
            .texts(
                "parley.origins",
                "exact origins such as https://chat.example.org, separated by commas",
                Settings::isOrigin)
            .stream()
            .map(Settings::asBrowsersWrite)
            .toList();
    SearchSettings search = search(reader);
    Storage storage = storage(reader, home, search.connections());
    Settings settings =
        new Settings(
            listen,
            management,
            cluster(reader, storage.external()),
            tls,
            edge(reader),
            origins.isEmpty() ? own(listen.port(), tls.clients().isPresent()) : origins,
            storage,
            reader.onOff("parley.sign-up"),
            search,
            limits(reader),
            new Source(home, config, loaded.warnings()));
    LateSettings.check(reader, config);
    log(reader, environment);
    reader.throwFaults();
    return settings;
  }

  /** Whether browsers come over TLS, which this node ends or a proxy in front. */
  boolean secure() {
    return tls.clients().isPresent() || edge.secure();
  }

  /** The external database's URL, with the password in it; a secret. */
  Optional<String> databaseUrl() {
    return storage.external().map(DatabaseAddress::url);
  }

  /** The actor system's, with the database that was started for it. */
  public Config system(String databaseUrl) {
    int port = cluster.port() == 0 ? Ports.unused(cluster.bind()) : cluster.port();
    return ConfigFactory.parseMap(
            Map.of(
                "parley.database.url",
                databaseUrl,
                "pekko.remote.artery.canonical.hostname",
                cluster.host(),
                "pekko.remote.artery.canonical.port",
                port,
                "pekko.remote.artery.bind.hostname",
                cluster.bind(),
                "pekko.remote.artery.transport",
                tls.nodes().isPresent() ? "tls-tcp" : "tcp",
                "pekko.cluster.app-version",
                Build.version()))
        .withFallback(source.config());
  }

  /** What all nodes of a cluster must be set to alike. */
  Agreement agreement() {
    return new Agreement(
        Stream.of("pekko.cluster.sharding.number-of-shards", "parley.feed.workers")
            .collect(Collectors.toMap(key -> key, key -> source.config().getString(key))));
  }

  private static Endpoint endpoint(SettingsReader reader, String key) {
    return new Endpoint(
        reader.text(key + ".bind", "an address of this machine"), reader.port(key + ".port"));
  }

  private static ClusterSettings cluster(
      SettingsReader reader, Optional<DatabaseAddress> database) {
    String at = "parley.cluster.";
    String host = reader.text(at + "host", "a name or an address of this node, or auto");
    if (host.equals(OwnAddress.AUTO)) {
      host =
          database
              .map(DatabaseAddress::host)
              .flatMap(OwnAddress::towards)
              .or(OwnAddress::find)
              .orElse("");
      if (host.isEmpty()) {
        reader.fault(
            "parley.cluster.host is auto, and this machine has no address but its loopback's: give"
                + " the name or address that other nodes reach this one by"
                + " (PARLEY_CLUSTER_HOST).");
      }
    }
    return new ClusterSettings(
        host,
        reader.textOr(at + "bind", host),
        reader.port(at + "port"),
        reader.texts(
            at + "seed-nodes",
            "host:port of nodes, separated by commas",
            text -> text.matches("[^:\\s]+:[1-9][0-9]{0,4}")),
        reader.atMost(at + "patience", Duration.ofHours(1)));
  }

  private static Edge edge(SettingsReader reader) {
    return new Edge(
        reader.onOff("parley.edge.tls"),
        reader.texts(
            "parley.edge.trusted-proxies",
            "addresses or networks such as 10.0.0.0/8, separated by commas",
            Settings::isNetwork),
        reader.count("parley.edge.sockets-per-address", 1, 1_000_000));
  }

  private static boolean isNetwork(String text) {
    try {
      TrustedProxies.of(List.of(text));
      return true;
    } catch (IllegalArgumentException neither) {
      return false;
    }
  }

  /** As browsers write them: without the port that the scheme has anyway. */
  private static List<String> own(int port, boolean isTls) {
    String scheme = isTls ? "https://" : "http://";
    String end = port == (isTls ? 443 : 80) ? "" : ":" + port;
    return Stream.of("localhost", "127.0.0.1", "[::1]").map(host -> scheme + host + end).toList();
  }

  private static Storage storage(SettingsReader reader, Path home, int searchConnections) {
    Optional<DatabaseAddress> external =
        reader.secret(
            URL,
            Optional.empty(),
            url -> url.isEmpty() ? Optional.empty() : Optional.of(DatabaseAddress.parse(url)));
    Optional<DatabaseAddress> complete =
        reader.secret(PASSWORD, external, password -> withPassword(external, password));
    int connections =
        reader.count("parley.database.pool-size", 1, 500)
            + reader.count("parley.journal.parallel-batches", 1, 50)
            + CLUSTER_CONNECTIONS
            + searchConnections;
    String keptAssets = reader.textOr("parley.web.kept-assets", "");
    return new Storage(
        absolute(home, reader.text("parley.data-dir", "a folder")),
        keptAssets.isEmpty() ? Optional.empty() : Optional.of(absolute(home, keptAssets)),
        reader.port("parley.embedded.port"),
        complete,
        connections);
  }

  private static Path absolute(Path home, String folder) {
    return home.resolve(folder).toAbsolutePath().normalize();
  }

  private static Optional<DatabaseAddress> withPassword(
      Optional<DatabaseAddress> external, String password) {
    if (password.isEmpty()) {
      return external;
    }
    if (external.isEmpty()) {
      throw new IllegalArgumentException(
          "it is for a PostgreSQL of your own: give the rest of its address in " + URL + ".");
    }
    if (!external.get().password().isEmpty()) {
      throw new IllegalArgumentException(URL + " has a password already; leave one of them out.");
    }
    return Optional.of(external.get().withPassword(password));
  }

  private static SearchSettings search(SettingsReader reader) {
    String at = "parley.search.";
    return new SearchSettings(
        reader.count(at + "connections", 1, 100),
        reader.count(at + "under-way", 1, 10_000),
        reader.atMost(at + "time-limit", Duration.ofSeconds(4)),
        reader.count(at + "per-second", 1, 1_000),
        reader.count(at + "burst", 1, 10_000),
        reader.count(at + "page", 1, 50),
        reader.count(at + "query-code-points", 1, 1_000));
  }

  private static Limits limits(SettingsReader reader) {
    String at = "parley.limits.";
    return new Limits(
        new Limits.Frames(
            reader.count(at + "frame-bytes", 4_096, MIB),
            reader.atMost(at + "assembly", Duration.ofMinutes(1)),
            reader.count(at + "in-flight", 1, 100),
            reader.count(at + "cursors", 100, 1_000),
            reader.count(at + "page", 1, 1_000),
            reader.count(at + "page-bytes", 65_536, 16 * MIB),
            reader.count(at + "inbox", 1, 1_000),
            reader.count(at + "watched", 1, 1_000)),
        new Limits.Text(
            reader.count(at + "text-code-points", 1, 100_000),
            reader.count(at + "text-bytes", 4, 262_144),
            reader.count(at + "reactions-per-message", 1, 100)),
        new Limits.Reads(
            reader.count(at + "pages-under-way", 1, 10_000),
            reader.count(at + "pages-per-person", 1, 10_000),
            reader.atMost(at + "reader-patience", Duration.ofMinutes(1))),
        new Limits.Rates(
            reader.count(at + "messages-per-second", 1, 10_000),
            reader.count(at + "burst", 1, 100_000),
            reader.count(at + "sessions-per-user", 1, 10_000),
            reader.count(at + "bad-frames-per-minute", 1, 10_000)),
        reader.onOff("parley.rate-limits"));
  }

  /** Read by logback.xml, which would silently log nothing. */
  private static void log(SettingsReader reader, Map<String, String> environment) {
    String log = environment.getOrDefault("PARLEY_LOG", "text");
    if (!List.of("", "text", "json").contains(log)) {
      reader.fault("PARLEY_LOG is \"" + log + "\"; allowed is text or json.");
    }
  }

  /** Without the port where it is the scheme's own. */
  private static String asBrowsersWrite(String origin) {
    return origin.replaceFirst("^(https://.*):443$|^(http://.*):80$", "$1$2");
  }

  /** Scheme, host and port as a browser writes them: lower case, no path, no wildcard. */
  private static boolean isOrigin(String text) {
    try {
      URI uri = new URI(text);
      return text.equals(text.toLowerCase(Locale.ROOT))
          && ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))
          && uri.getHost() != null
          && uri.getRawUserInfo() == null
          && uri.getRawPath().isEmpty()
          && uri.getRawQuery() == null
          && uri.getRawFragment() == null;
    } catch (URISyntaxException e) {
      return false;
    }
  }
}

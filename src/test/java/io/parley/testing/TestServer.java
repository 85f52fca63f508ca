package io.parley.testing;

import io.parley.ChatServer;
import io.parley.Node;
import io.parley.Settings;
import io.parley.database.DatabaseAddress;
import io.parley.database.DatabaseLife;
import io.parley.demo.Demo;
import java.net.URI;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A whole node in this process, on a database of its own, on free ports. */
public final class TestServer implements AutoCloseable {
  /** The one web page that the ordinary server trusts. */
  public static final String ORIGIN = "https://chat.example.org";

  private final ChatServer.Running running;
  private final String url;
  private final String databaseUrl;
  private final HttpDoor http;

  /** With the limits as they are shipped. */
  private static final class Ordinary {
    private static final TestServer SERVER = start(Map.of("PARLEY_ORIGINS", ORIGIN));
  }

  /** Without rates, for tests that send a lot, and impatient with fragments. */
  private static final class Hurried {
    private static final TestServer SERVER =
        start(Map.of("PARLEY_RATE_LIMITS", "off", "PARLEY_LIMITS_ASSEMBLY", "1s"));
  }

  private TestServer(ChatServer.Running running, String url, String databaseUrl) {
    this.running = running;
    this.url = url;
    this.databaseUrl = databaseUrl;
    this.http = new HttpDoor(url);
  }

  /**
   * One for all tests of this JVM that need nothing special, never closed. Tests share it by making
   * themselves people of their own.
   */
  public static TestServer ordinary() {
    return Ordinary.SERVER;
  }

  /** Likewise, without limits of rates and of sessions; fragments of a frame have a second. */
  public static TestServer hurried() {
    return Hurried.SERVER;
  }

  public static TestServer start() {
    return start(Map.of());
  }

  /** With settings over the defaults, by the names of their environment variables. */
  public static TestServer start(Map<String, String> settings) {
    return start(settings, TestPostgres.freshDatabase());
  }

  /** On a database that there is. */
  public static TestServer start(Map<String, String> settings, String databaseUrl) {
    Map<String, String> environment = new HashMap<>();
    environment.put("PARLEY_PORT", "0");
    environment.put("PARLEY_MANAGEMENT_PORT", "0");
    environment.put("PARLEY_DATABASE_URL", databaseUrl);
    // People come from addresses of their own: sign-up is limited by address.
    environment.put("PARLEY_EDGE_TRUSTED_PROXIES", "127.0.0.1");
    environment.putAll(settings);
    DatabaseLife life = DatabaseLife.read(DatabaseAddress.parse(databaseUrl), ignored -> {});
    Settings all = Settings.load(Path.of("").toAbsolutePath(), environment);
    try {
      ChatServer.Running running = new Node().start(all, databaseUrl, life);
      String url = running.serves().toCompletableFuture().get(60, TimeUnit.SECONDS);
      return new TestServer(running, url, databaseUrl);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  /** Brings the people of the demo, and the bot. */
  public Demo openDemo() {
    return running.openDemo().toCompletableFuture().orTimeout(60, TimeUnit.SECONDS).join();
  }

  public String url() {
    return url;
  }

  public HttpDoor http() {
    return http;
  }

  public int port() {
    return URI.create(url()).getPort();
  }

  public String databaseUrl() {
    return databaseUrl;
  }

  @Override
  public void close() {
    try {
      running.stop().toCompletableFuture().get(60, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}

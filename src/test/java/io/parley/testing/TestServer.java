package io.parley.testing;

import io.parley.ChatServer;
import io.parley.Node;
import io.parley.Settings;
import io.parley.database.DatabaseAddress;
import io.parley.database.DatabaseLife;
import java.net.URI;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A whole node in this process, on a database of its own, on free ports. */
public final class TestServer implements AutoCloseable {
  private final ChatServer.Running running;
  private final String databaseUrl;
  private final HttpDoor http;

  private TestServer(ChatServer.Running running, String databaseUrl) {
    this.running = running;
    this.databaseUrl = databaseUrl;
    this.http = new HttpDoor(running.url());
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
    environment.putAll(settings);
    DatabaseLife life = DatabaseLife.read(DatabaseAddress.parse(databaseUrl), ignored -> {});
    Settings all = Settings.load(Path.of("").toAbsolutePath(), environment);
    try {
      return new TestServer(
          new Node().start(all, databaseUrl, life).toCompletableFuture().get(60, TimeUnit.SECONDS),
          databaseUrl);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  public String url() {
    return running.url();
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

package io.parley.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.typesafe.config.ConfigFactory;
import io.parley.account.AccountSettings;
import io.parley.account.Passwords;
import io.parley.account.Registry;
import io.parley.audit.Incidents;
import io.parley.database.Database;
import io.parley.database.DatabaseAddress;
import io.parley.database.DatabaseSettings;
import io.parley.model.Limits;
import io.parley.search.Search;
import io.parley.search.SearchSettings;
import io.parley.testing.Schemas;
import io.parley.testing.TestClock;
import io.parley.testing.TestPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.http.javadsl.server.Directives;
import org.apache.pekko.http.javadsl.server.Route;
import org.apache.pekko.stream.SystemMaterializer;

/** The public port on a real PostgreSQL, and a client that can send anything to it. */
final class House implements AutoCloseable {
  static final String PASSWORD = "correct horse battery";
  static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration BOUND = Duration.ofSeconds(30);
  private static final int RESET_TRIES = 3;

  final TestClock clock = new TestClock(Instant.parse("2026-03-01T12:00:00Z"));
  final Database database;
  final Registry registry;
  final Incidents incidents = new Incidents(System::nanoTime);
  final Notebook notebook;
  final int port;
  private final Passwords passwords;
  private final ActorSystem<Void> system;
  private final Door door;
  private final HttpClient client;

  /** What differs from test to test. */
  record Plan(
      AccountSettings accounts,
      Passwords passwords,
      boolean secure,
      HttpSettings.Web web,
      Limits limits,
      SearchSettings search) {
    static Plan usual() {
      return new Plan(
          unlimited(),
          Passwords.open(2, 200),
          false,
          web(Optional.empty(), Optional.empty()),
          Limits.DEFAULT,
          SearchSettings.DEFAULT);
    }

    private static HttpSettings.Web web(Optional<Path> files, Optional<Path> keptAssets) {
      return new HttpSettings.Web(files, keptAssets, Duration.ofDays(180));
    }

    private static AccountSettings unlimited() {
      return new AccountSettings(true, false, Duration.ofDays(30), Duration.ofDays(180), 50);
    }

    Plan withAccounts(AccountSettings other) {
      return new Plan(other, passwords, secure, web, limits, search);
    }

    Plan withPasswords(Passwords other) {
      return new Plan(accounts, other, secure, web, limits, search);
    }

    Plan overTls() {
      return new Plan(accounts, passwords, true, web, limits, search);
    }

    Plan withFiles(Path folder) {
      return withWeb(web(Optional.of(folder), Optional.empty()));
    }

    Plan withFiles(Path folder, Path keptAssets) {
      return withWeb(web(Optional.of(folder), Optional.of(keptAssets)));
    }

    private Plan withWeb(HttpSettings.Web other) {
      return new Plan(accounts, passwords, secure, other, limits, search);
    }

    Plan withSearch(SearchSettings other) {
      return new Plan(accounts, passwords, secure, web, limits, other);
    }

    Plan withRates(Limits.Rates rates) {
      Limits slower =
          new Limits(limits.frames(), limits.text(), limits.reads(), rates, limits.rateLimits());
      return new Plan(accounts, passwords, secure, web, slower, search);
    }
  }

  static House open() {
    return new House(Plan.usual());
  }

  static House open(Plan plan) {
    return new House(plan);
  }

  private House(Plan plan) {
    this.database =
        Database.open(
            new DatabaseSettings(
                DatabaseAddress.parse(TestPostgres.freshDatabase()),
                8,
                Duration.ofSeconds(10),
                Duration.ofSeconds(10),
                Duration.ofSeconds(10),
                "http-test"));
    this.passwords = plan.passwords();
    this.registry =
        Registry.open(database, passwords, plan.accounts(), clock, (user, signIn) -> {}, incidents);
    this.notebook = new Notebook(registry);
    this.system =
        ActorSystem.create(
            Behaviors.empty(),
            "house",
            ConfigFactory.parseString("pekko.actor.provider = local")
                .withFallback(ConfigFactory.parseResources("pekko.conf"))
                .withFallback(ConfigFactory.load()));
    HttpSettings.Bind bind = new HttpSettings.Bind("127.0.0.1", freePort());
    HttpSettings settings =
        new HttpSettings(
            bind,
            bind,
            plan.secure(),
            Origins.ofBind(bind.host(), bind.port(), false),
            TrustedProxies.NONE,
            plan.web());
    Search search = new Search(database, plan.search());
    Route routes =
        new Api(
                settings,
                new Api.Served(registry, notebook, search),
                plan.limits(),
                clock,
                new HttpReports(HttpMeters.NONE, incidents))
            .routes(Directives.reject(), SystemMaterializer.get(system).materializer());
    this.door = join(Doors.open(system, bind, routes));
    this.port = door.localAddress().getPort();
    this.client = HttpClient.newBuilder().connectTimeout(BOUND).build();
  }

  String origin() {
    return "http://127.0.0.1:" + port;
  }

  /** A request in the making; headers as they come, the body as JSON unless it says otherwise. */
  final class Ask {
    private final HttpRequest.Builder builder;
    private boolean typed;

    private Ask(String method, String path, byte[] body) {
      this.builder =
          HttpRequest.newBuilder(URI.create(origin() + path))
              .timeout(BOUND)
              .method(method, HttpRequest.BodyPublishers.ofByteArray(body));
      this.typed = body.length == 0;
    }

    Ask with(String name, String value) {
      typed |= name.equals("Content-Type");
      builder.header(name, value);
      return this;
    }

    Ask as(String token) {
      return token.isEmpty() ? this : with("Authorization", "Bearer " + token);
    }

    Reply send() {
      if (!typed) {
        builder.header("Content-Type", "application/json");
      }
      for (int i = 1; ; i++) {
        try {
          return new Reply(client.send(builder.build(), HttpResponse.BodyHandlers.ofString()));
        } catch (IOException broken) {
          // An idle connection that the server closes just now: the client can't know.
          if (i == RESET_TRIES) {
            throw new UncheckedIOException(broken);
          }
        } catch (InterruptedException stopped) {
          throw new IllegalStateException(stopped);
        }
      }
    }
  }

  /** What came back. Every error is held to the shape of problem details. */
  record Reply(int status, String body, HttpResponse<String> whole) {
    Reply(HttpResponse<String> whole) {
      this(whole.statusCode(), whole.body(), whole);
      if (status >= 400 && !whole.request().method().equals("HEAD")) {
        assertThat(header("Content-Type")).isEqualTo("application/problem+json");
        Schemas.assertValidBody("problem", body);
        assertThat(json().path("status").asInt()).isEqualTo(status);
        assertThat(body).doesNotContain("Exception").doesNotContain("io.parley");
      }
    }

    JsonNode json() {
      return read(body);
    }

    String code() {
      return json().path("code").asText();
    }

    String header(String name) {
      return whole.headers().firstValue(name).orElse("");
    }

    Reply is(int expected) {
      assertThat(status).as(body).isEqualTo(expected);
      return this;
    }

    Reply is(int expected, String code) {
      assertThat(code()).as(body).isEqualTo(code);
      return is(expected);
    }
  }

  Ask ask(String method, String path) {
    return new Ask(method, path, new byte[0]);
  }

  Ask ask(String method, String path, String body) {
    return new Ask(method, path, body.getBytes(UTF_8));
  }

  Ask ask(String method, String path, byte[] body) {
    return new Ask(method, path, body);
  }

  Reply signUp(String username) {
    return ask("POST", "/v1/users", credentials(username, PASSWORD)).send();
  }

  /** Signs up and in; answers the token. */
  String person(String username) {
    signUp(username).is(201);
    return token(username);
  }

  String token(String username) {
    Reply reply = ask("POST", "/v1/session", credentials(username, PASSWORD)).send().is(201);
    return reply.json().path("token").asText();
  }

  static String credentials(String username, String password) {
    return JSON.createObjectNode().put("username", username).put("password", password).toString();
  }

  /** Sends bytes as they are, and reads what comes first. */
  String raw(String request) {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(5_000);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      socket.getOutputStream().flush();
      byte[] buffer = new byte[8_192];
      int count = socket.getInputStream().read(buffer);
      assertThat(count).as("bytes of the answer").isPositive();
      return new String(buffer, 0, count, UTF_8);
    } catch (IOException broken) {
      throw new UncheckedIOException(request, broken);
    }
  }

  /** Does it so many times at once, each in a thread of its own. */
  static <T> List<T> together(int times, IntFunction<T> work) {
    ExecutorService threads = Executors.newFixedThreadPool(times);
    try {
      List<CompletableFuture<T>> all =
          IntStream.range(0, times)
              .mapToObj(i -> CompletableFuture.supplyAsync(() -> work.apply(i), threads))
              .toList();
      return all.stream().map(House::join).toList();
    } finally {
      threads.shutdownNow();
    }
  }

  static JsonNode read(String json) {
    try {
      return JSON.readTree(json);
    } catch (IOException malformed) {
      throw new UncheckedIOException(json, malformed);
    }
  }

  static <T> T join(CompletionStage<T> stage) {
    return stage.toCompletableFuture().orTimeout(BOUND.toSeconds(), TimeUnit.SECONDS).join();
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    } catch (IOException none) {
      throw new UncheckedIOException(none);
    }
  }

  @Override
  public void close() {
    join(door.terminate(Duration.ofSeconds(1)));
    system.terminate();
    join(system.getWhenTerminated());
    passwords.close();
    join(database.close().thenApply(closed -> true));
  }
}

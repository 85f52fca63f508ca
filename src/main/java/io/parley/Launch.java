package io.parley;

import io.parley.account.Outboxes;
import io.parley.account.SignInLinks;
import io.parley.cluster.MembershipPorts;
import io.parley.database.DatabaseAddress;
import io.parley.database.DatabaseLife;
import io.parley.database.Migrations;
import io.parley.database.Preflight;
import io.parley.database.Restored;
import io.parley.demo.Demo;
import io.parley.embedded.EmbeddedPostgres;
import io.parley.embedded.EmbeddedPostgresException;
import io.parley.embedded.EmbeddedSettings;
import io.parley.feed.ReadSide;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One node's start and stop, in order: ports looked at, PostgreSQL, its checks, the tables, the
 * server; and back the other way, PostgreSQL last. A stop may come at any moment of the start.
 */
final class Launch {

  private static final Logger log = LoggerFactory.getLogger(Launch.class);

  /** Sockets drain for 8 s, shards are handed off within 20 s; then PostgreSQL must go anyway. */
  private static final Duration SERVER_STOP = Duration.ofSeconds(45);

  private static final Duration START_LETS_GO = Duration.ofSeconds(75);

  /** Beside the pools: migrations, the checks, a person's psql. */
  private static final int CONNECTIONS_BESIDE = 3;

  private final Settings settings;
  private final ChatServer server;
  private final Consumer<String> say;
  private final Thread starter = Thread.currentThread();
  private volatile boolean stopping;
  private volatile boolean startEnded;
  private volatile Optional<EmbeddedPostgres> postgres = Optional.empty();
  private volatile Optional<ChatServer.Running> running = Optional.empty();

  Launch(Settings settings, ChatServer server, Consumer<String> say) {
    this.settings = settings;
    this.server = server;
    this.say = say;
  }

  /** Starts all of it, or throws for an operator to read. */
  void start() throws InterruptedException {
    start(Optional.empty());
  }

  /** The same with the people of the demo; {@code invitation} hears how to be one of them. */
  void startWithDemo(Consumer<String> invitation) throws InterruptedException {
    start(Optional.of(invitation));
  }

  private void start(Optional<Consumer<String>> invitation) throws InterruptedException {
    try {
      startInOrder(invitation);
    } finally {
      startEnded = true;
    }
  }

  private void startInOrder(Optional<Consumer<String>> invitation) throws InterruptedException {
    settings.source().warnings().forEach(log::warn);
    if (!settings.limits().rateLimits()) {
      log.warn("Rate limits are off (PARLEY_RATE_LIMITS): for load tests only");
    }
    Ports.requireFree(settings);
    String databaseUrl = databaseUrl();
    DatabaseAddress database = DatabaseAddress.parse(databaseUrl);
    checkAndMigrate(database);
    DatabaseLife life = DatabaseLife.read(database, say);
    ChatServer.Running serving = server.start(settings, databaseUrl, life);
    running = Optional.of(serving);
    String url = result(serving.serves());
    Optional<Demo> demo =
        invitation.isPresent() ? Optional.of(result(serving.openDemo())) : Optional.empty();
    say.accept("Parley is ready: open " + url + "  (Ctrl-C stops it)");
    demo.ifPresent(open -> invitation.ifPresent(reader -> reader.accept(open.invitation())));
  }

  /** Waits until the server has ended without being told to, and says why. */
  String awaitEnd() throws InterruptedException {
    ChatServer.Running serving =
        running.orElseThrow(() -> new IllegalStateException("Nothing was started"));
    String why = result(serving.ended());
    if (stopping) {
      // An ordinary stop, which another thread goes on with.
      new CountDownLatch(1).await();
    }
    return why;
  }

  private static <T> T result(CompletionStage<T> stage) throws InterruptedException {
    try {
      return stage.toCompletableFuture().get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e);
    }
  }

  /** For a database that was restored: see {@link Restored}. */
  void restored() {
    try {
      beginAnotherLife();
    } finally {
      startEnded = true;
    }
  }

  private void beginAnotherLife() {
    List<String> mending = new ArrayList<>(ReadSide.REBUILD);
    mending.add(Outboxes.AFTER_RESTORE);
    mending.add(SignInLinks.AFTER_RESTORE);
    mending.addAll(MembershipPorts.AFTER_RESTORE);
    DatabaseLife life = Restored.begin(DatabaseAddress.parse(databaseUrl()), mending, say);
    say.accept("The database begins a new life: epoch " + life.epoch() + ".");
    say.accept("Clients will fetch anew what they hold; the next start rebuilds the inbox.");
  }

  /** Makes the read side what the journal says: beside nodes that run, or on their own database. */
  void rebuild() throws InterruptedException {
    try {
      RebuildCommand command = new RebuildCommand(settings, say);
      command.run(settings.databaseUrl().or(this::urlBesideRunning).orElseGet(this::databaseUrl));
    } finally {
      startEnded = true;
    }
  }

  private Optional<String> urlBesideRunning() {
    Settings.Storage storage = settings.storage();
    Optional<String> url = EmbeddedPostgres.urlOfRunning(EmbeddedSettings.in(storage.folder()));
    url.ifPresent(
        found -> say.accept("A Parley runs on " + storage.folder() + ": working beside it"));
    return url;
  }

  private String databaseUrl() {
    Optional<String> external = settings.databaseUrl();
    if (external.isPresent()) {
      return external.get();
    }
    Settings.Storage storage = settings.storage();
    long startedNanos = System.nanoTime();
    EmbeddedPostgres embedded =
        EmbeddedPostgres.start(
            EmbeddedSettings.in(storage.folder()).withPort(storage.embeddedPort()), say::accept);
    postgres = Optional.of(embedded);
    double seconds = (System.nanoTime() - startedNanos) / 1e9;
    say.accept(
        "PostgreSQL %s is ready after %.1f s (data in %s)"
            .formatted(embedded.version(), seconds, storage.folder()));
    return embedded.url();
  }

  private void checkAndMigrate(DatabaseAddress database) {
    Preflight.check(database, settings.storage().connections() + CONNECTIONS_BESIDE, say)
        .forEach(log::warn);
    if (settings.storage().external().isPresent()) {
      say.accept("The database " + database + " will do");
    }
    Migrations.Outcome outcome = Migrations.apply(database);
    if (outcome.applied() > 0) {
      say.accept("Tables are made, at version " + outcome.version());
    }
  }

  boolean isStopping() {
    return stopping;
  }

  /** Bounded; whatever doesn't end in time is left to the next start, which recovers. */
  void stop() {
    stopping = true;
    if (!startEnded) {
      letGoOfStart();
    }
    running.ifPresent(this::stopServer);
    postgres.ifPresent(this::stopPostgres);
  }

  private void letGoOfStart() {
    starter.interrupt();
    try {
      starter.join(START_LETS_GO.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void stopServer(ChatServer.Running serving) {
    say.accept("Stopping: parting with everyone");
    try {
      serving.stop().toCompletableFuture().get(SERVER_STOP.toSeconds(), TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      log.warn("The server didn't end within {} s", SERVER_STOP.toSeconds());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException e) {
      log.warn("The server didn't end well", e);
    }
  }

  private void stopPostgres(EmbeddedPostgres embedded) {
    say.accept("Stopping PostgreSQL");
    try {
      embedded.stop(say::accept);
      say.accept("Everything is stopped, everything is kept");
    } catch (EmbeddedPostgresException e) {
      log.error(e.getMessage());
    }
  }
}

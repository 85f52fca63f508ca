package io.parley.database;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.pekko.Done;
import org.apache.pekko.actor.AbstractExtensionId;
import org.apache.pekko.actor.ClassicActorSystemProvider;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.actor.Extension;

/**
 * One {@link Database} per actor system and path of the configuration, closed with the system, when
 * everything that writes has stopped.
 */
public final class Databases implements Extension {

  private static final Id ID = new Id();

  private final ExtendedActorSystem system;
  private final Map<String, Database> open = new ConcurrentHashMap<>();

  private Databases(ExtendedActorSystem system) {
    this.system = system;
    CoordinatedShutdown.get(system)
        .addTask(
            CoordinatedShutdown.PhaseBeforeActorSystemTerminate(),
            "close-databases",
            () -> closeAll().thenApply(closed -> Done.getInstance()));
  }

  public static Databases get(ClassicActorSystemProvider system) {
    return ID.get(system);
  }

  /** The pool that everyone shares, from the settings at {@code path}. */
  public Database at(String path) {
    return open.computeIfAbsent(path, key -> Database.open(settings(key)));
  }

  /** A pool of its own for {@code purpose}, to the same database. */
  public Database reserved(String path, String purpose, int connections) {
    return open.computeIfAbsent(
        path + " " + purpose,
        key -> Database.open(settings(path).reservedFor(purpose, connections)));
  }

  /** The pool that everyone shares, if anyone has asked for it. */
  public Optional<Database> opened(String path) {
    return Optional.ofNullable(open.get(path));
  }

  /** The pool reserved for {@code purpose}, if anyone has asked for it. */
  public Optional<Database> opened(String path, String purpose) {
    return opened(path + " " + purpose);
  }

  /** The same, for statements that are ended sooner than others. */
  public Database reserved(String path, String purpose, int connections, Duration timeout) {
    return open.computeIfAbsent(
        path + " " + purpose,
        key ->
            Database.open(
                settings(path).reservedFor(purpose, connections).withStatementTimeout(timeout)));
  }

  private DatabaseSettings settings(String path) {
    return DatabaseSettings.from(system.settings().config().getConfig(path));
  }

  private CompletableFuture<Void> closeAll() {
    return CompletableFuture.allOf(
        open.values().stream()
            .map(database -> database.close().toCompletableFuture())
            .toArray(CompletableFuture[]::new));
  }

  private static final class Id extends AbstractExtensionId<Databases> {
    @Override
    public Databases createExtension(ExtendedActorSystem system) {
      return new Databases(system);
    }
  }
}

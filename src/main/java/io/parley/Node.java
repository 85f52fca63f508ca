package io.parley;

import io.parley.account.PasswordlessPeople;
import io.parley.database.DatabaseLife;
import io.parley.demo.Demo;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.typed.ActorSystem;

/** One node: an actor system with the {@link Guardian} at its top. */
public final class Node implements ChatServer {

  @Override
  public CompletionStage<Running> start(Settings settings, String databaseUrl, DatabaseLife life) {
    CompletableFuture<Guardian.Served> served = new CompletableFuture<>();
    ActorSystem<Guardian.Command> system =
        ActorSystem.create(
            Guardian.create(settings, life, served), "parley", settings.system(databaseUrl));
    system
        .getWhenTerminated()
        .thenAccept(
            done ->
                served.completeExceptionally(
                    new IllegalStateException("The server ended before it served")));
    return served.handle(
        (result, failure) -> {
          if (failure == null) {
            return new Started(result, system);
          }
          system.terminate();
          throw new IllegalStateException(failure.getMessage(), failure);
        });
  }

  private record Started(Guardian.Served served, ActorSystem<Guardian.Command> system)
      implements Running {
    @Override
    public String url() {
      return served.url();
    }

    @Override
    public CompletionStage<Demo> openDemo() {
      Services services = served.services();
      return Demo.open(
              new Demo.Server(
                  system,
                  served.url(),
                  new PasswordlessPeople(services.database(), services.ports().clock()),
                  services.registry(),
                  services.ports().operations()))
          .thenApply(this::stoppedFirst);
    }

    /** While there is still a door for its bot to sign out by. */
    private Demo stoppedFirst(Demo demo) {
      CoordinatedShutdown.get(system)
          .addTask(
              CoordinatedShutdown.PhaseBeforeServiceUnbind(), "stop-the-demo", () -> demo.stop());
      return demo;
    }

    @Override
    public CompletionStage<Void> stop() {
      return CoordinatedShutdown.get(system)
          .runAll(CoordinatedShutdown.jvmExitReason())
          .thenAccept(done -> {});
    }
  }
}

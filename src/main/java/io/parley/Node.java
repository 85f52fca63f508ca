package io.parley;

import io.parley.account.PasswordlessPeople;
import io.parley.cluster.Parting;
import io.parley.database.DatabaseLife;
import io.parley.demo.Demo;
import io.parley.tls.CertificateWatch;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.BootstrapSetup;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.setup.ActorSystemSetup;
import org.apache.pekko.actor.typed.ActorSystem;

/** One node: an actor system with the {@link Guardian} at its top. */
public final class Node implements ChatServer {

  private final Clock clock;

  public Node() {
    this(Clock.systemUTC());
  }

  /** A node that takes its time of day from {@code clock}. */
  public Node(Clock clock) {
    this.clock = clock;
  }

  @Override
  public Running start(Settings settings, String databaseUrl, DatabaseLife life) {
    CompletableFuture<Guardian.Served> served = new CompletableFuture<>();
    Certificates certificates = Certificates.open(settings.tls(), clock);
    ActorSystem<Guardian.Command> system =
        ActorSystem.create(
            Guardian.create(new Guardian.Setting(settings, life, clock, certificates), served),
            "parley",
            certificates.with(
                ActorSystemSetup.create(BootstrapSetup.create(settings.system(databaseUrl)))));
    certificates.watch(system, settings.tls().lookEvery());
    system
        .getWhenTerminated()
        .thenAccept(done -> served.completeExceptionally(new IllegalStateException(why(system))));
    return new Started(served, system, certificates);
  }

  /** Why an actor system has ended that nobody stopped. */
  private static String why(ActorSystem<?> system) {
    Optional<CoordinatedShutdown.Reason> reason =
        CoordinatedShutdown.get(system).getShutdownReason();
    if (reason.isEmpty()) {
      return "The server ended by a fault of its own; the log above tells.";
    }
    if (reason.get() instanceof Parting parting) {
      return parting.why();
    }
    if (reason.get() == CoordinatedShutdown.clusterDowningReason()) {
      return "The cluster goes on without this node, which was out of its reach, or on the smaller"
          + " side of a network that fell apart. Its process ends; started again, it joins anew.";
    }
    return "The server has ended: " + reason.get();
  }

  private record Started(
      CompletableFuture<Guardian.Served> served,
      ActorSystem<Guardian.Command> system,
      Certificates certificates)
      implements Running {
    @Override
    public CompletionStage<String> serves() {
      return served.thenApply(Guardian.Served::url);
    }

    @Override
    public CompletionStage<Demo> openDemo() {
      return served.thenCompose(this::openDemo);
    }

    private CompletionStage<Demo> openDemo(Guardian.Served door) {
      Services services = door.services();
      return Demo.open(
              new Demo.Server(
                  system,
                  door.url(),
                  certificates.clients().map(CertificateWatch::toItself),
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
    public CompletionStage<String> ended() {
      return system.getWhenTerminated().thenApply(done -> why(system));
    }

    @Override
    public CompletionStage<Void> stop() {
      return CoordinatedShutdown.get(system)
          .runAll(CoordinatedShutdown.jvmExitReason())
          .thenAccept(done -> {});
    }
  }
}

package io.parley;

import static org.apache.pekko.http.javadsl.server.Directives.concat;

import io.parley.cluster.Membership;
import io.parley.cluster.MembershipPorts;
import io.parley.cluster.Transport;
import io.parley.database.DatabaseLife;
import io.parley.database.Databases;
import io.parley.http.Api;
import io.parley.http.Chat;
import io.parley.http.Door;
import io.parley.http.Doors;
import io.parley.http.Figures;
import io.parley.http.Health;
import io.parley.http.HttpReports;
import io.parley.http.HttpSettings;
import io.parley.http.SocketRoute;
import io.parley.search.Search;
import io.parley.search.SearchSettings;
import io.parley.session.Sessions;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.SelfUp;
import org.apache.pekko.cluster.typed.Subscribe;
import org.apache.pekko.http.javadsl.server.Route;
import org.apache.pekko.stream.Materializer;

/**
 * The top of the node's actors, and its composition root. It joins the cluster, and once this node
 * is a member it starts what serves and opens the doors; in coordinated shutdown it closes them,
 * parts with the sessions, and lets the rest go.
 */
final class Guardian extends AbstractBehavior<Guardian.Command> {

  /** What it hears. */
  sealed interface Command {}

  private record Up(SelfUp member) implements Command {}

  /** What a node is started with. */
  record Setting(Settings settings, DatabaseLife life, Clock clock, Certificates certificates) {}

  /** The server answers. */
  record Served(String url, Services services) {}

  /** All sessions are parted with over 8 s; the slowest goodbye takes a tick more. */
  private static final Duration PART_WITHIN = Duration.ofSeconds(18);

  /** What requests that are still under way then get. With the last answers' second: 4 s of 5. */
  private static final Duration ANSWER_WITHIN = Duration.ofSeconds(3);

  /** Completes {@code served} when clients can come. */
  static Behavior<Command> create(Setting setting, CompletableFuture<Served> served) {
    return Behaviors.setup(context -> new Guardian(setting, served, context));
  }

  private final Setting setting;
  private final Settings settings;
  private final CompletableFuture<Served> served;
  private volatile boolean draining;

  private Guardian(
      Setting setting, CompletableFuture<Served> served, ActorContext<Command> context) {
    super(context);
    this.setting = setting;
    this.settings = setting.settings();
    this.served = served;
    ActorSystem<?> system = context.getSystem();
    Cluster.get(system)
        .subscriptions()
        .tell(Subscribe.create(context.messageAdapter(SelfUp.class, Up::new), SelfUp.class));
    context.spawn(
        Membership.create(
            new MembershipPorts(
                Databases.get(system)
                    .reserved("parley.database", "cluster", Settings.CLUSTER_CONNECTIONS),
                settings.cluster(),
                settings.agreement(),
                this::transport,
                settings.storage().external().isEmpty(),
                served::completeExceptionally)),
        "membership");
  }

  @Override
  public Receive<Command> createReceive() {
    return newReceiveBuilder().onMessage(Up.class, this::onUp).build();
  }

  private Behavior<Command> onUp(Up up) {
    ActorSystem<?> system = getContext().getSystem();
    Services services = Services.start(system, settings, setting.life(), setting.clock());
    ActorRef<Sessions.Command> sessions =
        getContext()
            .spawn(
                Sessions.create(services.ports(), settings.edge().socketsPerAddress()), "sessions");
    openDoors(system, services, sessions)
        .whenComplete(
            (url, failure) -> {
              if (failure == null) {
                served.complete(new Served(url, services));
              } else {
                served.completeExceptionally(failure);
              }
            });
    return this;
  }

  private CompletionStage<String> openDoors(
      ActorSystem<?> system, Services services, ActorRef<Sessions.Command> sessions) {
    HttpSettings http = Http.settings(settings);
    HttpReports reports =
        new HttpReports(services.meters().http(), services.ports().reports().incidents());
    SocketRoute socket =
        new SocketRoute(system, sessions, http, settings.limits(), reports.incidents());
    Api api =
        new Api(
            http,
            new Api.Served(services.registry(), Chat.of(services.ports()), search(system)),
            settings.limits(),
            services.ports().clock(),
            reports);
    CompletionStage<Door> management =
        Doors.open(
            system,
            http.management(),
            concat(
                Health.routes(() -> services.isReady(Cluster.get(system), draining)),
                Figures.routes(services.meters()::scrape)));
    return management.thenCompose(
        health ->
            clientDoor(
                    system,
                    http.api(),
                    api.routes(socket.route(), Materializer.createMaterializer(system)))
                .thenApply(
                    clients -> {
                      closeInOrder(system, services, clients, health, sessions);
                      return Http.url(clients, settings.tls().clients().isPresent());
                    }));
  }

  private CompletionStage<Door> clientDoor(
      ActorSystem<?> system, HttpSettings.Bind bind, Route routes) {
    return setting
        .certificates()
        .clients()
        .map(watch -> Doors.open(system, bind, routes, watch::engineForClients))
        .orElseGet(() -> Doors.open(system, bind, routes));
  }

  /** How this node speaks with others, by the certificate that it has now. */
  private Transport transport() {
    return setting
        .certificates()
        .nodes()
        .map(watch -> Transport.of(watch.identity()))
        .orElse(Transport.PLAIN);
  }

  private Search search(ActorSystem<?> system) {
    SearchSettings search = settings.search();
    return new Search(
        Databases.get(system)
            .reserved("parley.database", "search", search.connections(), search.timeLimit()),
        search);
  }

  /** First nobody new, then everybody out, and only then the actors. */
  private void closeInOrder(
      ActorSystem<?> system,
      Services services,
      Door clients,
      Door health,
      ActorRef<Sessions.Command> sessions) {
    CoordinatedShutdown shutdown = CoordinatedShutdown.get(system);
    shutdown.addTask(
        CoordinatedShutdown.PhaseServiceUnbind(),
        "close-the-door",
        () -> {
          draining = true;
          return clients.unbind();
        });
    shutdown.addTask(
        CoordinatedShutdown.PhaseServiceRequestsDone(),
        "part-with-sessions",
        () ->
            AskPattern.ask(
                sessions,
                (ActorRef<Done> replyTo) -> new Sessions.DrainAll(replyTo),
                PART_WITHIN,
                system.scheduler()));
    shutdown.addTask(
        CoordinatedShutdown.PhaseServiceStop(),
        "end-connections",
        () ->
            clients
                .terminate(ANSWER_WITHIN)
                .thenCombine(health.terminate(ANSWER_WITHIN), (ended, too) -> ended)
                .thenApply(
                    ended -> {
                      services.meters().close();
                      return ended;
                    }));
  }
}

package io.parley;

import io.parley.account.AccountSettings;
import io.parley.account.Passwords;
import io.parley.account.Registry;
import io.parley.audit.Incidents;
import io.parley.conversation.Conversation;
import io.parley.database.Database;
import io.parley.database.DatabaseLife;
import io.parley.database.Databases;
import io.parley.feed.Feed;
import io.parley.feed.FeedActivity;
import io.parley.feed.FeedPorts;
import io.parley.feed.FeedSettings;
import io.parley.journal.JournalActivity;
import io.parley.metrics.Meters;
import io.parley.protocol.FrameCodec;
import io.parley.session.ClusterShards;
import io.parley.session.Directory;
import io.parley.session.Log;
import io.parley.session.Operations;
import io.parley.session.Reports;
import io.parley.session.SessionPorts;
import io.parley.session.Shards;
import io.parley.user.User;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.cluster.typed.Cluster;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What serves behind the doors, wired. */
record Services(Database database, Registry registry, SessionPorts ports, Meters meters) {
  /** A hash takes a core for tens of milliseconds: one at a time leaves the chat the other. */
  private static final int PASSWORD_THREADS = 1;

  private static final int PASSWORD_QUEUE = 64;

  private static final Duration SWEEP_EVERY = Duration.ofMinutes(1);

  private static final Duration TELL_EVERY = Duration.ofSeconds(5);

  /** What a job of ours commits at once. */
  private static final int SWEEP_ROWS = 500;

  private static final Logger log = LoggerFactory.getLogger(Services.class);

  static Services start(ActorSystem<?> system, Settings settings, DatabaseLife life, Clock clock) {
    Database database = Databases.get(system).at("parley.database");
    Shards shards = new ClusterShards(system);
    Incidents incidents = incidents(system);
    Passwords passwords = passwords(system);
    Registry registry =
        Registry.open(
            database,
            passwords,
            new AccountSettings(
                settings.signUp(),
                settings.limits().rateLimits(),
                AccountSettings.DEFAULT.idleExpiry(),
                AccountSettings.DEFAULT.absoluteExpiry(),
                AccountSettings.DEFAULT.signInsPerUser()),
            clock,
            new RevokedSignIns(system),
            incidents);
    startEntities(system, settings, registry, shards, clock);
    FeedActivity feed = new FeedActivity();
    startFeed(system, database, feed);
    sweepAccounts(system, registry);
    Meters meters =
        new Meters(new Meters.Sources(system, feed, passwords, incidents, Build.version()));
    Log log = new JournalLog(database);
    Directory directory = new AccountDirectory(registry);
    SessionPorts ports =
        new SessionPorts(
            directory,
            log,
            new ReadSideInboxes(database),
            shards,
            new Operations(shards, log, directory, settings.limits(), System::nanoTime),
            new FrameCodec(settings.limits()),
            life.epoch(),
            clock,
            System::nanoTime,
            new Reports(meters.sessions(), incidents));
    return new Services(database, registry, ports, meters);
  }

  /** Its threads end with the system: until then a request may be under way that needs one. */
  private static Passwords passwords(ActorSystem<?> system) {
    Passwords passwords = Passwords.open(PASSWORD_THREADS, PASSWORD_QUEUE);
    system.getWhenTerminated().thenRun(passwords::close);
    return passwords;
  }

  private static void startEntities(
      ActorSystem<?> system, Settings settings, Registry registry, Shards shards, Clock clock) {
    ClusterSharding sharding = ClusterSharding.get(system);
    User.init(
        sharding,
        new StoredLastSeen(registry.accounts()),
        clock,
        settings.limits().rateLimits()
            ? settings.limits().rates().sessionsPerUser()
            : Integer.MAX_VALUE);
    Conversation.init(
        sharding,
        (conversation, to, events) -> {
          shards.tell(to.first(), new User.Deliver(conversation, to, events));
          shards.tell(to.second(), new User.Deliver(conversation, to, events));
        },
        clock);
  }

  private static void startFeed(ActorSystem<?> system, Database database, FeedActivity activity) {
    Feed.init(
        system,
        new FeedPorts(
            database,
            new FeedNotices(system),
            JournalActivity.get(system)::onCommit,
            FeedSettings.from(system.settings().config().getConfig("parley.feed")),
            activity));
  }

  /** Told of by a line a minute, and the last of them before the node ends. */
  private static Incidents incidents(ActorSystem<?> system) {
    Incidents incidents = new Incidents(System::nanoTime);
    system
        .scheduler()
        .scheduleWithFixedDelay(
            TELL_EVERY, TELL_EVERY, incidents::sweep, system.executionContext());
    CoordinatedShutdown.get(system)
        .addTask(
            CoordinatedShutdown.PhaseServiceStop(),
            "tell-incidents",
            () -> {
              incidents.flush();
              return CompletableFuture.completedFuture(Done.getInstance());
            });
    return incidents;
  }

  /** Sign-ins that have expired and old failures; every node sweeps, a little at a time. */
  private static void sweepAccounts(ActorSystem<?> system, Registry registry) {
    system
        .scheduler()
        .scheduleWithFixedDelay(
            SWEEP_EVERY,
            SWEEP_EVERY,
            () ->
                registry
                    .sweep()
                    .run(SWEEP_ROWS)
                    .exceptionally(
                        failure -> {
                          log.warn("Expired sign-ins stay a minute more: {}", failure.toString());
                          return 0L;
                        }),
            system.executionContext());
  }

  /**
   * Whether clients should be sent here: the database answers, the node isn't stopping, and the
   * cluster counts it among its members.
   */
  CompletionStage<Boolean> isReady(Cluster cluster, boolean draining) {
    return draining || !cluster.selfMember().status().equals(MemberStatus.up())
        ? CompletableFuture.completedFuture(false)
        : database
            .query("SELECT 1 AS one", statement -> {}, row -> true)
            .thenApply(rows -> !rows.isEmpty());
  }
}

package io.parley.metrics;

import io.netty.util.internal.PlatformDependent;
import io.parley.account.Passwords;
import io.parley.database.Database;
import io.parley.database.Databases;
import java.util.Optional;
import java.util.concurrent.ForkJoinPool;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;
import java.util.stream.StreamSupport;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.dispatch.Dispatcher;

/** What the node stands on: the cluster, pools of connections and of threads. */
final class SystemFigures {
  private SystemFigures() {}

  static void of(ActorSystem<?> system, Passwords passwords, Board board) {
    cluster(Cluster.get(system), board);
    Databases databases = Databases.get(system);
    String path = "parley.database";
    pool("shared", () -> databases.opened(path), board);
    pool("journal", () -> databases.opened(path, "journal"), board);
    pool("cluster", () -> databases.opened(path, "cluster"), board);
    pool("search", () -> databases.opened(path, "search"), board);
    dispatcher("default", DispatcherSelector.defaultDispatcher(), system, board);
    dispatcher(
        "internal",
        DispatcherSelector.fromConfig("pekko.actor.internal-dispatcher"),
        system,
        board);
    dispatcher(
        "journal", DispatcherSelector.fromConfig("parley.journal.dispatcher"), system, board);
    board.gauge(Figure.DISPATCHER_QUEUED, passwords::queued, "dispatcher", "password");
    board.gauge(Figure.DISPATCHER_ACTIVE, passwords::active, "dispatcher", "password");
    board.gauge(Figure.DRIVER_DIRECT, () -> Math.max(0, PlatformDependent.usedDirectMemory()));
  }

  private static void cluster(Cluster cluster, Board board) {
    board.gauge(
        Figure.MEMBERS,
        () ->
            StreamSupport.stream(cluster.state().getMembers().spliterator(), false)
                .filter(member -> member.status().equals(MemberStatus.up()))
                .count());
    board.gauge(Figure.UNREACHABLE, () -> cluster.state().getUnreachable().size());
    board.gauge(
        Figure.MEMBER, () -> cluster.selfMember().status().equals(MemberStatus.up()) ? 1 : 0);
  }

  private static void pool(String name, Supplier<Optional<Database>> database, Board board) {
    pool(Figure.CONNECTIONS, database, Database.Pool::acquired, board, name, "acquired");
    pool(Figure.CONNECTIONS, database, Database.Pool::idle, board, name, "idle");
    pool(Figure.CONNECTIONS_MAX, database, Database.Pool::max, board, name);
    pool(Figure.CONNECTIONS_PENDING, database, Database.Pool::pending, board, name);
  }

  private static void pool(
      Figure figure,
      Supplier<Optional<Database>> database,
      ToIntFunction<Database.Pool> value,
      Board board,
      String... labels) {
    String[] tags =
        labels.length == 1
            ? new String[] {"pool", labels[0]}
            : new String[] {"pool", labels[0], "state", labels[1]};
    // The journal opens its own with the first that writes; until then there is nothing in it.
    board.gauge(
        figure, () -> database.get().map(open -> value.applyAsInt(open.pool())).orElse(0), tags);
  }

  private static void dispatcher(
      String name, DispatcherSelector selector, ActorSystem<?> system, Board board) {
    if (system.dispatchers().lookup(selector) instanceof Dispatcher dispatcher
        && dispatcher.executorService().executor() instanceof ForkJoinPool threads) {
      board.gauge(
          Figure.DISPATCHER_QUEUED,
          () -> threads.getQueuedTaskCount() + threads.getQueuedSubmissionCount(),
          "dispatcher",
          name);
      board.gauge(Figure.DISPATCHER_ACTIVE, threads::getActiveThreadCount, "dispatcher", name);
    }
  }
}

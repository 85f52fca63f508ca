package io.parley.feed;

import java.util.Optional;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.cluster.sharding.typed.ShardedDaemonProcessSettings;
import org.apache.pekko.cluster.sharding.typed.javadsl.ShardedDaemonProcess;

/** The feed as a whole: its workers, spread over the nodes, each at one place at a time. */
public final class Feed {

  private Feed() {}

  /**
   * Starts the workers of this node, and takes part in keeping all of them running. While a worker
   * moves there may be two of it for a moment; only one of them can move an offset.
   */
  public static void init(ActorSystem<?> system, FeedPorts ports) {
    ShardedDaemonProcess.get(system)
        .init(
            FeedWorker.Command.class,
            "feed",
            ports.settings().workers(),
            worker -> FeedWorker.create(worker, ports),
            ShardedDaemonProcessSettings.create(system),
            Optional.of(FeedWorker.STOP));
  }
}

package io.parley.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.sharding.ShardRegion.ClusterShardingStats;
import org.apache.pekko.cluster.sharding.ShardRegion.ShardRegionStats;
import org.apache.pekko.cluster.sharding.typed.GetClusterShardingStats;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.cluster.sharding.typed.javadsl.Entity;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityTypeKey;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Join;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Nodes of one cluster in one process, with our settings but rounds of a second instead of ten. */
class RebalanceTest {
  private static final EntityTypeKey<String> KIND = EntityTypeKey.create(String.class, "Kind");
  private static final String STOP = "stop";
  private static final int SHARDS = 128;
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final List<ActorTestKit> nodes = new ArrayList<>();

  @AfterEach
  void stop() {
    nodes.forEach(ActorTestKit::shutdownTestKit);
  }

  @Test
  void whoJoinsHasItsShareAfterFewRounds() {
    ActorTestKit first = start();
    join(first, first);
    await().atMost(PATIENCE).until(() -> regions(first).size() == 1);
    writeToAll(first);
    await().atMost(PATIENCE).until(() -> sizes(first).equals(List.of(SHARDS)));

    join(start(), first);
    await().atMost(PATIENCE).until(() -> regions(first).size() == 2);
    await()
        .atMost(Duration.ofSeconds(15))
        .untilAsserted(
            () -> {
              // One that has moved is at home with the next message to it.
              writeToAll(first);
              assertThat(sizes(first)).allSatisfy(size -> assertThat(size).isBetween(60, 68));
            });
  }

  private static Behavior<String> untilStopped() {
    return Behaviors.receiveMessage(
        message -> message.equals(STOP) ? Behaviors.stopped() : Behaviors.same());
  }

  private static void writeToAll(ActorTestKit node) {
    ClusterSharding sharding = ClusterSharding.get(node.system());
    for (int i = 0; i < 20 * SHARDS; i++) {
      sharding.entityRefFor(KIND, "entity-" + i).tell("hello");
    }
  }

  private ActorTestKit start() {
    ActorTestKit node =
        ActorTestKit.create(
            "RebalanceTest",
            ConfigFactory.parseString(
                    """
                    pekko.actor.provider = cluster
                    pekko.remote.artery.canonical { hostname = "127.0.0.1", port = 0 }
                    pekko.cluster.jmx.multi-mbeans-in-same-jvm = on
                    pekko.cluster.sharding.rebalance-interval = 1s
                    pekko.coordinated-shutdown.run-by-actor-system-terminate = off
                    """)
                .withFallback(
                    ConfigFactory.parseResources("pekko.conf")
                        .withOnlyPath("pekko.cluster.sharding"))
                .withFallback(ConfigFactory.load()));
    nodes.add(node);
    ClusterSharding.get(node.system())
        .init(Entity.of(KIND, entity -> untilStopped()).withStopMessage(STOP));
    return node;
  }

  private static void join(ActorTestKit node, ActorTestKit first) {
    Cluster cluster = Cluster.get(node.system());
    cluster.manager().tell(new Join(Cluster.get(first.system()).selfMember().address()));
  }

  private static Collection<ShardRegionStats> regions(ActorTestKit node) {
    TestProbe<ClusterShardingStats> probe = node.createTestProbe();
    ActorRef<ClusterShardingStats> replyTo = probe.ref();
    ClusterSharding.get(node.system())
        .shardState()
        .tell(new GetClusterShardingStats(KIND, Duration.ofSeconds(5), replyTo));
    return probe.expectMessageClass(ClusterShardingStats.class, PATIENCE).getRegions().values();
  }

  private static List<Integer> sizes(ActorTestKit node) {
    return regions(node).stream().map(region -> region.getStats().size()).toList();
  }
}

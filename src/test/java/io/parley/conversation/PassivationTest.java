package io.parley.conversation;

import static io.parley.conversation.Scene.ADA;
import static io.parley.conversation.Scene.CLOCK;
import static io.parley.conversation.Scene.ID;
import static io.parley.conversation.Scene.operate;
import static io.parley.conversation.Scene.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityRef;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Join;
import org.apache.pekko.persistence.testkit.PersistenceTestKitPlugin;
import org.apache.pekko.persistence.testkit.PersistenceTestKitSnapshotPlugin;
import org.apache.pekko.persistence.testkit.javadsl.PersistenceTestKit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A conversation under sharding as it is, which stops the idle ones. */
class PassivationTest {
  private final ActorTestKit testKit =
      ActorTestKit.create(
          ConfigFactory.parseString(
                  """
                  pekko.actor.provider = cluster
                  pekko.remote.artery.canonical { hostname = "127.0.0.1", port = 0 }
                  pekko.cluster.sharding.passivation.default-idle-strategy.idle-entity.timeout = 1s
                  pekko.cluster.jmx.multi-mbeans-in-same-jvm = on
                  """)
              .withFallback(PersistenceTestKitPlugin.getInstance().config())
              .withFallback(PersistenceTestKitSnapshotPlugin.config())
              .withFallback(ConfigFactory.load()));

  private final PersistenceTestKit journal = PersistenceTestKit.create(testKit.system());

  @AfterEach
  void end() {
    testKit.shutdownTestKit();
  }

  @Test
  void oneThatIsStoppedWhileItCannotBeRecoveredAnswersOnceItCan() {
    Cluster cluster = Cluster.get(testKit.system());
    cluster.manager().tell(Join.create(cluster.selfMember().address()));
    ClusterSharding sharding = ClusterSharding.get(testKit.system());
    Conversation.init(sharding, (id, to, events) -> {}, CLOCK);
    EntityRef<Conversation.Command> conversation =
        sharding.entityRefFor(Conversation.TYPE_KEY, ID.value());
    TestProbe<Reply> probe = testKit.createTestProbe();

    journal.failNextNReads(Integer.MAX_VALUE);
    conversation.tell(operate(ADA, 1, 1, text("x"), probe.ref()));
    // Idle for longer than it may be, and failing to recover all the while.
    await().pollDelay(Duration.ofSeconds(6)).until(() -> true);
    journal.resetPolicy();

    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(
            () -> {
              TestProbe<Reply> answer = testKit.createTestProbe();
              conversation.tell(operate(ADA, 1, 1, text("x"), answer.ref()));
              assertThat(answer.receiveMessage(Duration.ofSeconds(2))).isNotNull();
            });
  }
}

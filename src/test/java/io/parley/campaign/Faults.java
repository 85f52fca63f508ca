package io.parley.campaign;

import io.parley.campaign.Fault.Needs;
import io.parley.campaign.Fault.Recovery;
import io.parley.campaign.check.Evidence;
import io.parley.campaign.client.Population;
import io.parley.campaign.world.NodeProcess;
import io.parley.campaign.world.World;
import io.parley.testing.FaultProxy;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;

/** All faults there are. */
final class Faults {
  private Faults() {}

  /** It has healed itself. */
  private static void nothing(World world, Population population) {}

  static List<Fault> all() {
    List<Fault> all = new ArrayList<>();
    ofNodes(all);
    ofTheNetwork(all);
    ofPostgresql(all);
    ofClients(all);
    return List.copyOf(all);
  }

  private static void ofNodes(List<Fault> all) {
    add(
        all,
        "kill",
        Needs.NOTHING,
        Recovery.FROM_BEGIN,
        (w, p) -> w.younger().kill(),
        (w, p) -> w.awaitReady());
    add(
        all,
        "kill-oldest",
        Needs.NOTHING,
        Recovery.FROM_BEGIN,
        (w, p) -> w.oldest().kill(),
        (w, p) -> w.awaitReady());
    add(
        all,
        Evidence.PAUSE,
        Needs.NOTHING,
        Recovery.FROM_BEGIN,
        (w, p) -> w.nodes().get(1).pause(),
        (w, p) -> {
          w.nodes().get(1).resume();
          w.awaitReady();
        });
    add(
        all,
        "rolling-restart",
        Needs.NOTHING,
        Recovery.FROM_HEAL,
        (w, p) -> rollingRestart(w),
        Faults::nothing);
    add(
        all,
        "fourth-node",
        Needs.NOTHING,
        Recovery.FROM_BEGIN,
        (w, p) -> w.awaitReady(w.add()),
        (w, p) -> w.remove(w.nodes().get(w.nodes().size() - 1)));
    add(
        all,
        "clock-jumps",
        Needs.NOTHING,
        Recovery.FROM_BEGIN,
        (w, p) -> {
          w.nodes().get(0).moveClock(3_600);
          w.nodes().get(1).moveClock(-3_600);
        },
        (w, p) -> w.nodes().forEach(node -> node.moveClock(0)));
  }

  private static void rollingRestart(World world) {
    for (NodeProcess node : world.nodes()) {
      node.stop();
      node.start();
      world.awaitReady(node);
    }
  }

  private static void ofTheNetwork(List<Fault> all) {
    add(
        all,
        "partition",
        Needs.NAMESPACES,
        Recovery.FROM_BEGIN,
        (w, p) -> w.cutOff(w.oldest(), true),
        Faults::rejoin);
    add(
        all,
        "partition-one-way",
        Needs.NAMESPACES,
        Recovery.FROM_BEGIN,
        (w, p) -> w.cutOff(w.nodes().get(1), false),
        Faults::rejoin);
    add(
        all,
        "restart-inside-partition",
        Needs.NAMESPACES,
        Recovery.FROM_BEGIN,
        (w, p) -> {
          NodeProcess node = w.oldest();
          w.cutOff(node, true);
          node.kill();
        },
        Faults::rejoin);
    add(
        all,
        "node-without-postgresql",
        Needs.NOTHING,
        Recovery.FROM_BEGIN,
        (w, p) -> w.nodes().get(2).database().blackhole(),
        (w, p) -> {
          w.nodes().get(2).database().heal();
          w.awaitReady();
        });
  }

  private static void rejoin(World world, Population population) {
    world.join();
    world.awaitReady();
  }

  private static void ofPostgresql(List<Fault> all) {
    add(
        all,
        "postgresql-killed",
        Needs.NOTHING,
        Recovery.FROM_BEGIN,
        (w, p) -> w.database().kill(),
        (w, p) -> w.awaitReady());
    add(
        all,
        "postgresql-paused",
        Needs.NOTHING,
        Recovery.FROM_HEAL,
        (w, p) -> w.database().pause(),
        (w, p) -> {
          w.database().resume();
          w.awaitReady();
        });
    add(
        all,
        "postgresql-away",
        Needs.NOTHING,
        Recovery.FROM_HEAL,
        (w, p) ->
            w.nodes()
                .forEach(
                    node -> {
                      node.database().refuse();
                      node.database().reset();
                    }),
        (w, p) -> {
          w.nodes().forEach(node -> node.database().heal());
          w.awaitReady();
        });
    add(
        all,
        "disk-full",
        Needs.A_DISK,
        Recovery.FROM_HEAL,
        (w, p) -> w.database().fillDisk(),
        (w, p) -> {
          w.database().freeDisk();
          w.awaitReady();
        });
    add(
        all,
        "slow-commits",
        Needs.NOTHING,
        Recovery.FROM_HEAL,
        (w, p) -> slowly(w),
        Faults::nothing);
    add(
        all,
        "reset-before-answer",
        Needs.NOTHING,
        Recovery.FROM_HEAL,
        (w, p) -> resetBeforeAnswer(w),
        Faults::nothing);
  }

  /** Answers come in gulps, 400 ms late at times. */
  private static void slowly(World world) {
    for (int i = 0; i < 20; i++) {
      world.nodes().forEach(node -> node.database().holdReplies());
      World.pause(400);
      world.nodes().forEach(node -> node.database().heal());
      World.pause(50);
    }
  }

  /** What PostgreSQL has committed, it can't say any more. */
  private static void resetBeforeAnswer(World world) {
    for (int i = 0; i < 5; i++) {
      for (NodeProcess node : world.nodes()) {
        FaultProxy proxy = node.database();
        proxy.holdReplies();
        // A node that is down as well has nothing to be answered.
        for (int wait = 0; wait < 50 && proxy.heldReplyBytes() == 0; wait++) {
          World.pause(50);
        }
        proxy.reset();
        proxy.heal();
      }
      World.pause(1_000);
    }
  }

  private static void ofClients(List<Fault> all) {
    add(
        all,
        "slow-readers",
        Needs.NOTHING,
        Recovery.FROM_HEAL,
        (w, p) -> p.stick(true),
        (w, p) -> p.stick(false));
    add(
        all,
        "thundering-herd",
        Needs.NOTHING,
        Recovery.FROM_BEGIN,
        (w, p) -> p.cutAll(),
        Faults::nothing);
    add(
        all,
        "ghost-recipients",
        Needs.NOTHING,
        Recovery.FROM_BEGIN,
        (w, p) -> p.vanishAll(),
        Faults::nothing);
    add(
        all,
        "three-times-the-load",
        Needs.NOTHING,
        Recovery.FROM_HEAL,
        (w, p) -> p.load(3),
        (w, p) -> p.load(1));
  }

  private static void add(
      List<Fault> all,
      String name,
      Needs needs,
      Recovery recovery,
      BiConsumer<World, Population> begin,
      BiConsumer<World, Population> heal) {
    all.add(new Fault(name, needs, recovery, begin, heal));
  }
}

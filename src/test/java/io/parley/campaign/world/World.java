package io.parley.campaign.world;

import io.parley.campaign.client.Nodes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;

/** Nodes, their network and their PostgreSQL. */
public final class World implements Nodes, AutoCloseable {
  private static final Duration READY_WITHIN = Duration.ofMinutes(2);

  private final Path folder;
  private final Network network;
  private final Database database;
  private final List<String> options;
  private final List<NodeProcess> nodes = new CopyOnWriteArrayList<>();
  private final Thread cleanUp = new Thread(this::closeAll, "clean-up");

  private World(Path folder, List<String> options) {
    this.folder = folder;
    this.options = options;
    this.network = Network.create();
    this.database = Database.start(folder);
    // Ctrl-C leaves nothing behind either.
    Runtime.getRuntime().addShutdownHook(cleanUp);
  }

  /**
   * Starts so many nodes and waits until all are ready.
   *
   * @param options of the nodes' JVMs
   */
  public static World start(Path folder, int size, List<String> options) {
    try {
      World world = new World(Files.createDirectories(folder), options);
      for (int i = 0; i < size; i++) {
        world.add();
      }
      world.awaitReady();
      return world;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** One node more. */
  public NodeProcess add() {
    NodeProcess node = new NodeProcess(nodes.size(), network, database, folder, options);
    nodes.add(node);
    return node;
  }

  /** It is wanted no longer. */
  public void remove(NodeProcess node) {
    nodes.remove(node);
    node.stop();
    node.close();
  }

  public List<NodeProcess> nodes() {
    return nodes;
  }

  public Database database() {
    return database;
  }

  public Network network() {
    return network;
  }

  @Override
  public List<InetSocketAddress> all() {
    return nodes.stream().map(NodeProcess::address).toList();
  }

  /** The member that has beaten most: the one that coordinates. */
  public NodeProcess oldest() {
    try {
      String address =
          database.value("SELECT address FROM cluster_member ORDER BY beats DESC LIMIT 1");
      return nodes.stream()
          .filter(node -> node.clusterAddress().equals(address))
          .findFirst()
          .orElse(nodes.get(0));
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Any but the oldest. */
  public NodeProcess younger() {
    NodeProcess oldest = oldest();
    return nodes.stream().filter(node -> node != oldest).findFirst().orElse(oldest);
  }

  /** Parts one node from all others, both ways or only what it sends. */
  public void cutOff(NodeProcess node, boolean bothWays) {
    for (NodeProcess other : nodes) {
      if (other != node) {
        network.drop(node.index(), other.index());
        if (bothWays) {
          network.drop(other.index(), node.index());
        }
      }
    }
  }

  /** All nodes hear each other again. */
  public void join() {
    for (NodeProcess one : nodes) {
      for (NodeProcess other : nodes) {
        if (one != other) {
          network.pass(one.index(), other.index());
        }
      }
    }
  }

  public void awaitReady() {
    await("all nodes ready", READY_WITHIN, () -> nodes.stream().allMatch(NodeProcess::isReady));
  }

  public void awaitReady(NodeProcess node) {
    await("node " + node.index() + " ready", READY_WITHIN, node::isReady);
  }

  /** The largest of all nodes. */
  public long residentMegabytes() {
    return nodes.stream().mapToLong(NodeProcess::residentMegabytes).max().orElse(0);
  }

  public static void await(String what, Duration patience, BooleanSupplier is) {
    long deadline = System.nanoTime() + patience.toNanos();
    while (!is.getAsBoolean()) {
      if (System.nanoTime() - deadline > 0) {
        throw new IllegalStateException("Waited " + patience.toSeconds() + " s for: " + what);
      }
      pause(100);
    }
  }

  public static void pause(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private void closeAll() {
    nodes.forEach(NodeProcess::close);
    database.resume();
    database.close();
    network.close();
  }

  @Override
  public void close() {
    Runtime.getRuntime().removeShutdownHook(cleanUp);
    closeAll();
  }
}

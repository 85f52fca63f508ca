package io.parley.cluster;

import static java.util.Objects.requireNonNull;

import io.parley.testing.ServerProcess;
import io.parley.testing.TestPostgres;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Nodes as processes of their own, on a database that was empty before them. */
final class NodesOnOneDatabase implements AutoCloseable {
  final String databaseUrl = TestPostgres.emptyDatabase();
  private final List<ServerProcess> nodes = new ArrayList<>();
  private final Map<ServerProcess, Integer> clusterPorts = new HashMap<>();

  /** All that were begun, in that order. */
  List<ServerProcess> all() {
    return List.copyOf(nodes);
  }

  ServerProcess start(Map<String, String> settings) {
    ServerProcess node = begin(settings);
    node.awaitReady();
    return node;
  }

  /** Doesn't wait until it is ready; {@code settings} win over what a test's node has. */
  ServerProcess begin(Map<String, String> settings) {
    Map<String, String> all = new HashMap<>();
    all.put("PARLEY_DATABASE_URL", databaseUrl);
    all.put("PARLEY_CLUSTER_PORT", Integer.toString(ServerProcess.freePort()));
    all.put("PARLEY_RATE_LIMITS", "off");
    all.putAll(settings);
    ServerProcess node = ServerProcess.begin(ServerProcess.freePort(), all);
    nodes.add(node);
    clusterPorts.put(node, Integer.valueOf(all.get("PARLEY_CLUSTER_PORT")));
    return node;
  }

  /** By which other nodes reach it. */
  int clusterPort(ServerProcess node) {
    return requireNonNull(clusterPorts.get(node));
  }

  /** The first column of what PostgreSQL answers. */
  List<String> rows(String sql) {
    return TestPostgres.texts(databaseUrl, sql);
  }

  void execute(String sql) {
    TestPostgres.execute(databaseUrl, sql);
  }

  @Override
  public void close() {
    nodes.forEach(ServerProcess::kill);
  }
}

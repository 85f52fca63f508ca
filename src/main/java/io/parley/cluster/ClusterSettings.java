package io.parley.cluster;

import java.time.Duration;
import java.util.List;

/**
 * How this node takes part in the cluster.
 *
 * @param host name or address that other nodes reach it by
 * @param bind address of this machine that it listens on for them
 * @param port 0 takes a free one
 * @param seedNodes {@code host:port} of nodes to join; empty: those that beat in PostgreSQL
 * @param patience how long a start goes on without PostgreSQL, or without any of the seed nodes
 */
public record ClusterSettings(
    String host, String bind, int port, List<String> seedNodes, Duration patience) {
  public ClusterSettings {
    seedNodes = List.copyOf(seedNodes);
  }
}

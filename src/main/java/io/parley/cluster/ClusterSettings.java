package io.parley.cluster;

import java.util.List;

/**
 * How this node takes part in the cluster.
 *
 * @param host name or address that other nodes reach it by
 * @param bind address of this machine that it listens on for them
 * @param port 0 takes a free one
 * @param seedNodes {@code host:port} of nodes to join; empty: those that beat in PostgreSQL
 */
public record ClusterSettings(String host, String bind, int port, List<String> seedNodes) {
  public ClusterSettings {
    seedNodes = List.copyOf(seedNodes);
  }
}

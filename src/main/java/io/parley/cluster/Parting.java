package io.parley.cluster;

import org.apache.pekko.actor.CoordinatedShutdown;

/**
 * Why this node parts with the cluster by itself; its process ends, and is to be started again.
 *
 * @param why a sentence for an operator
 */
public record Parting(String why) implements CoordinatedShutdown.Reason {

  static final Parting FROM_DATABASE =
      new Parting(
          "This node alone can't reach PostgreSQL, and other nodes can: it leaves the cluster, so"
              + " that they take over its conversations.");

  static final Parting FROM_ANOTHER_LIFE =
      new Parting(
          "While this node was out of reach, others formed a new cluster on the same database: it"
              + " leaves, and joins them at its next start.");

  @Override
  public String toString() {
    return why;
  }
}

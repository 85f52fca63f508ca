package io.parley.cluster;

/**
 * This node can't take part in the cluster; the message says to an operator why, and what helps.
 */
public final class ClusterRefusedException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  ClusterRefusedException(String message) {
    super(message);
  }
}

package io.parley.cluster;

import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.pekko.cluster.Member;
import org.apache.pekko.cluster.typed.Cluster;

/** Who is in the cluster, as this node knows it. */
final class Members {
  private Members() {}

  static Stream<Member> all(Cluster cluster) {
    return StreamSupport.stream(cluster.state().getMembers().spliterator(), false);
  }

  static Stream<Member> others(Cluster cluster) {
    return all(cluster)
        .filter(member -> !member.uniqueAddress().equals(cluster.selfMember().uniqueAddress()));
  }
}

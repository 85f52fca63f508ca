package io.parley.cluster;

import io.parley.cluster.MemberTable.Self;
import io.parley.database.Database;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * What a node's membership works with.
 *
 * @param database with connections of its own: a beat must not wait behind the chat
 * @param agreement what this node is set to
 * @param transport how this node speaks with others, now
 * @param isAlone whether no other node can be on this database
 * @param refused told, once, why this node can't take part
 */
public record MembershipPorts(
    Database database,
    ClusterSettings settings,
    Agreement agreement,
    Supplier<Transport> transport,
    boolean isAlone,
    Consumer<ClusterRefusedException> refused) {

  /**
   * Of a database that was restored: its members beat for a cluster that is another's now, or gone.
   * Without their rows the first node that starts begins a new one at once.
   */
  public static final List<String> AFTER_RESTORE =
      List.of("DELETE FROM cluster_member", "DELETE FROM cluster_life");

  MemberTable table(String address) {
    return new MemberTable(
        database, new Self(address, ThreadLocalRandom.current().nextLong(), transport));
  }
}

package io.parley.campaign.client;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.Random;

/** Where clients may knock; a node that is down is still knocked at, as clients do. */
public interface Nodes {

  /** All of them, as they are now. */
  List<InetSocketAddress> all();

  /** Any of them. */
  default InetSocketAddress any(Random random) {
    List<InetSocketAddress> all = all();
    return all.get(random.nextInt(all.size()));
  }
}

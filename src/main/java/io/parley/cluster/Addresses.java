package io.parley.cluster;

import org.apache.pekko.actor.Address;

/** {@code host:port}, as operators and the table of members write it. */
final class Addresses {

  private Addresses() {}

  static String text(Address address) {
    return address.getHost().orElse("") + ":" + address.getPort().orElse(0);
  }

  /** The other way, at the node of {@code like}. */
  static Address parse(String text, Address like) {
    int colon = text.lastIndexOf(':');
    return new Address(
        like.protocol(),
        like.system(),
        text.substring(0, colon),
        Integer.parseInt(text.substring(colon + 1)));
  }
}

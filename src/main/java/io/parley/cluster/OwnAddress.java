package io.parley.cluster;

import java.io.UncheckedIOException;
import java.net.DatagramSocket;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.Collections;
import java.util.Comparator;
import java.util.Optional;

/** Finds the address of this machine that other machines reach it by. */
public final class OwnAddress {

  /** What a setting says to have it found. */
  public static final String AUTO = "auto";

  /** A datagram's socket needs one to be connected; no datagram follows. */
  private static final int ANY_PORT = 9;

  private OwnAddress() {}

  /**
   * The address that this machine speaks from when it speaks to {@code host}; empty when that is
   * itself, or can't be found. On machines with several addresses, those that reach the same
   * database by the same network reach each other by it too. Nothing is sent.
   */
  public static Optional<String> towards(String host) {
    InetSocketAddress target = new InetSocketAddress(host, ANY_PORT);
    if (target.isUnresolved()) {
      return Optional.empty();
    }
    try (DatagramSocket socket = new DatagramSocket()) {
      socket.connect(target);
      return Optional.of(socket.getLocalAddress())
          .filter(own -> isReachable(own) && !own.isAnyLocalAddress())
          .map(OwnAddress::text);
    } catch (SocketException | UncheckedIOException noWay) {
      return Optional.empty();
    }
  }

  /** The first address that isn't loopback, IPv4 before IPv6; empty on a machine that has none. */
  public static Optional<String> find() {
    try {
      return Collections.list(NetworkInterface.getNetworkInterfaces()).stream()
          .filter(OwnAddress::isUp)
          .sorted(Comparator.comparingInt(NetworkInterface::getIndex))
          .flatMap(network -> Collections.list(network.getInetAddresses()).stream())
          .filter(OwnAddress::isReachable)
          .sorted(Comparator.comparing(address -> !(address instanceof Inet4Address)))
          .map(OwnAddress::text)
          .findFirst();
    } catch (SocketException e) {
      return Optional.empty();
    }
  }

  private static boolean isReachable(InetAddress address) {
    return !address.isLoopbackAddress() && !address.isLinkLocalAddress();
  }

  /** Without the name of the interface, which means nothing elsewhere. */
  private static String text(InetAddress address) {
    return address.getHostAddress().replaceAll("%.*", "");
  }

  private static boolean isUp(NetworkInterface network) {
    try {
      return network.isUp();
    } catch (SocketException e) {
      return false;
    }
  }
}

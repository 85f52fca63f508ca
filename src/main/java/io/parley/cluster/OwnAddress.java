package io.parley.cluster;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.Collections;
import java.util.Comparator;
import java.util.Optional;

/** Finds the address of this machine that other machines reach it by. */
public final class OwnAddress {

  /** What a setting says to have it found. */
  public static final String AUTO = "auto";

  private OwnAddress() {}

  /** The first address that isn't loopback, IPv4 before IPv6; empty on a machine that has none. */
  public static Optional<String> find() {
    try {
      return Collections.list(NetworkInterface.getNetworkInterfaces()).stream()
          .filter(OwnAddress::isUp)
          .sorted(Comparator.comparingInt(NetworkInterface::getIndex))
          .flatMap(network -> Collections.list(network.getInetAddresses()).stream())
          .filter(address -> !address.isLoopbackAddress() && !address.isLinkLocalAddress())
          .sorted(Comparator.comparing(address -> !(address instanceof Inet4Address)))
          .map(InetAddress::getHostAddress)
          .map(address -> address.replaceAll("%.*", ""))
          .findFirst();
    } catch (SocketException e) {
      return Optional.empty();
    }
  }

  private static boolean isUp(NetworkInterface network) {
    try {
      return network.isUp();
    } catch (SocketException e) {
      return false;
    }
  }
}

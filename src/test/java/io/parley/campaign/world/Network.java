package io.parley.campaign.world;

import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A network of the campaign's own: a namespace for each node, joined by a bridge in one more, where
 * no rule of this machine's firewall reaches; this process is on it as well. A node is parted from
 * another by a route into nothing inside its namespace, which drops what it sends there: one way,
 * or both.
 *
 * <p>Needs root. Without it all nodes are on the loopback address, and can't be parted.
 */
public final class Network implements AutoCloseable {
  private static final String PREFIX = "parley-";

  private final Optional<String> hub;
  private final int subnet;
  private final List<String> namespaces = new ArrayList<>();

  private Network(Optional<String> hub, int subnet) {
    this.hub = hub;
    this.subnet = subnet;
  }

  /** One with namespaces where that can be had, else the loopback address. */
  public static Network create() {
    removeLeftovers();
    long pid = ProcessHandle.current().pid();
    String hub = PREFIX + pid + "-hub";
    if (!Shell.isRoot() || !Shell.tryRun("ip", "netns", "add", hub)) {
      return new Network(Optional.empty(), 0);
    }
    Network network = new Network(Optional.of(hub), (int) (pid % 250));
    inside(hub, "ip", "link", "add", "hub", "type", "bridge");
    inside(hub, "ip", "link", "set", "hub", "up");
    String link = "pc" + pid;
    Shell.run("ip", "link", "add", link, "type", "veth", "peer", "name", "host", "netns", hub);
    inside(hub, "ip", "link", "set", "host", "master", "hub", "up");
    Shell.run("ip", "addr", "add", network.own() + "/24", "dev", link);
    Shell.run("ip", "link", "set", link, "up");
    return network;
  }

  /** Of campaigns that were killed. */
  private static void removeLeftovers() {
    if (!Shell.isRoot()) {
      return;
    }
    try {
      for (String line : Shell.run("ip", "netns", "list").split("\n", -1)) {
        String name = line.split(" ", 2)[0];
        if (name.matches(PREFIX + "[0-9]{1,9}-.*")
            && ProcessHandle.of(Long.parseLong(name.split("-", 3)[1])).isEmpty()) {
          Shell.tryRun("ip", "netns", "del", name);
        }
      }
    } catch (IllegalStateException | UncheckedIOException e) {
      // No namespaces here at all, or no ip.
    }
  }

  /** Whether nodes can be parted from each other. */
  public boolean canPart() {
    return hub.isPresent();
  }

  /** This process's address, as nodes see it. */
  public String own() {
    return canPart() ? "10.77." + subnet + ".1" : "127.0.0.1";
  }

  InetAddress ownAddress() {
    try {
      return InetAddress.getByName(own());
    } catch (UnknownHostException e) {
      throw new IllegalStateException(e);
    }
  }

  String addressOf(int node) {
    return canPart() ? "10.77." + subnet + "." + (10 + node) : "127.0.0.1";
  }

  /** Makes room for a node; the words that start a program in there. */
  List<String> place(int node) {
    if (hub.isEmpty()) {
      return List.of();
    }
    String name = PREFIX + ProcessHandle.current().pid() + "-" + node;
    if (!namespaces.contains(name)) {
      String link = "node" + node;
      Shell.run("ip", "netns", "add", name);
      namespaces.add(name);
      Shell.run(
          "ip", "-n", hub.get(), "link", "add", link, "type", "veth", "peer", "name", "eth0",
          "netns", name);
      inside(hub.get(), "ip", "link", "set", link, "master", "hub", "up");
      inside(name, "ip", "addr", "add", addressOf(node) + "/24", "dev", "eth0");
      inside(name, "ip", "link", "set", "eth0", "up");
      inside(name, "ip", "link", "set", "lo", "up");
    }
    return List.of("ip", "netns", "exec", name);
  }

  private static void inside(String namespace, String... words) {
    List<String> all = new ArrayList<>(List.of("ip", "netns", "exec", namespace));
    all.addAll(List.of(words));
    Shell.run(all.toArray(String[]::new));
  }

  /** What one node sends another is dropped from now on. */
  void drop(int from, int to) {
    inside(namespaces.get(from), "ip", "route", "replace", "blackhole", addressOf(to) + "/32");
  }

  /** It comes through again. */
  void pass(int from, int to) {
    List<String> route = List.of("ip", "route", "del", "blackhole", addressOf(to) + "/32");
    List<String> all = new ArrayList<>(List.of("ip", "netns", "exec", namespaces.get(from)));
    all.addAll(route);
    Shell.tryRun(all.toArray(String[]::new));
  }

  @Override
  public void close() {
    namespaces.forEach(name -> Shell.tryRun("ip", "netns", "del", name));
    hub.ifPresent(name -> Shell.tryRun("ip", "netns", "del", name));
  }
}

package io.parley.http;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.pekko.http.javadsl.model.AttributeKeys;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.RemoteAddress;

/**
 * Tells a client's address. What a request says of it is believed only as far as those who wrote it
 * are trusted: from the last hop back, until one that isn't.
 */
public final class TrustedProxies {
  /** Nobody is trusted: the address is the socket's. */
  public static final TrustedProxies NONE = new TrustedProxies(List.of());

  private static final String FORWARDED_FOR = "x-forwarded-for";
  private static final String UNKNOWN = "unknown";

  /** Of an address, and of nothing that would be looked up by name. */
  private static final Pattern LITERAL =
      Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");

  private final List<Network> networks;

  private TrustedProxies(List<Network> networks) {
    this.networks = List.copyOf(networks);
  }

  /**
   * The listed ones.
   *
   * @param networks addresses, or networks like {@code 10.0.0.0/8}
   * @throws IllegalArgumentException naming the one that is neither
   */
  public static TrustedProxies of(List<String> networks) {
    return new TrustedProxies(networks.stream().map(Network::parse).toList());
  }

  /** The address of whoever made the request, as text. */
  String addressOf(HttpRequest request) {
    Optional<InetAddress> socket =
        request.getAttribute(AttributeKeys.remoteAddress).flatMap(RemoteAddress::getAddress);
    if (socket.isEmpty()) {
      return UNKNOWN;
    }
    InetAddress client = socket.get();
    List<String> hops = hops(request);
    for (int i = hops.size() - 1; i >= 0 && isTrusted(client); i--) {
      Optional<InetAddress> hop = literal(hops.get(i));
      if (hop.isEmpty()) {
        break;
      }
      client = hop.get();
    }
    return client.getHostAddress();
  }

  private static List<String> hops(HttpRequest request) {
    List<String> hops = new ArrayList<>();
    for (String line : Headers.values(request, FORWARDED_FOR)) {
      for (String hop : line.split(",", -1)) {
        hops.add(hop.strip());
      }
    }
    return hops;
  }

  private boolean isTrusted(InetAddress address) {
    return networks.stream().anyMatch(network -> network.includes(address));
  }

  private static Optional<InetAddress> literal(String text) {
    if (!LITERAL.matcher(text).matches()) {
      return Optional.empty();
    }
    try {
      return Optional.of(InetAddress.getByName(text));
    } catch (UnknownHostException malformed) {
      return Optional.empty();
    }
  }

  private record Network(InetAddress first, int bits) {
    static Network parse(String text) {
      int slash = text.indexOf('/');
      Optional<InetAddress> first = literal(slash < 0 ? text : text.substring(0, slash));
      if (first.isPresent()) {
        int longest = first.get().getAddress().length * Byte.SIZE;
        int bits = slash < 0 ? longest : number(text.substring(slash + 1));
        if (bits >= 0 && bits <= longest) {
          return new Network(first.get(), bits);
        }
      }
      throw new IllegalArgumentException(
          "\"" + text + "\" is not an address or a network like 10.0.0.0/8");
    }

    boolean includes(InetAddress address) {
      byte[] one = address.getAddress();
      byte[] other = first.getAddress();
      if (one.length != other.length) {
        return false;
      }
      int whole = bits / Byte.SIZE;
      int rest = bits % Byte.SIZE;
      int mask = 0xff << (Byte.SIZE - rest);
      return Arrays.equals(one, 0, whole, other, 0, whole)
          && (rest == 0 || (one[whole] & mask) == (other[whole] & mask));
    }

    private static int number(String text) {
      return text.matches("\\d{1,3}") ? Integer.parseInt(text) : -1;
    }
  }
}

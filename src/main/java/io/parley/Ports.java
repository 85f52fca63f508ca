package io.parley;

import io.parley.Settings.Endpoint;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;

/** Looks whether the ports are to be had, before anything is half started. */
final class Ports {
  private static final int LEAST_UNUSED = 20_000;

  /** Of Linux, as it comes; others begin higher. */
  private static final int LEAST_OUTGOING = 32_768;

  private Ports() {}

  /**
   * Tries each, and lets go of it.
   *
   * @throws SettingsException naming every port that can't be had
   */
  static void requireFree(Settings settings) {
    List<String> faults =
        Stream.of(
                fault(settings.listen(), "PARLEY"),
                fault(settings.management(), "PARLEY_MANAGEMENT"),
                fault(
                    new Endpoint(settings.cluster().bind(), settings.cluster().port()),
                    "PARLEY_CLUSTER"))
            .flatMap(Optional::stream)
            .toList();
    if (!faults.isEmpty()) {
      throw new SettingsException(faults);
    }
  }

  /**
   * A port that nobody has, below those that systems give to outgoing connections: of these one may
   * be gone again before the node listens there. 0, for the system to choose, where none is found.
   */
  static int unused(String bind) {
    for (int tries = 0; tries < 100; tries++) {
      int port = ThreadLocalRandom.current().nextInt(LEAST_UNUSED, LEAST_OUTGOING);
      if (fault(new Endpoint(bind, port), "PARLEY_CLUSTER").isEmpty()) {
        return port;
      }
    }
    return 0;
  }

  private static Optional<String> fault(Endpoint endpoint, String variables) {
    InetSocketAddress address = new InetSocketAddress(endpoint.bind(), endpoint.port());
    String variable = variables + "_PORT";
    if (address.isUnresolved()) {
      return Optional.of(
          variables + "_BIND is \"" + endpoint.bind() + "\": no address of that name is known.");
    }
    try (ServerSocket socket = new ServerSocket()) {
      // Connections of the run before that linger in TIME_WAIT are no obstacle.
      socket.setReuseAddress(true);
      socket.bind(address);
      return Optional.empty();
    } catch (IOException e) {
      String said = String.valueOf(e.getMessage());
      String where = "Port " + endpoint.port() + " on " + endpoint.bind();
      String lower = said.toLowerCase(Locale.ROOT);
      if (lower.contains("already in use")) {
        return Optional.of(
            where
                + " is taken: another program, perhaps another Parley, listens there. Stop it, or"
                + " choose another port with "
                + variable
                + ".");
      }
      if (lower.contains("permission denied")) {
        return Optional.of(
            where + " is not for this account: choose one above 1023 with " + variable + ".");
      }
      if (lower.contains("cannot assign") || lower.contains("can't assign")) {
        return Optional.of(
            variables
                + "_BIND is \""
                + endpoint.bind()
                + "\", which is no address of this machine.");
      }
      return Optional.of(where + " can't be had: " + said + ". Choose another with " + variable);
    }
  }
}

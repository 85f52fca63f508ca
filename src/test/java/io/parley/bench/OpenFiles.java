package io.parley.bench;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.Collections;
import java.util.Optional;

/** A connection is an open file on either side, and systems limit how many a process may have. */
final class OpenFiles {
  /** Libraries, logs, connections to the database. */
  private static final int BESIDE = 500;

  private OpenFiles() {}

  /** How many a process may have here; what a process starts inherits it. */
  static long limit() {
    return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
        ? unix.getMaxFileDescriptorCount()
        : Long.MAX_VALUE;
  }

  /** What to do if there are too few for what was asked. */
  static Optional<String> tooFew(BenchSettings settings, long limit) {
    int connections = 0;
    for (Scenario scenario : settings.scenarios()) {
      connections = Math.max(connections, connections(scenario, settings));
    }
    int wanted = connections + BESIDE;
    return wanted <= limit
        ? Optional.empty()
        : Optional.of(
            ("%,d connections want %,d open files in a process, and this system allows %,d. Raise"
                    + " that (ulimit -n %d), or ask for fewer --clients or --pairs.")
                .formatted(connections, wanted, limit, wanted));
  }

  private static int connections(Scenario scenario, BenchSettings settings) {
    return switch (scenario) {
      case IDLE, STORM -> settings.clients();
      case PAIRS, LIMITS, OVERLOAD -> 2 * Collections.max(settings.pairs());
      case EJABBERD, EJABBERD_BARE ->
          Math.max(settings.clients(), 2 * Collections.max(settings.pairs()));
      case LOW, BACKLOG, LONG -> 0; // A few hundred at most.
    };
  }
}

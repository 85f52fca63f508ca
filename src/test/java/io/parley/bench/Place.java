package io.parley.bench;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A part of the server that processor time goes to. A stack belongs to the part of its innermost
 * frame that names one: parsing JSON for a session is the session's. A frame that could be of two
 * is of the first.
 */
enum Place {
  JIT("compilers", "#9c755f", "CompileBroker", "Compiler::", "CompilerThread", "BarrierSetC2"),
  GC("garbage collection", "#b07aa1", "G1", "GangWorker", "WorkerThread::", "GCTask", "VM_Coll"),
  SYSCALLS(
      "TCP syscalls",
      "#8cb4d2",
      "tcp_",
      "sock_",
      "inet_",
      "SocketDispatcher",
      "FileDispatcherImpl",
      "UnixFileDispatcher",
      "sun/nio/ch/Net.",
      "sun/nio/ch/EPoll",
      "epoll_",
      "do_epoll",
      "ep_poll",
      "ep_send",
      "__send",
      "__recv",
      "netty/channel/epoll/Native",
      "netty/channel/unix/Socket"),
  DRIVER("database driver", "#e15759", "io/r2dbc/", "io/netty/", "reactor/"),
  SHARDING("sharding", "#edc948", "pekko/cluster/sharding"),
  NODES("between nodes", "#ff9da7", "pekko/remote", "pekko/cluster", "io/parley/cluster"),
  PERSISTENCE(
      "conversation, persistence",
      "#59a14f",
      "io/parley/conversation",
      "pekko/persistence",
      "io/parley/serialization"),
  SESSION("session", "#f28e2b", "io/parley/session", "io/parley/protocol"),
  USER("user", "#76b7b2", "io/parley/user"),
  JOURNAL("journal", "#d37295", "io/parley/journal", "io/parley/database"),
  FEED("feed", "#a0cbe8", "io/parley/feed", "io/parley/search", "io/parley/history"),
  SOCKETS(
      "socket streams",
      "#4e79a7",
      "pekko/stream",
      "pekko/http",
      "pekko/io",
      "io/parley/http",
      "sun/nio/ch/"),
  DISPATCH(
      "dispatch and parking",
      "#bab0ac",
      "pekko/dispatch",
      "ForkJoin",
      "LockSupport",
      "Unsafe.park",
      "Unsafe.unpark",
      "Unsafe_Park",
      "Unsafe_Unpark",
      "Parker::",
      "futex",
      "pthread_cond",
      "ThreadPoolExecutor"),
  OTHER("other", "#d7d7d7");

  private final String label;
  private final String colour;
  private final Pattern markers;

  Place(String label, String colour, String... markers) {
    this.label = label;
    this.colour = colour;
    // Without one it is never found.
    this.markers =
        Pattern.compile(
            markers.length == 0
                ? "(?!)"
                : Arrays.stream(markers).map(Pattern::quote).collect(Collectors.joining("|")));
  }

  String label() {
    return label;
  }

  String colour() {
    return colour;
  }

  /** What the picture calls it, once for each of many frames. */
  String letter() {
    return name().toLowerCase(Locale.ROOT).substring(0, 2); // No two begin alike.
  }

  /** Of one frame alone. */
  static Optional<Place> named(String frame) {
    return Arrays.stream(values()).filter(place -> place.markers.matcher(frame).find()).findFirst();
  }

  static Place of(String stack) {
    String[] frames = stack.split(";", -1);
    return Stream.iterate(frames.length - 1, i -> i >= 0, i -> i - 1)
        .flatMap(i -> named(frames[i]).stream())
        .findFirst()
        .orElse(OTHER);
  }

  /** Percent of all, the most first. */
  static String table(Stacks stacks) {
    Map<Place, Long> counts = new EnumMap<>(Place.class);
    stacks.counts().forEach((stack, count) -> counts.merge(of(stack), count, Long::sum));
    return counts.entrySet().stream()
        .sorted(Map.Entry.<Place, Long>comparingByValue().reversed())
        .map(
            one ->
                String.format(
                    Locale.ROOT,
                    "%5.1f %%  %s%n",
                    one.getValue() * 100.0 / stacks.total(),
                    one.getKey().label))
        .collect(Collectors.joining());
  }
}

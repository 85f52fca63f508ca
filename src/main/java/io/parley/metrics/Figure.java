package io.parley.metrics;

import static io.micrometer.core.instrument.Meter.Type.COUNTER;
import static io.micrometer.core.instrument.Meter.Type.DISTRIBUTION_SUMMARY;
import static io.micrometer.core.instrument.Meter.Type.GAUGE;
import static io.micrometer.core.instrument.Meter.Type.TIMER;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.config.NamingConvention;
import io.micrometer.prometheusmetrics.PrometheusNamingConvention;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Every figure that a node gives: nothing is given that isn't here. {@code docs/metrics.md} has the
 * same table, and a test compares. No label ever names a person, a conversation or an address.
 */
public enum Figure {
  BUILD(GAUGE, "parley.build.info", "", "version, java", "Always 1; the labels say what runs"),

  SOCKETS(GAUGE, "parley.sockets", "", "", "Sockets that are open"),
  SESSIONS(GAUGE, "parley.sessions", "", "", "Sessions that are welcome: signed in, not gone"),
  OPENED(COUNTER, "parley.sockets.opened", "", "", "Sockets that were opened"),
  CLOSED(
      COUNTER,
      "parley.sockets.closed",
      "",
      "bye",
      "Sockets that ended, by the code of the goodbye; `none` when the client left or broke off"),
  OPERATIONS(
      COUNTER,
      "parley.operations",
      "",
      "outcome",
      "Answers to operations, by socket and by HTTP: `accepted`, `duplicate`, `skipped`, `unknown`"
          + " (the client sends it again), `in_flight` (too many unanswered), or the error code"),
  ACCEPTED(
      TIMER,
      "parley.operation.accepted",
      "",
      "",
      "From the arrival of an operation to its `accepted`, without duplicates"),
  OUTBOUND(
      GAUGE, "parley.outbound.queued", "bytes", "", "Frames that wait for sockets to take them"),
  CURSORS(
      COUNTER,
      "parley.cursors",
      "",
      "outcome",
      "Places that clients came back with: `at_head`, `replayed`, `behind` (they skipped what they"
          + " missed), `resync` (no such place)"),
  REPLAY_EVENTS(
      DISTRIBUTION_SUMMARY,
      "parley.replay.events",
      "events",
      "",
      "Events of one conversation's replay"),
  REPLAY_TIME(
      TIMER, "parley.replay", "", "", "From a cursor to `caught_up`, where something was missed"),
  SIGN_INS(
      COUNTER,
      "parley.sign.ins",
      "",
      "outcome",
      "Tries to sign in: `granted`, or the error code of the refusal"),
  RESPONSES(
      COUNTER,
      "parley.http.responses",
      "",
      "status",
      "Answers of the public port: `2xx`, `4xx`, …"),
  INCIDENTS(
      COUNTER,
      "parley.incidents",
      "",
      "kind",
      "Clients turned away, by the kinds of the audit log"),

  PERSIST(
      TIMER,
      "parley.journal.persist",
      "",
      "",
      "From a write's arrival at the journal to its commit: waiting and statement"),
  STATEMENT(
      TIMER,
      "parley.journal.statement",
      "",
      "",
      "One statement of the journal to PostgreSQL and back, whatever came of it"),
  BATCH(DISTRIBUTION_SUMMARY, "parley.journal.batch", "rows", "", "Rows of one such statement"),
  JOURNAL_ROWS(COUNTER, "parley.journal.stored", "rows", "", "Rows stored"),
  JOURNAL_FAILURES(
      COUNTER,
      "parley.journal.failures",
      "",
      "reason",
      "Writes not stored: `rejected` (queue full), `dropped` (waited too long), `fenced` (another"
          + " node writes there), `unknown` (no answer), `failed`"),
  JOURNAL_QUEUED_ROWS(
      GAUGE, "parley.journal.queued.rows", "rows", "", "Rows that wait or are in flight"),
  JOURNAL_QUEUED_BYTES(GAUGE, "parley.journal.queued.bytes", "bytes", "", "Their bytes"),
  JOURNAL_IN_FLIGHT(GAUGE, "parley.journal.in.flight", "statements", "", "Statements in flight"),

  FEED_LAG(
      GAUGE,
      "parley.feed.lag.seconds",
      "seconds",
      "",
      "Age of the oldest committed row that this node's workers haven't applied ¹"),
  FEED_LAG_ROWS(
      GAUGE,
      "parley.feed.lag.rows",
      "rows",
      "",
      "How many they haven't applied, counted to 1,000 a range ¹"),
  FEED_ERASURES(
      GAUGE,
      "parley.feed.erasures.waiting",
      "",
      "",
      "Deleted texts yet to be overwritten, counted to 1,000 a worker ¹"),
  OLDEST_WRITE(
      GAUGE,
      "parley.database.oldest.write",
      "seconds",
      "",
      "How long the oldest transaction that writes has been open, on all of that PostgreSQL: what"
          + " holds up the feed ¹"),
  FEED_PAGES(COUNTER, "parley.feed.pages", "", "", "Pages applied"),
  FEED_ROWS(COUNTER, "parley.feed.applied", "rows", "", "Rows applied"),
  FEED_FAILURES(COUNTER, "parley.feed.failures", "", "", "Rounds that failed and are tried again"),
  FEED_OVERTAKEN(
      COUNTER, "parley.feed.overtaken", "", "", "Rounds that another worker had done already"),
  FEED_STOPPED(
      GAUGE,
      "parley.feed.stopped.ranges",
      "",
      "",
      "Ranges that stand before a row that can't be applied: must be 0"),
  FEED_ERASED(COUNTER, "parley.feed.erased", "", "", "Texts overwritten in the journal"),
  FEED_NOTICES(
      COUNTER,
      "parley.feed.notices.dropped",
      "",
      "",
      "Notices given up because too many people could not be told; versions make up for them"),

  MEMBERS(
      GAUGE, "parley.cluster.members", "", "", "Members of the cluster that are up, as seen here"),
  UNREACHABLE(
      GAUGE, "parley.cluster.unreachable", "", "", "Members that this node's cluster can't reach"),
  MEMBER(GAUGE, "parley.cluster.member", "", "", "1 while this node is an up member, else 0"),

  CONNECTIONS(
      GAUGE,
      "parley.database.connections",
      "",
      "pool, state",
      "Connections of the pools `shared`, `journal`, `cluster`, `search`, that are `acquired` or `idle`"),
  CONNECTIONS_MAX(GAUGE, "parley.database.connections.max", "", "pool", "As many as there may be"),
  CONNECTIONS_PENDING(
      GAUGE, "parley.database.pending", "", "pool", "Statements that wait for a connection"),

  DISPATCHER_QUEUED(
      GAUGE,
      "parley.dispatcher.queued",
      "tasks",
      "dispatcher",
      "Work that waits for a thread: `default`, `internal` (Pekko's own), `journal`, `password`"),
  DISPATCHER_ACTIVE(
      GAUGE,
      "parley.dispatcher.active",
      "threads",
      "dispatcher",
      "Threads that run or look for work"),
  DRIVER_DIRECT(
      GAUGE, "parley.driver.direct", "bytes", "", "Direct memory of the database driver's buffers"),

  GC_PAUSE(
      TIMER,
      "jvm.gc.pause",
      "",
      "action, cause, gc",
      "Pauses of the garbage collector; from the first one on"),
  JVM_MEMORY(GAUGE, "jvm.memory.used", "bytes", "area, id", "Memory in use"),
  JVM_MEMORY_COMMITTED(GAUGE, "jvm.memory.committed", "bytes", "area, id", "Memory reserved"),
  JVM_MEMORY_MAX(
      GAUGE, "jvm.memory.max", "bytes", "area, id", "Memory at most; -1 without a bound"),
  JVM_BUFFERS(GAUGE, "jvm.buffer.memory.used", "bytes", "id", "Direct and mapped buffers"),
  JVM_THREADS(GAUGE, "jvm.threads.live", "threads", "", "Threads"),
  FILES_OPEN(GAUGE, "process.files.open", "files", "", "Open files and sockets"),
  FILES_MAX(GAUGE, "process.files.max", "files", "", "As many as there may be"),
  CPU(GAUGE, "process.cpu.usage", "", "", "Share of all CPUs that the process took lately, 0 to 1"),
  CPUS(GAUGE, "process.cpus", "", "", "CPUs that the process may use"),
  UPTIME(GAUGE, "process.uptime", "seconds", "", "Since the process started");

  private static final NamingConvention CONVENTION = new PrometheusNamingConvention();
  private static final Set<String> NAMES =
      Arrays.stream(values()).map(figure -> figure.meter).collect(Collectors.toUnmodifiableSet());

  private final Meter.Type type;
  private final String meter;
  private final String unit;
  private final String labels;
  private final String help;

  Figure(Meter.Type type, String meter, String unit, String labels, String help) {
    this.type = type;
    this.meter = meter;
    this.unit = unit;
    this.labels = labels;
    this.help = help;
  }

  /** As Prometheus has it. A histogram's samples end in _bucket, _count and _sum as well. */
  public String exposed() {
    String name = CONVENTION.name(meter, type, unit());
    if (type == COUNTER) {
      return name + "_total";
    }
    return meter.endsWith(".info") ? name + "_info" : name;
  }

  /** In the words of Prometheus. */
  public String kind() {
    return switch (type) {
      case COUNTER -> "counter";
      case GAUGE -> "gauge";
      default -> "histogram";
    };
  }

  /** The names of its labels, separated by commas. */
  public String labels() {
    return labels;
  }

  public String help() {
    return help;
  }

  String meter() {
    return meter;
  }

  /** Null without one: an empty unit would be part of the name. */
  @Nullable String unit() {
    return unit.isEmpty() ? null : unit;
  }

  /** Whether a meter of this name is one of them: libraries would bring more. */
  static boolean isOne(String meter) {
    return NAMES.contains(meter);
  }
}

package io.parley.metrics;

import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.parley.account.Passwords;
import io.parley.audit.Incident;
import io.parley.audit.Incidents;
import io.parley.feed.FeedActivity;
import io.parley.http.HttpMeters;
import io.parley.journal.JournalActivity;
import io.parley.session.SessionMeters;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.pekko.actor.typed.ActorSystem;

/**
 * All meters of a node, which begin at zero with it. They are put up once, at the start; what
 * counts holds its own, by the small interface of its package. Nothing here asks the database.
 */
public final class Meters implements AutoCloseable {

  /** Where figures come from that are kept elsewhere. */
  public record Sources(
      ActorSystem<?> system,
      FeedActivity feed,
      Passwords passwords,
      Incidents incidents,
      String version) {}

  private final Board board = new Board();
  private final SessionFigures sessions = new SessionFigures(board);
  private final HttpFigures http = new HttpFigures(board);
  private final FeedFigures feed;
  private final JvmGcMetrics pauses = new JvmGcMetrics();

  public Meters(Sources sources) {
    this.feed = new FeedFigures(sources.feed(), board);
    Map<String, String> build = new LinkedHashMap<>();
    build.put("version", sources.version());
    build.put("java", Runtime.version().toString());
    board.info(Figure.BUILD, build);
    for (Incident incident : Incident.values()) {
      board.counted(
          Figure.INCIDENTS, () -> sources.incidents().count(incident), "kind", incident.kind());
    }
    JournalFigures.of(JournalActivity.get(sources.system()), board);
    SystemFigures.of(sources.system(), sources.passwords(), board);
    pauses.bindTo(board.registry());
    new JvmMemoryMetrics().bindTo(board.registry());
    new JvmThreadMetrics().bindTo(board.registry());
    new FileDescriptorMetrics().bindTo(board.registry());
    new ProcessorMetrics().bindTo(board.registry());
    // Micrometer has it as well, by a name that Prometheus keeps for a part of a histogram.
    board.gauge(Figure.CPUS, Runtime.getRuntime()::availableProcessors);
    new UptimeMetrics().bindTo(board.registry());
  }

  public SessionMeters sessions() {
    return sessions;
  }

  public HttpMeters http() {
    return http;
  }

  /** All of them in Prometheus' text format, from what is at hand. */
  public synchronized String scrape() {
    feed.refresh();
    return board.registry().scrape();
  }

  @Override
  public void close() {
    pauses.close();
    board.registry().close();
  }
}

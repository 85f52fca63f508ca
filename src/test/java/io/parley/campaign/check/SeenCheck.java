package io.parley.campaign.check;

import com.fasterxml.jackson.databind.JsonNode;
import io.parley.campaign.check.Evidence.Arrival;
import io.parley.campaign.check.Evidence.Session;
import io.parley.campaign.check.Violation.Kind;
import io.parley.campaign.record.Observation.Answered;
import io.parley.campaign.record.Observation.Marked;
import io.parley.campaign.record.Observation.Paged;
import io.parley.campaign.record.Observation.Probed;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Compares what sessions and pages showed with what is stored: S2, S4, S6 to S8, S10. */
final class SeenCheck {
  /** Every accepted event reaches every attached session within this after the last fault. */
  private static final long HEALED_NANOS = 30_000_000_000L;

  /** Every operation is answered within this, by a node that runs. */
  private static final long ANSWER_NANOS = 20_000_000_000L;

  private final Evidence evidence;
  private final Journal journal;
  private final List<Violation> violations;
  private final List<Long> deliveries = new ArrayList<>();
  private final Accepted accepted;
  private final Map<String, List<Marked>> marked = new HashMap<>();
  private long looks;

  SeenCheck(Evidence evidence, Journal journal, List<Violation> violations) {
    this.evidence = evidence;
    this.journal = journal;
    this.violations = violations;
    this.accepted = Accepted.of(evidence);
  }

  void run() {
    evidence.marked.forEach(
        mark ->
            marked
                .computeIfAbsent(mark.conversation() + mark.user(), whose -> new ArrayList<>())
                .add(mark));
    evidence.sessions.values().forEach(this::session);
    evidence.pages.forEach(this::page);
    evidence.probes.forEach(this::probe);
    evidence.silences.stream()
        .filter(told -> !evidence.wasANodePaused(told.at() - ANSWER_NANOS, told.at()))
        .forEach(
            told ->
                add(
                    Promise.ANSWERED,
                    Kind.LATE,
                    told.code() + " was not answered by " + told.session()));
  }

  private void session(Session session) {
    String user = session.opened.user();
    session.received.forEach(
        (talk, arrivals) -> {
          if (!evidence.isTheirs(user, talk)) {
            add(
                Promise.ISOLATION,
                Kind.LEAK,
                user + " was sent events of " + talk + ": " + arrivals.get(0).event());
            return;
          }
          for (Arrival arrival : arrivals) {
            copy(arrival.event(), talk, user, session.opened.session());
            mark(arrival, talk);
          }
          contiguous(session, talk, arrivals);
        });
    session
        .opened
        .cursors()
        .forEach(
            (talk, cursor) -> {
              if (cursor <= head(talk) && session.welcomedAt != Long.MAX_VALUE) {
                completeness(session, talk);
              } else if (cursor > head(talk)
                  && session.endedAt - session.welcomedAt > HEALED_NANOS
                  && !session.resyncs.contains(talk)) {
                add(
                    Promise.RESUME,
                    Kind.UNTRUE,
                    session.opened.session()
                        + " went on after "
                        + cursor
                        + " in "
                        + talk
                        + " and wasn't told that this is past the head");
              }
            });
  }

  /** Whoever is shown a mark is shown it after a device of its owner has said it. */
  private void mark(Arrival arrival, String talk) {
    long delivered = arrival.event().path("delivered").asLong();
    if (delivered == 0) {
      return;
    }
    String owner = arrival.event().path("by").asText();
    boolean wasSaid =
        marked.getOrDefault(talk + owner, List.of()).stream()
            .anyMatch(said -> said.at() <= arrival.at() && said.delivered() >= delivered);
    if (!wasSaid) {
      add(
          Promise.MARKS,
          Kind.UNTRUE,
          "delivered of " + owner + " was shown as " + arrival.event() + " before they said so");
    }
  }

  private long head(String talk) {
    return journal.rows(talk).size();
  }

  /** Every event is cursor + 1 and upward, once each. */
  private void contiguous(Session session, String talk, List<Arrival> arrivals) {
    long cursor = session.opened.cursors().getOrDefault(talk, 0L);
    if (cursor > head(talk)) {
      return;
    }
    long expected = cursor + 1;
    boolean isFirst = true;
    for (Arrival arrival : arrivals) {
      if (arrival.seq() > expected) {
        add(
            isFirst ? Promise.RESUME : Promise.NO_GAP,
            Kind.GAP,
            session.opened.session()
                + " was sent "
                + arrival.seq()
                + " of "
                + talk
                + " where "
                + expected
                + " was due");
      } else if (arrival.seq() < expected) {
        add(
            Promise.NO_GAP,
            Kind.DOUBLED,
            session.opened.session()
                + " was sent "
                + arrival.seq()
                + " of "
                + talk
                + " again, where "
                + expected
                + " was due");
      }
      expected = Math.max(expected, arrival.seq() + 1);
      isFirst = false;
    }
  }

  /** What was accepted while the session was there came to it in time. */
  private void completeness(Session session, String talk) {
    long cursor = session.opened.cursors().getOrDefault(talk, 0L);
    Map<Long, Long> came = new HashMap<>();
    for (Arrival arrival : session.received.getOrDefault(talk, List.of())) {
      came.putIfAbsent(arrival.seq(), arrival.at());
    }
    for (Answered one : accepted.in(talk)) {
      if (one.seq() <= cursor || one.at() > session.endedAt) {
        continue;
      }
      long due = Math.max(one.at(), session.welcomedAt);
      Long arrived = came.get(one.seq());
      long lasted = Math.min(session.endedAt, evidence.lastAt);
      long until = arrived == null ? lasted : arrived;
      long healed = Math.max(due, evidence.healedBefore(until));
      if (until - healed > HEALED_NANOS) {
        add(
            Promise.NO_GAP,
            Kind.LATE,
            session.opened.session()
                + " waited "
                + (until - due) / 1_000_000
                + " ms for "
                + one.seq()
                + " of "
                + talk
                + (arrived == null ? ", in vain" : ""));
      }
      if (arrived != null
          && one.at() > session.caughtUpAt.getOrDefault(talk, Long.MAX_VALUE)
          && evidence.isCalm(due)) {
        deliveries.add(Math.max(0, arrived - one.at()));
      }
    }
  }

  private void page(Paged page) {
    if (!evidence.isTheirs(page.user(), page.conversation())) {
      add(Promise.ISOLATION, Kind.LEAK, page.user() + " got a page of " + page.conversation());
      return;
    }
    String where = "a page of " + page.node();
    long expected = page.after() + 1;
    for (JsonNode event : page.events()) {
      copy(event, page.conversation(), page.user(), where);
      if (event.path("seq").asLong() != expected) {
        add(
            Promise.ONE_ORDER,
            Kind.GAP,
            where
                + " has "
                + event.path("seq")
                + " of "
                + page.conversation()
                + " where "
                + expected
                + " belongs");
      }
      expected = event.path("seq").asLong() + 1;
    }
    long newest = accepted.newestBefore(page.conversation(), page.asked());
    boolean isFull = page.events().size() >= 100;
    if ((newest >= expected && !isFull) || newest > page.head()) {
      add(
          Promise.READ_YOUR_WRITE,
          Kind.LATE,
          where
              + " ends at "
              + (expected - 1)
              + " (head "
              + page.head()
              + ") of "
              + page.conversation()
              + ", and "
              + newest
              + " was accepted before it was asked for");
    }
  }

  private void copy(JsonNode seen, String talk, String reader, String where) {
    looks++;
    List<Journal.Row> rows = journal.rows(talk);
    long seq = seen.path("seq").asLong();
    if (seq < 1 || seq > rows.size()) {
      add(
          Promise.DURABLE,
          Kind.LOST,
          where + " showed " + seen + " of " + talk + ", which isn't stored");
      return;
    }
    JsonNode stored = rows.get((int) seq - 1).event();
    if (!Sameness.isCopy(seen, stored, reader)) {
      boolean isText = seen.path("at").equals(stored.path("at"));
      add(
          isText ? Promise.TRUE : Promise.ONE_ORDER,
          isText ? Kind.UNTRUE : Kind.MOVED,
          where + " showed " + seen + " of " + talk + ", stored is " + stored);
    }
  }

  private void probe(Probed probe) {
    if (probe.status() != 404 && probe.status() < 500) {
      add(
          Promise.ISOLATION,
          Kind.LEAK,
          probe.user()
              + " asked for "
              + probe.conversation()
              + " and was answered "
              + probe.status()
              + " "
              + probe.body());
    }
  }

  long looks() {
    return looks;
  }

  Spread deliveries() {
    return Spread.ofNanos(deliveries);
  }

  private void add(Promise promise, Kind kind, String what) {
    violations.add(new Violation(promise, kind, what));
  }
}

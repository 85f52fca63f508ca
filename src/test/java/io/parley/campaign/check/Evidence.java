package io.parley.campaign.check;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import io.parley.campaign.record.Notebook;
import io.parley.campaign.record.Observation;
import io.parley.campaign.record.Observation.Answered;
import io.parley.campaign.record.Observation.Found;
import io.parley.campaign.record.Observation.Listed;
import io.parley.campaign.record.Observation.Marked;
import io.parley.campaign.record.Observation.OpKey;
import io.parley.campaign.record.Observation.Opened;
import io.parley.campaign.record.Observation.Paged;
import io.parley.campaign.record.Observation.Phase;
import io.parley.campaign.record.Observation.Probed;
import io.parley.campaign.record.Observation.Received;
import io.parley.campaign.record.Observation.Sent;
import io.parley.campaign.record.Observation.Talk;
import io.parley.campaign.record.Observation.Told;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Everything that was seen, sorted by what the checks ask for. */
public final class Evidence {
  /** The name of the fault that stops a node with its clients attached. */
  public static final String PAUSE = "pause";

  /** A moment is calm when the last fault is so long ago. */
  private static final long CALM_NANOS = 30_000_000_000L;

  final Map<String, Talk> talks = new HashMap<>();
  final Map<OpKey, List<Sent>> sent = new HashMap<>();
  final Map<OpKey, List<Answered>> answered = new HashMap<>();
  final Map<String, Session> sessions = new HashMap<>();
  final List<Marked> marked = new ArrayList<>();
  final List<Paged> pages = new ArrayList<>();
  final List<Probed> probes = new ArrayList<>();
  final List<Listed> inboxes = new ArrayList<>();
  final List<Found> searches = new ArrayList<>();
  final List<Phase> phases = new ArrayList<>();
  final List<Told> silences = new ArrayList<>();
  long lastAt;

  /** An event, and when it came. */
  record Arrival(long at, JsonNode event) {
    long seq() {
      return event.path("seq").asLong();
    }
  }

  /** One socket's life, as its client saw it. */
  static final class Session {
    final Opened opened;
    final Map<String, List<Arrival>> received = new HashMap<>();
    final Map<String, Long> caughtUpAt = new HashMap<>();
    final List<String> resyncs = new ArrayList<>();
    long welcomedAt = Long.MAX_VALUE;
    long endedAt = Long.MAX_VALUE;

    Session(Opened opened) {
      this.opened = opened;
    }
  }

  /** Reads what a campaign has noted. */
  public static Evidence read(Path file) {
    Evidence evidence = new Evidence();
    Notebook.read(file, evidence::add);
    return evidence;
  }

  /** Takes observations in the order in which they were made. */
  public static Evidence of(List<Observation> observations) {
    Evidence evidence = new Evidence();
    observations.forEach(evidence::add);
    return evidence;
  }

  private void add(Observation seen) {
    lastAt = Math.max(lastAt, seen.at());
    if (seen instanceof Talk talk) {
      talks.put(talk.conversation(), talk);
    } else if (seen instanceof Sent one) {
      sent.computeIfAbsent(one.key(), key -> new ArrayList<>()).add(one);
    } else if (seen instanceof Answered one) {
      answered.computeIfAbsent(one.key(), key -> new ArrayList<>()).add(one);
    } else if (seen instanceof Opened opened) {
      sessions.put(opened.session(), new Session(opened));
    } else if (seen instanceof Received received) {
      List<Arrival> all =
          session(received.session())
              .received
              .computeIfAbsent(received.conversation(), talk -> new ArrayList<>());
      received.events().forEach(event -> all.add(new Arrival(received.at(), event)));
    } else if (seen instanceof Observation.CaughtUp up) {
      session(up.session()).caughtUpAt.putIfAbsent(up.conversation(), up.at());
    } else if (seen instanceof Told told) {
      told(told);
    } else if (seen instanceof Marked mark) {
      marked.add(mark);
    } else if (seen instanceof Paged page) {
      pages.add(page);
    } else if (seen instanceof Probed probe) {
      probes.add(probe);
    } else if (seen instanceof Listed inbox) {
      inboxes.add(inbox);
    } else if (seen instanceof Found search) {
      searches.add(search);
    } else if (seen instanceof Phase phase) {
      phases.add(phase);
    }
  }

  private void told(Told told) {
    switch (told.type()) {
      case "welcome" -> session(told.session()).welcomedAt = told.at();
      case "closed" -> session(told.session()).endedAt = told.at();
      case "resync" -> session(told.session()).resyncs.add(told.conversation());
      case "silence" -> silences.add(told);
      default -> {}
    }
  }

  private Session session(String id) {
    Session session = sessions.get(id);
    if (session == null) {
      throw new IllegalStateException("Session " + id + " was never opened");
    }
    return session;
  }

  boolean isTheirs(String user, String conversation) {
    Talk talk = talks.get(conversation);
    return talk != null && (talk.first().equals(user) || talk.second().equals(user));
  }

  List<String> talksOf(String user) {
    return talks.values().stream()
        .filter(talk -> talk.first().equals(user) || talk.second().equals(user))
        .map(Talk::conversation)
        .toList();
  }

  /** Whoever of the two isn't this person, in a conversation of theirs. */
  String peerOf(String user, String conversation) {
    Talk talk = requireNonNull(talks.get(conversation));
    return talk.first().equals(user) ? talk.second() : talk.first();
  }

  /** Whether no fault has had its effect for a while. */
  boolean isCalm(long at) {
    return at - healedBefore(at) > CALM_NANOS;
  }

  /**
   * Whether a node was stopped at any moment of this time: it can't answer, and its clients wait.
   */
  boolean wasANodePaused(long from, long to) {
    long begin = Long.MAX_VALUE;
    for (Phase phase : phases) {
      if (!List.of(phase.fault().split(" \\+ ", -1)).contains(PAUSE)) {
        continue;
      }
      if (phase.step() == Observation.Step.BEGIN) {
        begin = phase.at();
      } else if (phase.step() == Observation.Step.HEAL) {
        if (begin <= to && phase.at() >= from) {
          return true;
        }
        begin = Long.MAX_VALUE;
      }
    }
    return begin <= to;
  }

  /** The last moment at which a fault had its effect, at or before {@code at}; 0 without any. */
  long healedBefore(long at) {
    long healed = 0;
    boolean isBroken = false;
    for (Phase phase : phases) {
      if (phase.at() > at) {
        break;
      }
      isBroken = phase.step() == Observation.Step.BEGIN || isBroken;
      if (phase.step() == Observation.Step.HEAL) {
        isBroken = false;
        healed = phase.at();
      }
    }
    return isBroken ? at : healed;
  }
}

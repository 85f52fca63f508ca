package io.parley.cluster;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether a node that starts joins others or forms a cluster by itself. Pure: it is fed
 * with looks at the table in which members beat, half a second apart.
 *
 * <p>Two clusters on one database would be worse than a start that takes a few seconds, so a member
 * is given up only when its beat stood still while this node watched, in a row of looks that
 * PostgreSQL all answered. What a clock says of its last beat is no proof: after an outage of the
 * database every beat is old. Whether somebody can be reached is none either: this node may be the
 * one that is cut off, and then it waits.
 */
final class Bootstrap {

  /** Looks in a row without a beat until a member counts as gone; beats come every 2 s. */
  static final int LOOKS_UNTIL_GONE = 14;

  /** The same for one whose connection PostgreSQL has lost: alive, it would have made another. */
  static final int LOOKS_UNTIL_GONE_UNHELD = 5;

  /** Looks without a beat until it isn't asked to let this node join any more. */
  private static final int LOOKS_UNTIL_DOUBTFUL = 6;

  /**
   * A row of the table, as one look found it.
   *
   * @param address {@code host:port} that it is reached by
   * @param incarnation of its process
   * @param beats how often it has beaten
   * @param isFresh whether its last beat is a few seconds old at most, by PostgreSQL's clock
   * @param isHeld whether the connection of its last beat is still open at PostgreSQL
   * @param transport how it speaks with other nodes; empty: in a way that this build doesn't know
   */
  record Beat(
      String address,
      long incarnation,
      long beats,
      boolean isFresh,
      boolean isHeld,
      Optional<Transport> transport) {
    /** The same beat, whatever has happened around it since. */
    boolean isSameAs(Beat other) {
      return address.equals(other.address)
          && incarnation == other.incarnation
          && beats == other.beats;
    }
  }

  /** What to do after a look. */
  sealed interface Step {}

  /** Nobody is there, or nobody who is alive: form a cluster, if the table is still like this. */
  record Form(List<Beat> gone) implements Step {
    Form {
      gone = List.copyOf(gone);
    }
  }

  /** Ask these to let this node join. */
  record Ask(List<String> addresses) implements Step {
    Ask {
      addresses = List.copyOf(addresses);
    }
  }

  /** Look again. */
  record Wait() implements Step {}

  /** Another process beats at the address that this node was given. */
  record Twin() implements Step {}

  private record Watched(Beat last, int beatsSeen, int looksWithoutBeat, boolean isCandidate) {
    boolean isGone() {
      return looksWithoutBeat >= (last.isHeld() ? LOOKS_UNTIL_GONE : LOOKS_UNTIL_GONE_UNHELD);
    }
  }

  private final String self;
  private Map<String, Watched> watched = new HashMap<>();

  /** For the node that others reach at {@code self}. */
  Bootstrap(String self) {
    this.self = self;
  }

  /** One more look, which PostgreSQL answered. */
  Step look(List<Beat> beats) {
    Map<String, Watched> now = new HashMap<>();
    for (Beat beat : beats) {
      now.put(beat.address(), watch(beat));
    }
    watched = now;
    List<String> candidates =
        now.values().stream()
            .filter(Watched::isCandidate)
            .map(member -> member.last().address())
            .sorted()
            .collect(Collectors.toCollection(ArrayList::new));
    if (isTwin(now.get(self))) {
      return new Twin();
    }
    candidates.remove(self);
    if (!candidates.isEmpty()) {
      return new Ask(candidates);
    }
    return now.values().stream().allMatch(Watched::isGone) ? new Form(beats) : new Wait();
  }

  /**
   * One beat may be the last of the process before, which PostgreSQL ran late; two are another's.
   */
  private static boolean isTwin(@Nullable Watched atOwnAddress) {
    return atOwnAddress != null && atOwnAddress.beatsSeen() > 1;
  }

  /** A look that got no answer: whoever beats can't have been seen either. */
  void lookFailed() {
    watched = new HashMap<>();
  }

  private Watched watch(Beat beat) {
    Watched before = watched.get(beat.address());
    if (before == null) {
      return new Watched(beat, 0, 0, beat.isFresh());
    }
    if (!before.last().isSameAs(beat)) {
      return new Watched(beat, before.beatsSeen() + 1, 0, true);
    }
    int looks = before.looksWithoutBeat() + 1;
    boolean isCandidate = before.isCandidate() && looks < LOOKS_UNTIL_DOUBTFUL;
    return new Watched(beat, before.beatsSeen(), looks, isCandidate);
  }
}

package io.parley.user;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * The sessions attached to a person, which of them hold a place, and the newcomers that wait for
 * one. Pure.
 *
 * <pre>
 *   newcomer, no place free ─► waits ─► question: who is still there? ─► sessions renew
 *                                          │ all have answered, or time is up
 *                                          ├─ a place is free ─► attached, in order
 *                                          └─ none ────────────► refused
 * </pre>
 *
 * <p>A session that hasn't answered gives up its place and not its lease: it may only be slow. It
 * is pushed to until the lease ends, and its next renewal brings it back, even when its place was
 * taken meanwhile. So there are at most twice as many leases as places.
 */
final class Places {

  /** A session's hold on its user, until it isn't renewed any more. */
  record Lease(ActorRef<Push> to, String signIn, long renewedInRound) {}

  /**
   * Somebody who waits.
   *
   * @param questions that had been asked by then; only one asked later may refuse it
   */
  private record Newcomer(User.Attach attach, long questions) {}

  private final int places;
  private final Map<String, Lease> attached = new HashMap<>();

  /** Attached without a place; first who fell silent first. */
  private final Set<String> silent = new LinkedHashSet<>();

  /** Those who have yet to answer. */
  private final Set<String> asked = new HashSet<>();

  private final Map<String, Newcomer> waiting = new LinkedHashMap<>();
  private long questions;
  private boolean isAsking;

  Places(int places) {
    this.places = places;
  }

  Collection<Lease> attached() {
    return attached.values();
  }

  /** Whether this session is attached; then its lease is renewed. */
  boolean renew(User.Attach attach, long round) {
    if (!attached.containsKey(attach.session())) {
      return false;
    }
    attached.put(attach.session(), lease(attach, round));
    silent.remove(attach.session());
    asked.remove(attach.session());
    return true;
  }

  boolean hasRoom() {
    return attached.size() - silent.size() < places;
  }

  /** Attaches a newcomer, when there is room. */
  void take(User.Attach attach, long round) {
    if (attached.size() >= 2L * places) {
      forget(silent.iterator().next());
    }
    waiting.remove(attach.session());
    attached.put(attach.session(), lease(attach, round));
  }

  private static Lease lease(User.Attach attach, long round) {
    return new Lease(attach.to(), attach.signIn(), round);
  }

  /** Whether this newcomer may wait: no more than could be let in, were nobody else there. */
  boolean await(User.Attach attach) {
    Newcomer before = waiting.get(attach.session());
    if (before == null && waiting.size() >= places) {
      return false;
    }
    waiting.put(
        attach.session(), new Newcomer(attach, before == null ? questions : before.questions()));
    return true;
  }

  boolean isAwaited() {
    return !waiting.isEmpty();
  }

  /** Begins a question; the sessions to put it to. */
  List<Lease> ask() {
    questions++;
    isAsking = true;
    asked.addAll(attached.keySet());
    asked.removeAll(silent);
    return asked.stream()
        .flatMap(session -> Optional.ofNullable(attached.get(session)).stream())
        .toList();
  }

  boolean isAnswered() {
    return isAsking && asked.isEmpty();
  }

  /** The question is over: who hasn't answered it holds no place. */
  void settle() {
    isAsking = false;
    silent.addAll(asked);
    asked.clear();
  }

  /** The newcomer whose turn it is, if there is room. */
  Optional<User.Attach> next() {
    return hasRoom()
        ? waiting.values().stream().findFirst().map(Newcomer::attach)
        : Optional.empty();
  }

  /** Newcomers for whom a question found no room; they wait no longer. */
  List<User.Attach> refused() {
    if (isAsking) {
      return List.of();
    }
    List<User.Attach> refused =
        waiting.values().stream()
            .filter(newcomer -> newcomer.questions() < questions)
            .map(Newcomer::attach)
            .toList();
    refused.forEach(attach -> waiting.remove(attach.session()));
    return refused;
  }

  /** Whether it was attached. */
  boolean leave(String session) {
    waiting.remove(session);
    return forget(session);
  }

  private boolean forget(String session) {
    silent.remove(session);
    asked.remove(session);
    return attached.remove(session) != null;
  }

  /** Ends leases last renewed before this round. Returns whether there were any. */
  boolean expire(long oldest) {
    boolean any = attached.values().removeIf(lease -> lease.renewedInRound() < oldest);
    silent.retainAll(attached.keySet());
    asked.retainAll(attached.keySet());
    return any;
  }

  /** The sessions of a sign-in that was ended. Those that are attached leave by themselves. */
  List<ActorRef<Push>> endSignIn(String signIn) {
    List<ActorRef<Push>> ended = new ArrayList<>();
    for (Lease lease : attached.values()) {
      if (lease.signIn().equals(signIn)) {
        ended.add(lease.to());
      }
    }
    for (Newcomer newcomer : List.copyOf(waiting.values())) {
      if (newcomer.attach().signIn().equals(signIn)) {
        ended.add(newcomer.attach().to());
        waiting.remove(newcomer.attach().session());
      }
    }
    return ended;
  }

  /** Everybody who is attached or waits. */
  List<ActorRef<Push>> all() {
    List<ActorRef<Push>> all = new ArrayList<>();
    attached.values().forEach(lease -> all.add(lease.to()));
    waiting.values().forEach(newcomer -> all.add(newcomer.attach().to()));
    return all;
  }
}

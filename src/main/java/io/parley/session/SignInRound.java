package io.parley.session;

import io.parley.user.Push;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * On which sign-ins the sessions of a node stand, each named once, and how far the present look at
 * them has come. Pure.
 */
final class SignInRound {
  /** Named in one question. */
  static final int AT_ONCE = 1_000;

  private final Map<String, String> signIns = new HashMap<>();
  private final Map<String, Map<String, ActorRef<Push>>> sessions = new HashMap<>();
  private final Deque<String> left = new ArrayDeque<>();

  void add(String session, String signIn, ActorRef<Push> pushes) {
    signIns.put(session, signIn);
    sessions.computeIfAbsent(signIn, same -> new HashMap<>()).put(session, pushes);
  }

  void remove(String session) {
    String signIn = signIns.remove(session);
    if (signIn != null) {
      sessions.computeIfPresent(
          signIn,
          (same, others) -> {
            others.remove(session);
            return others.isEmpty() ? null : others;
          });
    }
  }

  /** Begins anew, with all that there are now. */
  void begin() {
    left.clear();
    left.addAll(sessions.keySet());
  }

  /** Those to ask about next; empty when the round is over. */
  Set<String> next() {
    Set<String> next = new LinkedHashSet<>();
    while (next.size() < AT_ONCE && !left.isEmpty()) {
      next.add(left.remove());
    }
    return next;
  }

  void giveUp() {
    left.clear();
  }

  Collection<ActorRef<Push>> sessionsOn(String signIn) {
    Map<String, ActorRef<Push>> on = sessions.get(signIn);
    return on == null ? List.of() : on.values();
  }
}

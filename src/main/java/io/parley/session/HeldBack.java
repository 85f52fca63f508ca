package io.parley.session;

import io.parley.model.ConversationId;
import io.parley.model.OutboxNumber;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Operations of a client that sends too much, for which there is no room yet: in the order in which
 * they came, by conversation, so that none waits behind one of another conversation.
 *
 * <p>Pure; times are nanoseconds of any steady clock. What waits here is bounded by {@link Credit}:
 * the socket doesn't get it back for what is held back, and hands over nothing beyond it.
 */
final class HeldBack {
  /**
   * For so long one waits at most, of the {@link Operations#BUDGET} that it has from when it came:
   * what is left is enough to ask its conversation once.
   */
  static final Duration PATIENCE = Duration.ofSeconds(10);

  /**
   * The same while as much is held back as may be. Others may wait behind it then, unread, and are
   * to be answered within 20 s as well.
   */
  static final Duration PATIENCE_WHEN_FULL = Duration.ofSeconds(4);

  /**
   * An operation that came.
   *
   * @param id names it in the frames of its client
   * @param credit what its frame counts
   */
  record Held(long id, Request request, long cameNanos, int credit) {
    boolean isDue(long nowNanos, boolean isFull) {
      Duration patience = isFull ? PATIENCE_WHEN_FULL : PATIENCE;
      return nowNanos - cameNanos >= patience.toNanos();
    }

    Held since(long nanos) {
      return new Held(id, request, nanos, credit);
    }
  }

  private final Map<ConversationId, LinkedHashMap<OutboxNumber, Held>> queues =
      new LinkedHashMap<>(0);

  /**
   * Adds one. A copy of it that waits already gives its place to it, and is returned: a client that
   * sends all again whenever something is refused would fill the room with copies, and nobody would
   * read what comes behind.
   */
  Optional<Held> add(Held held) {
    Request request = held.request();
    LinkedHashMap<OutboxNumber, Held> queue =
        queues.computeIfAbsent(request.conversation(), first -> new LinkedHashMap<>());
    Held copy = queue.get(request.number());
    // Not due later than the copy: what stands behind has waited for as long.
    queue.put(request.number(), copy == null ? held : held.since(copy.cameNanos()));
    return Optional.ofNullable(copy);
  }

  boolean isEmpty() {
    return queues.isEmpty();
  }

  boolean isEmpty(ConversationId conversation) {
    return !queues.containsKey(conversation);
  }

  /** Takes the one that came first, of those that are first of their conversation and may go. */
  Optional<Held> take(Predicate<Held> mayGo) {
    Optional<Held> first = Optional.empty();
    for (LinkedHashMap<OutboxNumber, Held> queue : queues.values()) {
      Held head = queue.values().iterator().next();
      boolean isEarlier = first.isEmpty() || head.cameNanos() - first.get().cameNanos() < 0;
      if (isEarlier && mayGo.test(head)) {
        first = Optional.of(head);
      }
    }
    first.ifPresent(held -> remove(held.request()));
    return first;
  }

  private void remove(Request request) {
    queues.computeIfPresent(
        request.conversation(),
        (same, queue) -> {
          queue.remove(request.number());
          return queue.isEmpty() ? null : queue;
        });
  }

  /** Forgets all of it: they are for the next node. */
  void clear() {
    queues.clear();
  }
}

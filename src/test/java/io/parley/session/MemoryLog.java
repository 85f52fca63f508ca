package io.parley.session;

import io.parley.history.Target;
import io.parley.model.ConversationEvent;
import io.parley.model.ConversationId;
import io.parley.model.Operation;
import io.parley.model.OutboxNumber;
import io.parley.model.SequencedEvent;
import io.parley.model.UserId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.stream.IntStream;

/** The log over events that somebody else keeps in memory; it can fail when it is told to. */
public final class MemoryLog implements Log {
  private final Function<ConversationId, List<ConversationEvent>> stored;
  private final AtomicInteger failures = new AtomicInteger();

  public MemoryLog(Function<ConversationId, List<ConversationEvent>> stored) {
    this.stored = stored;
  }

  /** The next reads fail, so many. */
  public void failNext(int reads) {
    failures.set(reads);
  }

  public List<SequencedEvent> all(ConversationId conversation) {
    List<ConversationEvent> events = stored.apply(conversation);
    return IntStream.range(0, events.size())
        .mapToObj(i -> new SequencedEvent(i + 1, events.get(i)))
        .toList();
  }

  public long head(ConversationId conversation) {
    return stored.apply(conversation).size();
  }

  @Override
  public CompletionStage<Map<ConversationId, Long>> heads(Set<ConversationId> conversations) {
    Map<ConversationId, Long> heads = new HashMap<>();
    conversations.forEach(conversation -> heads.put(conversation, head(conversation)));
    return answer(heads);
  }

  @Override
  public CompletionStage<List<SequencedEvent>> after(
      ConversationId conversation, long seq, int limit, int bytes) {
    return answer(
        all(conversation).stream().filter(event -> event.seq() > seq).limit(limit).toList());
  }

  @Override
  public CompletionStage<Map<ConversationId, List<SequencedEvent>>> after(
      Map<ConversationId, Long> places, int limit, int bytes) {
    Map<ConversationId, List<SequencedEvent>> pages = new HashMap<>();
    int share = Math.max(1, limit / places.size());
    int left = bytes;
    for (Map.Entry<ConversationId, Long> place : places.entrySet()) {
      for (SequencedEvent event : all(place.getKey())) {
        boolean isNext = event.seq() > place.getValue() && event.seq() <= place.getValue() + share;
        left -= isNext ? event.toString().length() : 0;
        if (isNext && (left >= 0 || pages.isEmpty())) {
          pages.computeIfAbsent(place.getKey(), first -> new ArrayList<>()).add(event);
        }
      }
    }
    return answer(pages);
  }

  @Override
  public CompletionStage<List<SequencedEvent>> before(
      ConversationId conversation, long seq, int limit, int bytes) {
    List<SequencedEvent> before =
        all(conversation).stream().filter(event -> event.seq() < seq).toList();
    return answer(
        new ArrayList<>(before.subList(Math.max(0, before.size() - limit), before.size())));
  }

  @Override
  public CompletionStage<Optional<SequencedEvent>> event(ConversationId conversation, long seq) {
    return answer(all(conversation).stream().filter(event -> event.seq() == seq).findFirst());
  }

  @Override
  public CompletionStage<Optional<SequencedEvent>> find(
      ConversationId conversation, UserId by, OutboxNumber number, BooleanSupplier wanted) {
    return answer(
        all(conversation).stream()
            .filter(event -> event.event().by().equals(by))
            .filter(event -> event.event().usedNumber().equals(Optional.of(number)))
            .findFirst());
  }

  @Override
  public CompletionStage<Optional<Target>> target(ConversationId conversation, long seq) {
    boolean deleted =
        all(conversation).stream()
            .map(SequencedEvent::event)
            .anyMatch(
                event ->
                    event instanceof ConversationEvent.Operated operated
                        && operated.operation().equals(new Operation.Delete(seq)));
    return event(conversation, seq)
        .thenApply(found -> found.map(event -> new Target(event, deleted, Set.of())));
  }

  private <T> CompletionStage<T> answer(T value) {
    return failures.getAndUpdate(left -> Math.max(0, left - 1)) > 0
        ? CompletableFuture.failedFuture(new IllegalStateException("the log is away"))
        : CompletableFuture.completedFuture(value);
  }
}

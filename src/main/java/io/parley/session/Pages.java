package io.parley.session;

import io.parley.model.ConversationId;
import io.parley.model.SequencedEvent;
import io.parley.model.UserId;
import io.parley.protocol.EncodedEvent;
import io.parley.protocol.EventBatches;
import io.parley.protocol.EventJson;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Pages of a conversation's log for one of its participants, for both doors. */
public final class Pages {
  /** At most one of before and after; neither asks for the newest. */
  public record Bounds(OptionalLong before, OptionalLong after, OptionalInt limit) {}

  /**
   * Events in ascending order, encoded for the one who asked.
   *
   * @param start whether it begins with the first event of the log, or the log is empty
   */
  public record Page(List<EncodedEvent> events, boolean start, long head) {
    public Page {
      events = List.copyOf(events);
    }
  }

  private final Log log;
  private final Directory directory;
  private final EventBatches batches;
  private final int maxEvents;
  private final int maxBytes;

  private Pages(SessionPorts ports, EventBatches batches, int maxBytes) {
    this.log = ports.log();
    this.directory = ports.directory();
    this.batches = batches;
    this.maxEvents = ports.limits().frames().page();
    this.maxBytes = maxBytes;
  }

  /** Pages that fit a frame. */
  public static Pages forFrames(SessionPorts ports) {
    return new Pages(
        ports, EventBatches.forFrames(ports.limits()), ports.limits().frames().frameBytes());
  }

  /** Pages that fit a body. */
  public static Pages forBodies(SessionPorts ports) {
    return new Pages(
        ports, EventBatches.forPages(ports.limits()), ports.limits().frames().pageBytes());
  }

  /** Empty when this conversation isn't this person's, or isn't at all. */
  public CompletionStage<Optional<Page>> read(
      UserId me, ConversationId conversation, Bounds bounds) {
    return directory
        .participants(conversation)
        .thenCompose(
            pair ->
                pair.filter(both -> both.include(me)).isPresent()
                    ? readMine(me, conversation, bounds).thenApply(Optional::of)
                    : CompletableFuture.completedFuture(Optional.empty()));
  }

  private CompletionStage<Page> readMine(UserId me, ConversationId conversation, Bounds bounds) {
    int limit = Math.min(bounds.limit().orElse(maxEvents), maxEvents);
    boolean ascending = bounds.after().isPresent();
    CompletionStage<List<SequencedEvent>> events =
        ascending
            ? log.after(conversation, bounds.after().getAsLong(), limit, maxBytes)
            : log.before(conversation, bounds.before().orElse(Long.MAX_VALUE), limit, maxBytes);
    // The head is read after the events: a page never ends past the head that it tells.
    return events.thenCompose(
        found ->
            log.heads(Set.of(conversation))
                .thenApply(
                    heads -> page(me, found, ascending, heads.getOrDefault(conversation, 0L))));
  }

  private Page page(UserId me, List<SequencedEvent> found, boolean ascending, long head) {
    List<EncodedEvent> encoded =
        found.stream()
            .map(event -> EventJson.encode(event, event.event().by().equals(me)))
            .toList();
    List<EncodedEvent> cut = ascending ? batches.oldest(encoded) : batches.newest(encoded);
    boolean start = cut.isEmpty() ? !ascending : cut.get(0).seq() == 1;
    return new Page(cut, start, head);
  }
}

package io.parley.session;

import io.parley.history.Target;
import io.parley.model.ConversationId;
import io.parley.model.OutboxNumber;
import io.parley.model.SequencedEvent;
import io.parley.model.UserId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;

/**
 * The stored log of every conversation, read from the journal itself. A read that starts after a
 * commit shows it. Every call may fail when PostgreSQL can't be reached.
 */
public interface Log {

  /** The highest sequence number of each, 0 when nothing was ever stored. */
  CompletionStage<Map<ConversationId, Long>> heads(Set<ConversationId> conversations);

  /** The events next after {@code seq}, ascending; cut by bytes before count, but never empty. */
  CompletionStage<List<SequencedEvent>> after(
      ConversationId conversation, long seq, int limit, int bytes);

  /**
   * The events next after each of these places, ascending; conversations without any are left out.
   * The limits are for all of them together: each has its share of the events, and bytes go to
   * those that the map has first. What is cut by bytes is cut there and for all that follow; the
   * first event always comes.
   */
  CompletionStage<Map<ConversationId, List<SequencedEvent>>> after(
      Map<ConversationId, Long> places, int limit, int bytes);

  /** The events next before {@code seq}, ascending as well, cut likewise. */
  CompletionStage<List<SequencedEvent>> before(
      ConversationId conversation, long seq, int limit, int bytes);

  CompletionStage<Optional<SequencedEvent>> event(ConversationId conversation, long seq);

  /**
   * The event stored under an old number: a scan, given up once nobody wants its result. Fails at
   * once when one is under way for this person, or several at this node.
   */
  CompletionStage<Optional<SequencedEvent>> find(
      ConversationId conversation, UserId by, OutboxNumber number, BooleanSupplier wanted);

  /** What an operation names, as it is now; empty when the log has nothing there. */
  CompletionStage<Optional<Target>> target(ConversationId conversation, long seq);
}

package io.parley;

import io.parley.database.Statements;
import io.parley.history.History;
import io.parley.history.NumberSearch;
import io.parley.history.PageLimit;
import io.parley.history.Target;
import io.parley.history.Targets;
import io.parley.model.ConversationId;
import io.parley.model.OutboxNumber;
import io.parley.model.SequencedEvent;
import io.parley.model.UserId;
import io.parley.session.Log;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;

/** What sessions ask of the history. */
final class JournalLog implements Log {
  private final History history;
  private final NumberSearch numbers;
  private final Targets targets;

  JournalLog(Statements database) {
    this.history = new History(database);
    this.numbers = new NumberSearch(database);
    this.targets = new Targets(database);
  }

  @Override
  public CompletionStage<Map<ConversationId, Long>> heads(Set<ConversationId> conversations) {
    return history.heads(conversations);
  }

  @Override
  public CompletionStage<List<SequencedEvent>> after(
      ConversationId conversation, long seq, int limit, int bytes) {
    return history.after(conversation, seq, new PageLimit(limit, bytes));
  }

  @Override
  public CompletionStage<Map<ConversationId, List<SequencedEvent>>> after(
      Map<ConversationId, Long> places, int limit, int bytes) {
    return history.after(places, new PageLimit(limit, bytes));
  }

  @Override
  public CompletionStage<List<SequencedEvent>> before(
      ConversationId conversation, long seq, int limit, int bytes) {
    return history.before(conversation, seq, new PageLimit(limit, bytes));
  }

  @Override
  public CompletionStage<Optional<SequencedEvent>> event(ConversationId conversation, long seq) {
    return history.event(conversation, seq);
  }

  @Override
  public CompletionStage<Optional<SequencedEvent>> find(
      ConversationId conversation, UserId by, OutboxNumber number, BooleanSupplier wanted) {
    return numbers.find(conversation, by, number, wanted);
  }

  @Override
  public CompletionStage<Optional<Target>> target(ConversationId conversation, long seq) {
    return targets.at(conversation, seq);
  }
}

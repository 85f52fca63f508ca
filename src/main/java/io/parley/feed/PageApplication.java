package io.parley.feed;

import io.parley.database.Database;
import io.parley.database.Statements;
import io.parley.feed.StoreReadSide.Changed;
import io.parley.model.ConversationEvent;
import io.parley.model.ConversationEvent.Operated;
import io.parley.model.ConversationId;
import io.parley.model.Operation;
import io.parley.model.SequencedEvent;
import io.parley.model.UserId;
import io.parley.serialization.ConversationLog;
import io.parley.serialization.EventCbor;
import io.parley.serialization.EventSerializer;
import io.parley.serialization.PersistedFormatException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/**
 * Applies a page of the feed in one transaction: all of it or nothing, and nothing if another
 * worker applied any of it before.
 */
final class PageApplication {
  private final Database database;
  private final Executor folding;
  private final int previewCodePoints;

  /**
   * @param folding where decoding and folding run: not on the driver's threads
   */
  PageApplication(Database database, Executor folding, int previewCodePoints) {
    this.database = database;
    this.folding = folding;
    this.previewCodePoints = previewCodePoints;
  }

  /**
   * What a page came to.
   *
   * @param erasures whether texts have to be erased now
   */
  record Applied(Map<UserId, HeadNotice> notices, boolean erasures) {
    static final Applied NOTHING = new Applied(Map.of(), false);

    Applied {
      notices = Map.copyOf(notices);
    }
  }

  /**
   * Applies rows as they were read, in their order.
   *
   * <p>Fails with a {@link PoisonException} at a row that can't be applied, with an {@link
   * OffsetMovedException} when these rows are no longer the next ones.
   */
  CompletionStage<Applied> apply(List<FeedRow> rows) {
    Map<ConversationId, Stretch> stretches = stretches(rows);
    return database.inTransaction(
        transaction ->
            Offsets.movePast(transaction, rows)
                .thenCompose(moved -> applyTo(transaction, stretches)));
  }

  /** What {@link #apply} does to the tables, in somebody else's transaction and no offset moved. */
  CompletionStage<Applied> fold(Statements transaction, List<FeedRow> rows) {
    return applyTo(transaction, stretches(rows));
  }

  /** The events of one conversation in a page. */
  private record Stretch(int range, List<CommittedEvent> events) {
    List<Long> named() {
      return events.stream()
          .flatMap(event -> named(event.sequenced().event()).stream())
          .distinct()
          .toList();
    }

    private static Optional<Long> named(ConversationEvent event) {
      if (event instanceof Operated operated) {
        if (operated.operation() instanceof Operation.Edit edit) {
          return Optional.of(edit.of());
        } else if (operated.operation() instanceof Operation.Delete delete) {
          return Optional.of(delete.of());
        } else if (operated.operation() instanceof Operation.React react) {
          return Optional.of(react.of());
        }
      }
      return Optional.empty();
    }
  }

  private static Map<ConversationId, Stretch> stretches(List<FeedRow> rows) {
    Map<ConversationId, Stretch> stretches = new LinkedHashMap<>();
    for (FeedRow row : rows) {
      if (row.deleted()) {
        continue;
      }
      Optional<ConversationId> conversation =
          ConversationLog.conversation(row.key().persistenceId());
      if (conversation.isPresent()) {
        stretches
            .computeIfAbsent(conversation.get(), id -> new Stretch(row.range(), new ArrayList<>()))
            .events
            .add(new CommittedEvent(event(row), row.key().position()));
      }
    }
    return stretches;
  }

  private static SequencedEvent event(FeedRow row) {
    FeedKey key = row.key();
    if (row.serializerId() != EventSerializer.IDENTIFIER) {
      throw new PoisonException(
          key.persistenceId(), key.seqNr(), "written by serializer " + row.serializerId());
    }
    try {
      return new SequencedEvent(
          key.seqNr(), EventCbor.CODEC.fromBytes(row.manifest(), row.payload()));
    } catch (PersistedFormatException e) {
      throw new PoisonException(key.persistenceId(), key.seqNr(), String.valueOf(e.getMessage()));
    }
  }

  private CompletionStage<Applied> applyTo(
      Statements transaction, Map<ConversationId, Stretch> stretches) {
    if (stretches.isEmpty()) {
      return CompletableFuture.completedFuture(Applied.NOTHING);
    }
    Map<ConversationId, List<CommittedEvent>> events = new LinkedHashMap<>();
    Map<ConversationId, List<Long>> named = new HashMap<>();
    stretches.forEach(
        (conversation, stretch) -> {
          events.put(conversation, stretch.events);
          named.put(conversation, stretch.named());
        });
    return new LoadReadSide(transaction)
        .load(events, named)
        .thenComposeAsync(
            stored -> {
              List<Changed> changed = fold(stretches, stored);
              return new StoreReadSide(transaction, changed)
                  .store()
                  .thenApply(versions -> applied(changed, versions));
            },
            folding);
  }

  private List<Changed> fold(
      Map<ConversationId, Stretch> stretches, Map<ConversationId, Stored> stored) {
    List<Changed> changed = new ArrayList<>();
    stretches.forEach(
        (conversation, stretch) ->
            changed.add(
                new Changed(
                    stretch.range,
                    conversation,
                    SummaryFold.fold(
                        ConversationLog.persistenceId(conversation),
                        stored.getOrDefault(conversation, Stored.NOTHING),
                        stretch.events,
                        previewCodePoints))));
    return changed;
  }

  private static Applied applied(List<Changed> changed, Map<UserId, Long> versions) {
    Map<UserId, HeadNotice> notices = new HashMap<>();
    boolean erasures = false;
    for (Changed one : changed) {
      Folded folded = one.folded();
      erasures |= !folded.deleted().isEmpty() || !folded.lateEdits().isEmpty();
      Map<ConversationId, Long> head = Map.of(one.conversation(), folded.view().asOf());
      for (UserId user :
          List.of(folded.view().participants().first(), folded.view().participants().second())) {
        notices.merge(user, new HeadNotice(versions.getOrDefault(user, 0L), head), HeadNotice::and);
      }
    }
    return new Applied(notices, erasures);
  }
}

package io.parley.feed;

import io.parley.feed.ConversationView.Side;
import io.parley.feed.Folded.Edit;
import io.parley.feed.Folded.Reaction;
import io.parley.model.ConversationEvent;
import io.parley.model.ConversationEvent.Erased;
import io.parley.model.ConversationEvent.Marked;
import io.parley.model.ConversationEvent.Opened;
import io.parley.model.ConversationEvent.Operated;
import io.parley.model.ConversationEvent.Skipped;
import io.parley.model.ConversationSummary.LastMessage;
import io.parley.model.Marks;
import io.parley.model.MessageText;
import io.parley.model.Operation;
import io.parley.model.Participants;
import io.parley.model.UserId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Folds a stretch of a conversation's log into its summaries. Pure: the same events in the same
 * order give the same result, whatever pages they come in, and an event that was counted already
 * changes nothing.
 *
 * <p>A deletion wins over an edit, wherever the edit stands. What was erased in the journal in the
 * meantime folds to the same as what is erased later.
 */
final class SummaryFold {
  private final int previewCodePoints;

  private final Map<Long, StoredMessage> known = new HashMap<>();
  private final Set<Long> changed = new HashSet<>();
  private final List<Edit> edits = new ArrayList<>();
  private final Map<Reaction, Boolean> reactions = new LinkedHashMap<>();
  private final Set<Long> deleted = new HashSet<>();
  private final Set<Long> lateEdits = new HashSet<>();

  private Optional<Participants> participants;
  private long asOf;
  private final Map<UserId, Marks> marks = new HashMap<>();
  private final Map<UserId, Long> unread = new HashMap<>();
  private final Map<UserId, Long> finalReads;
  private Optional<LastMessage> last;
  private long activity;

  private SummaryFold(Stored stored, Map<UserId, Long> risenReads, int previewCodePoints) {
    this.previewCodePoints = previewCodePoints;
    this.known.putAll(stored.messages());
    this.finalReads = new HashMap<>(risenReads);
    this.participants = stored.view().map(ConversationView::participants);
    this.asOf = stored.view().map(ConversationView::asOf).orElse(0L);
    this.last = stored.view().flatMap(ConversationView::last);
    this.activity = stored.view().map(ConversationView::activity).orElse(0L);
    stored.view().ifPresent(view -> load(view, stored.unread()));
  }

  private void load(ConversationView view, Map<UserId, Long> unreadPast) {
    for (UserId user : List.of(view.participants().first(), view.participants().second())) {
      Side side = view.side(user);
      marks.put(user, side.marks());
      finalReads.putIfAbsent(user, side.marks().read());
      unread.put(user, unreadPast.getOrDefault(user, side.unread()));
    }
  }

  /**
   * The read marks that these events raise, as they are at the end. What somebody hasn't read is
   * counted past the last mark at once, so that no event has to be counted twice.
   */
  static Map<UserId, Long> risenReads(
      Optional<ConversationView> view, List<CommittedEvent> events) {
    Map<UserId, Long> risen = new HashMap<>();
    for (CommittedEvent event : events) {
      ConversationEvent said = event.sequenced().event();
      said.marks().ifPresent(marks -> risen.merge(said.by(), marks.read(), Math::max));
    }
    risen
        .entrySet()
        .removeIf(
            read ->
                read.getValue()
                    <= view.map(stored -> stored.side(read.getKey()).marks().read()).orElse(0L));
    return risen;
  }

  /**
   * Goes on from {@code stored} with the events that follow.
   *
   * @throws PoisonException at an event that can't be the next one of this conversation
   */
  static Folded fold(
      String persistenceId, Stored stored, List<CommittedEvent> events, int previewCodePoints) {
    SummaryFold fold =
        new SummaryFold(stored, risenReads(stored.view(), events), previewCodePoints);
    for (CommittedEvent event : events) {
      if (event.seq() > fold.asOf) {
        fold.applyNext(persistenceId, event);
      }
    }
    return fold.folded();
  }

  private void applyNext(String persistenceId, CommittedEvent event) {
    if (event.seq() != asOf + 1) {
      throw new PoisonException(
          persistenceId, event.seq(), "the log has a hole, the last one was " + asOf);
    }
    try {
      apply(event);
    } catch (IllegalArgumentException e) {
      throw new PoisonException(persistenceId, event.seq(), String.valueOf(e.getMessage()));
    }
    asOf = event.seq();
  }

  private void apply(CommittedEvent committed) {
    ConversationEvent event = committed.sequenced().event();
    if (event instanceof Opened opened) {
      participants = Optional.of(opened.participants());
      activity = committed.position();
      return;
    }
    UserId peer = peerOf(event.by());
    event.marks().ifPresent(to -> marks.merge(event.by(), to, Marks::max));
    if (event instanceof Operated operated) {
      apply(committed, operated, peer);
    } else if (event instanceof Erased erased) {
      // Of an erased edit nothing shows: its message is erased as well.
      if (erased.of().isEmpty()) {
        add(
            new StoredMessage(
                committed.seq(),
                erased.by(),
                erased.at(),
                committed.position(),
                "",
                OptionalLong.empty(),
                false,
                true),
            peer);
      }
    } else if (!(event instanceof Marked || event instanceof Skipped)) {
      throw new IllegalArgumentException("no fold for " + event.getClass().getSimpleName());
    }
  }

  private void apply(CommittedEvent committed, Operated operated, UserId peer) {
    if (operated.operation() instanceof Operation.Message message) {
      add(
          new StoredMessage(
              committed.seq(),
              operated.by(),
              operated.at(),
              committed.position(),
              message.text(),
              message.replyTo(),
              false,
              false),
          peer);
    } else if (operated.operation() instanceof Operation.Edit edit) {
      ownMessage(edit.of(), operated.by())
          .ifPresent(message -> edit(message, edit.text(), committed.seq()));
    } else if (operated.operation() instanceof Operation.Delete delete) {
      ownMessage(delete.of(), operated.by()).ifPresent(message -> delete(message, peer));
    } else if (operated.operation() instanceof Operation.React react) {
      if (known.containsKey(react.of())) {
        reactions.put(new Reaction(react.of(), react.emoji(), operated.by()), react.on());
      }
    }
  }

  private void add(StoredMessage message, UserId peer) {
    put(message);
    last =
        Optional.of(
            new LastMessage(
                message.seq(),
                message.by(),
                message.at(),
                preview(message.text()),
                message.erased()));
    activity = message.position();
    if (!message.erased()) {
      countUnread(peer, message, 1);
    }
  }

  private void edit(StoredMessage message, String text, long seq) {
    if (message.erased()) {
      lateEdits.add(seq);
      return;
    }
    put(message.withText(text));
    edits.add(new Edit(message.seq(), seq));
    last =
        last.map(
            newest ->
                newest.seq() == message.seq()
                    ? new LastMessage(newest.seq(), newest.by(), newest.at(), preview(text), false)
                    : newest);
  }

  private void delete(StoredMessage message, UserId peer) {
    if (message.erased()) {
      return;
    }
    put(message.withoutText());
    deleted.add(message.seq());
    countUnread(peer, message, -1);
    last =
        last.map(
            newest ->
                newest.seq() == message.seq()
                    ? new LastMessage(newest.seq(), newest.by(), newest.at(), "", true)
                    : newest);
  }

  private void countUnread(UserId reader, StoredMessage message, int change) {
    if (message.seq() > finalReads.getOrDefault(reader, 0L)) {
      unread.merge(reader, (long) change, Long::sum);
    }
  }

  private void put(StoredMessage message) {
    known.put(message.seq(), message);
    changed.add(message.seq());
  }

  private Optional<StoredMessage> ownMessage(long seq, UserId by) {
    return Optional.ofNullable(known.get(seq)).filter(message -> message.by().equals(by));
  }

  private UserId peerOf(UserId user) {
    return participants
        .orElseThrow(() -> new IllegalArgumentException("the log doesn't begin with its opening"))
        .peerOf(user);
  }

  private String preview(String text) {
    return MessageText.preview(text, previewCodePoints);
  }

  private Folded folded() {
    Participants both =
        participants.orElseThrow(() -> new IllegalArgumentException("nothing to fold"));
    reactions.keySet().removeIf(reaction -> isErased(reaction.of()));
    return new Folded(
        new ConversationView(
            both, asOf, sideOf(both.first()), sideOf(both.second()), last, activity),
        changed.stream()
            .sorted()
            .flatMap(seq -> Optional.ofNullable(known.get(seq)).stream())
            .toList(),
        edits,
        reactions,
        deleted,
        lateEdits);
  }

  private boolean isErased(long seq) {
    StoredMessage message = known.get(seq);
    return message == null || message.erased();
  }

  private Side sideOf(UserId user) {
    return new Side(marks.getOrDefault(user, Marks.NONE), unread.getOrDefault(user, 0L));
  }
}

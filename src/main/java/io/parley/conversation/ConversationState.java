package io.parley.conversation;

import io.parley.conversation.Decision.Forgotten;
import io.parley.conversation.Decision.Gone;
import io.parley.conversation.Decision.NotStored;
import io.parley.conversation.Decision.OutOfOrder;
import io.parley.conversation.Decision.Persist;
import io.parley.conversation.Decision.Spend;
import io.parley.conversation.Decision.Stored;
import io.parley.model.ConversationEvent;
import io.parley.model.Marks;
import io.parley.model.Operation;
import io.parley.model.OutboxNumber;
import io.parley.model.Participants;
import io.parley.model.UserId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * All that a conversation needs to know to accept the next operation; no texts, no hashes of them.
 * Pure: {@code decide} says what should happen and changes nothing, {@link #apply} is what an event
 * does, live and in replay alike. A simulation can run it without actors.
 *
 * @param participants empty until the first operation opens the log
 * @param head the highest sequence number, which is the journal's own
 * @param first what is known of {@link Participants#first()}
 * @param second what is known of {@link Participants#second()}
 * @param deleted the messages deleted last, oldest first: the read side learns of a deletion a
 *     moment later, and an edit sent right after it should not be accepted
 */
record ConversationState(
    Optional<Participants> participants,
    long head,
    Participation first,
    Participation second,
    List<Long> deleted) {
  static final int DELETED_LIMIT = 32;
  static final ConversationState EMPTY =
      new ConversationState(Optional.empty(), 0, Participation.NEW, Participation.NEW, List.of());

  ConversationState {
    deleted = List.copyOf(deleted);
  }

  Participation of(UserId user) {
    return participants
        .map(both -> both.first().equals(user) ? first : second)
        .orElse(Participation.NEW);
  }

  /**
   * What becomes of an operation under its number. The caller vouches that {@code by} is one of the
   * {@code pair}.
   *
   * @param spent numbers used for nothing that no event has told of yet
   */
  Decision decide(
      UserId by,
      OutboxNumber number,
      Operation operation,
      Optional<Marks> claimed,
      Participants pair,
      SpentNumbers spent,
      long now) {
    Optional<Decision> used = decideUsed(by, number, spent);
    if (used.isPresent()) {
      return used.get();
    }
    if (changed(operation).stream().anyMatch(deleted::contains)) {
      return new Gone();
    }
    List<ConversationEvent> events = new ArrayList<>(2);
    if (participants.isEmpty()) {
      events.add(new ConversationEvent.Opened(by, now, pair));
    }
    Optional<Marks> marks = claimed.flatMap(claim -> rise(by, claim));
    events.add(new ConversationEvent.Operated(by, now, number, operation, marks));
    return new Persist(events, head + events.size());
  }

  /** What becomes of a number that is to be used for nothing: a skip, or a refusal. */
  Decision decideSpend(UserId by, OutboxNumber number, SpentNumbers spent) {
    return decideUsed(by, number, spent).orElseGet(Spend::new);
  }

  /** The marks that this claim raises, lowered to messages of the peer; empty if it raises none. */
  Optional<Marks> rise(UserId by, Marks claimed) {
    Participation mine = of(by);
    Marks raised = mine.raisedBy(claimed);
    return raised.isBeyond(mine.marks()) ? Optional.of(raised) : Optional.empty();
  }

  ConversationState apply(ConversationEvent event) {
    long seq = head + 1;
    ConversationState next = new ConversationState(participants, seq, first, second, deleted);
    if (event instanceof ConversationEvent.Opened opened) {
      return new ConversationState(Optional.of(opened.participants()), seq, first, second, deleted);
    }
    if (event instanceof ConversationEvent.Operated operated) {
      next = next.use(operated.by(), operated.number(), seq);
      if (operated.operation() instanceof Operation.Message) {
        next = next.withMessageBy(operated.by(), seq);
      } else if (operated.operation() instanceof Operation.Delete delete) {
        next = next.withDeleted(delete.of());
      }
    } else if (event instanceof ConversationEvent.Erased erased) {
      next = next.use(erased.by(), erased.number(), seq);
      if (erased.of().isEmpty()) {
        next = next.withMessageBy(erased.by(), seq);
      }
    }
    Optional<Marks> marks = event.marks();
    return marks.isPresent() ? next.with(event.by(), next.of(event.by()).with(marks.get())) : next;
  }

  /** Empty when the number is the next one, free to be used. */
  private Optional<Decision> decideUsed(UserId by, OutboxNumber number, SpentNumbers spent) {
    Optional<Numbers> known = of(by).outboxes().find(number.outbox());
    if (known.isEmpty()) {
      return Optional.of(new Forgotten(true));
    }
    Numbers numbers = known.get();
    long last = Math.max(numbers.last(), spent.last(by, number.outbox()));
    if (number.n() > last + 1) {
      return Optional.of(new OutOfOrder(last + 1));
    }
    if (number.n() == last + 1) {
      return Optional.empty();
    }
    if (number.n() > numbers.last()) {
      return Optional.of(new NotStored());
    }
    if (!numbers.remembers(number.n())) {
      return Optional.of(new Forgotten(false));
    }
    long seq = numbers.seqOf(number.n());
    return Optional.of(seq == Numbers.NOT_STORED ? new NotStored() : new Stored(seq));
  }

  /** The message that an operation would change. */
  private static Optional<Long> changed(Operation operation) {
    OptionalLong of = OptionalLong.empty();
    if (operation instanceof Operation.Edit edit) {
      of = OptionalLong.of(edit.of());
    } else if (operation instanceof Operation.Delete delete) {
      of = OptionalLong.of(delete.of());
    } else if (operation instanceof Operation.React react) {
      of = OptionalLong.of(react.of());
    }
    return of.isPresent() ? Optional.of(of.getAsLong()) : Optional.empty();
  }

  private ConversationState use(UserId by, OutboxNumber number, long seq) {
    Participation mine = of(by);
    Outboxes outboxes = mine.outboxes();
    Numbers numbers = outboxes.find(number.outbox()).orElse(Numbers.NONE);
    return number.n() <= numbers.last()
        ? this
        : with(by, mine.with(outboxes.with(number.outbox(), numbers.used(number.n(), seq))));
  }

  private ConversationState withMessageBy(UserId by, long seq) {
    return participants
        .map(both -> both.peerOf(by))
        .map(peer -> with(peer, of(peer).withPeerMessage(seq)))
        .orElse(this);
  }

  private ConversationState withDeleted(long of) {
    List<Long> next = new ArrayList<>(deleted);
    next.add(of);
    return new ConversationState(
        participants,
        head,
        first,
        second,
        next.size() > DELETED_LIMIT ? next.subList(1, next.size()) : next);
  }

  private ConversationState with(UserId user, Participation changed) {
    boolean isFirst = participants.map(both -> both.first().equals(user)).orElse(false);
    return isFirst
        ? new ConversationState(participants, head, changed, second, deleted)
        : new ConversationState(participants, head, first, changed, deleted);
  }
}

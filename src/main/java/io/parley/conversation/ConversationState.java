package io.parley.conversation;

import io.parley.conversation.Decision.Forgotten;
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
   * {@code pair}, and that nothing is wrong with the operation itself: another copy of it could be
   * stored by another life, so that its refusal is stored before it is answered.
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
    Optional<Marks> marks = claimed.flatMap(claim -> rise(by, claim));
    Optional<Reply> refusal = Optional.empty();
    if (spent.last(by, number.outbox()) >= number.n()) {
      refusal = Optional.of(new Reply.NotStored());
    } else if (changed(operation).stream().anyMatch(deleted::contains)) {
      refusal = Optional.of(new Reply.Gone());
    }
    return refusal
        .map(why -> next(new ConversationEvent.Skipped(by, now, number, marks), pair, why))
        .orElseGet(
            () -> {
              long seq = head + (participants.isEmpty() ? 2 : 1);
              return next(
                  new ConversationEvent.Operated(by, now, number, operation, marks),
                  pair,
                  new Reply.Accepted(seq, now));
            });
  }

  /** What becomes of a number that is to be used for nothing, whatever copies are on their way. */
  Decision decideSkip(
      UserId by,
      OutboxNumber number,
      Optional<Marks> claimed,
      Participants pair,
      SpentNumbers spent,
      long now) {
    Optional<Marks> marks = claimed.flatMap(claim -> rise(by, claim));
    return decideUsed(by, number, spent)
        .orElseGet(
            () ->
                next(
                    new ConversationEvent.Skipped(by, now, number, marks),
                    pair,
                    new Reply.Spent()));
  }

  /** What becomes of the number of an operation of which every copy is refused. */
  Decision decideSpend(UserId by, OutboxNumber number, SpentNumbers spent) {
    return decideUsed(by, number, spent)
        .orElseGet(
            () -> spent.last(by, number.outbox()) >= number.n() ? new NotStored() : new Spend());
  }

  /** Stores the next event, behind the opening of the log where it is the first. */
  private Persist next(ConversationEvent event, Participants pair, Reply answer) {
    return new Persist(
        participants.isEmpty()
            ? List.of(new ConversationEvent.Opened(event.by(), event.at(), pair), event)
            : List.of(event),
        answer);
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
    } else if (event instanceof ConversationEvent.Skipped skipped) {
      next = next.use(skipped.by(), skipped.number(), Numbers.NOT_STORED);
    }
    Optional<Marks> marks = event.marks();
    return marks.isPresent() ? next.with(event.by(), next.of(event.by()).with(marks.get())) : next;
  }

  /**
   * Empty when the log has nothing under this number yet, and its turn has come. All that it says
   * for good it has from the log: another life, which knows less of it, can store nothing more.
   */
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
    if (number.n() > numbers.last()) {
      return Optional.empty();
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

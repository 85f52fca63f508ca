package io.parley.conversation;

import io.parley.model.ConversationEvent;
import io.parley.model.Marks;
import io.parley.model.OutboxNumber;
import io.parley.model.SequencedEvent;
import io.parley.model.UserId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/**
 * One life of a conversation without its actor: it decides with the real state, and whoever runs it
 * stores, answers and delivers. What the actor keeps in memory beside the state is kept here too.
 */
public final class ConversationLife {

  /** What is to be done about a command. */
  public sealed interface Step {
    record Answer(Reply reply) implements Step {}

    /** Store, then say {@link #stored}, then answer and deliver. */
    record Persist(List<ConversationEvent> events, Reply answer) implements Step {}
  }

  /** A state as a snapshot keeps it. */
  public static final class Snapshot {
    public static final Snapshot EMPTY = new Snapshot(ConversationState.EMPTY);
    private final ConversationState state;

    private Snapshot(ConversationState state) {
      this.state = state;
    }

    public long head() {
      return state.head();
    }
  }

  /** Ways to be wrong, for the tests of the tests. */
  public enum Flaw {
    NONE,
    /** A recovered conversation doesn't know the last number of each outbox. */
    FORGETS_LAST_NUMBER,
    /** A skip is answered from memory, which ends with this life. */
    SKIPS_FROM_MEMORY,
    /** The number of a stored skip counts as free. */
    FORGETS_SKIPPED,
    /** Marks are stored as claimed. */
    BELIEVES_MARKS
  }

  private final Flaw flaw;
  private ConversationState state = ConversationState.EMPTY;
  private final Standstill standstill = new Standstill();
  private SpentNumbers spent = SpentNumbers.NONE;
  private boolean stops;

  public ConversationLife(Flaw flaw) {
    this.flaw = flaw;
  }

  /**
   * Starts from what is stored; what is only in memory stays, as it does when an actor restarts.
   */
  public void recover(Snapshot snapshot, List<SequencedEvent> after) {
    state = snapshot.state;
    after.forEach(event -> apply(event.event()));
    if (flaw == Flaw.FORGETS_LAST_NUMBER) {
      state =
          new ConversationState(
              state.participants(),
              state.head(),
              forgetful(state.first()),
              forgetful(state.second()),
              state.deleted());
    }
  }

  public Snapshot snapshot() {
    return new Snapshot(state);
  }

  public long head() {
    return state.head();
  }

  public Step operate(Conversation.Operate command, long now) {
    Decision decision =
        state.decide(
            command.by(),
            command.number(),
            command.operation(),
            command.claimed(),
            command.pair(),
            spent,
            now);
    return carryOut(decision, now);
  }

  public Step skip(Conversation.Skip command, long now) {
    if (flaw == Flaw.SKIPS_FROM_MEMORY) {
      return spend(command.by(), command.number(), now);
    }
    Decision decision =
        state.decideSkip(
            command.by(), command.number(), command.claimed(), command.pair(), spent, now);
    return carryOut(decision, now);
  }

  /** Whether the last answer was its last: what it knows may be out of date. */
  public boolean stops() {
    return stops;
  }

  public Step spend(Conversation.Spend command, long now) {
    return spend(command.by(), command.number(), now);
  }

  private Step spend(UserId by, OutboxNumber number, long now) {
    Decision decision = state.decideSpend(by, number, spent);
    if (decision instanceof Decision.Spend) {
      spent = spent.with(by, number.outbox(), number.n());
      return new Step.Answer(new Reply.Spent());
    }
    return carryOut(decision, now);
  }

  /** The event that stores these marks, if they rise. */
  public Optional<ConversationEvent> mark(UserId by, Marks claimed, long now) {
    Optional<Marks> risen =
        flaw == Flaw.BELIEVES_MARKS ? Optional.of(claimed) : state.rise(by, claimed);
    return risen.map(marks -> new ConversationEvent.Marked(by, now, marks));
  }

  /** These were committed, next after the head. */
  public List<SequencedEvent> stored(List<ConversationEvent> events) {
    List<SequencedEvent> sequenced = new ArrayList<>(events.size());
    for (ConversationEvent event : events) {
      apply(event);
      sequenced.add(new SequencedEvent(state.head(), event));
      event
          .usedNumber()
          .ifPresent(used -> spent = spent.without(event.by(), used.outbox(), used.n()));
    }
    return sequenced;
  }

  private void apply(ConversationEvent event) {
    boolean ignored = flaw == Flaw.FORGETS_SKIPPED && event instanceof ConversationEvent.Skipped;
    state =
        state.apply(
            ignored ? new ConversationEvent.Marked(event.by(), event.at(), Marks.NONE) : event);
  }

  private Step carryOut(Decision decision, long now) {
    if (decision instanceof Decision.Persist persist) {
      return new Step.Persist(persist.events(), persist.answer());
    }
    if (decision instanceof Decision.Stored stored) {
      return new Step.Answer(new Reply.Stored(stored.seq()));
    }
    if (decision instanceof Decision.Forgotten forgotten) {
      return new Step.Answer(new Reply.Forgotten(forgotten.outbox()));
    }
    if (decision instanceof Decision.OutOfOrder outOfOrder) {
      stops = standstill.outOfOrder(state.head(), now);
      return new Step.Answer(new Reply.OutOfOrder(outOfOrder.expected()));
    }
    return new Step.Answer(new Reply.NotStored());
  }

  private static Participation forgetful(Participation known) {
    TreeMap<Long, Numbers> numbers = new TreeMap<>();
    known
        .outboxes()
        .numbers()
        .forEach(
            (outbox, all) -> numbers.put(outbox, Numbers.restored(all.last() - 1, all.seqs())));
    return known.with(Outboxes.restored(numbers, known.outboxes().highestEvicted()));
  }
}

package io.parley.conversation;

import static io.parley.conversation.Scene.ADA;
import static io.parley.conversation.Scene.BOB;
import static io.parley.conversation.Scene.CLOCK;
import static io.parley.conversation.Scene.ID;
import static io.parley.conversation.Scene.NOW;
import static io.parley.conversation.Scene.PAIR;
import static io.parley.conversation.Scene.operate;
import static io.parley.conversation.Scene.operateAndMark;
import static io.parley.conversation.Scene.spend;
import static io.parley.conversation.Scene.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.parley.model.ConversationEvent;
import io.parley.model.Marks;
import io.parley.model.Operation;
import io.parley.model.OutboxNumber;
import io.parley.model.SequencedEvent;
import io.parley.model.UserId;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.persistence.testkit.javadsl.EventSourcedBehaviorTestKit;
import org.apache.pekko.persistence.testkit.javadsl.EventSourcedBehaviorTestKit.CommandResultWithReply;
import org.apache.pekko.persistence.testkit.javadsl.SnapshotTestKit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * Every command and every answer. The kit also writes and reads each command, event, state and
 * reply by the serializers that production uses.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ConversationTest {
  private final List<SequencedEvent> delivered = new CopyOnWriteArrayList<>();
  private ActorTestKit testKit;
  private ManualTime time;
  private EventSourcedBehaviorTestKit<Conversation.Command, ConversationEvent, ConversationState>
      kit;

  @BeforeAll
  void start() {
    testKit = ActorTestKit.create(Scene.config());
    time = ManualTime.get(testKit.system());
    kit =
        EventSourcedBehaviorTestKit.create(
            testKit.system(),
            Conversation.create(ID, (id, to, events) -> delivered.addAll(events), CLOCK),
            EventSourcedBehaviorTestKit.enabledSerializationSettings().withVerifyEquality(true));
  }

  @BeforeEach
  void beginAnew() {
    kit.clear();
    delivered.clear();
  }

  @AfterAll
  void stop() {
    testKit.shutdownTestKit();
  }

  @Test
  void theFirstOperationOpensTheLogInTheSameWrite() {
    var result = send(ADA, 1, 1, text("hi"));

    assertThat(result.reply()).isEqualTo(new Reply.Accepted(2, NOW));
    assertThat(result.events())
        .containsExactly(
            new ConversationEvent.Opened(ADA, NOW, PAIR), operated(ADA, 1, 1, text("hi")));
    assertThat(delivered).extracting(SequencedEvent::seq).containsExactly(1L, 2L);
  }

  @Test
  void everyAcceptedOperationIsTheNextEventAndIsHandedOnAfterwards() {
    send(ADA, 1, 1, text("hi"));
    assertThat(send(BOB, 1, 1, text("hello")).reply()).isEqualTo(new Reply.Accepted(3, NOW));
    assertThat(send(ADA, 1, 2, new Operation.Edit(2, "ho")).reply())
        .isEqualTo(new Reply.Accepted(4, NOW));
    assertThat(send(BOB, 2, 1, new Operation.React(2, "x", true)).reply())
        .isEqualTo(new Reply.Accepted(5, NOW));
    assertThat(send(ADA, 1, 3, new Operation.Delete(2)).reply())
        .isEqualTo(new Reply.Accepted(6, NOW));
    assertThat(delivered).extracting(SequencedEvent::seq).containsExactly(1L, 2L, 3L, 4L, 5L, 6L);
  }

  @Test
  void aRetryIsToldWhereTheOriginalStandsAndStoresNothing() {
    send(ADA, 1, 1, text("hi"));
    send(ADA, 1, 2, text("there"));

    var retry = send(ADA, 1, 1, text("hi"));

    assertThat(retry.reply()).isEqualTo(new Reply.Stored(2));
    assertThat(retry.hasNoEvents()).isTrue();
    assertThat(skip(ADA, 1, 2).reply()).isEqualTo(new Reply.Stored(3));
  }

  @Test
  void twoPeopleMayUseTheSameOutboxOrdinal() {
    send(ADA, 1, 1, text("hi"));
    assertThat(send(BOB, 1, 1, text("hi")).reply()).isEqualTo(new Reply.Accepted(3, NOW));
  }

  @Test
  void aNumberTooHighSpendsNothing() {
    assertThat(send(ADA, 1, 2, text("b")).reply()).isEqualTo(new Reply.OutOfOrder(1));
    assertThat(skip(ADA, 1, 2).reply()).isEqualTo(new Reply.OutOfOrder(1));
    send(ADA, 1, 1, text("a"));
    assertThat(send(ADA, 1, 3, text("c")).reply()).isEqualTo(new Reply.OutOfOrder(2));
    assertThat(send(ADA, 1, 2, text("b")).reply()).isEqualTo(new Reply.Accepted(3, NOW));
  }

  @Test
  void aSpentNumberIsNeverUsedAgainByALateCopy() {
    assertThat(skip(ADA, 1, 1).reply()).isEqualTo(new Reply.Spent());
    assertThat(send(ADA, 1, 1, text("late")).reply()).isEqualTo(new Reply.NotStored());
    assertThat(skip(ADA, 1, 1).reply()).isEqualTo(new Reply.NotStored());

    kit.restart();
    assertThat(send(ADA, 1, 1, text("late")).reply()).isEqualTo(new Reply.NotStored());
    send(ADA, 1, 2, text("next"));
    assertThat(send(ADA, 1, 1, text("late")).reply()).isEqualTo(new Reply.NotStored());
    assertThat(kit.getState().head()).isEqualTo(3);
  }

  @Test
  void aSkipIsTheNextEventAndOpensTheLogIfItIsTheFirst() {
    var first = skip(ADA, 1, 1);

    assertThat(first.events())
        .containsExactly(new ConversationEvent.Opened(ADA, NOW, PAIR), skipped(ADA, 1, 1));
    assertThat(skip(ADA, 1, 2).events()).containsExactly(skipped(ADA, 1, 2));
    assertThat(delivered).extracting(SequencedEvent::seq).containsExactly(1L, 2L, 3L);
    assertThat(mark(BOB, 3, 3)).as("no message to mark").isEmpty();
  }

  @Test
  void aSkipCarriesMarksAsEverySendDoes() {
    send(ADA, 1, 1, text("2"));
    var skipped =
        kit.<Reply>runCommand(
            to ->
                new Conversation.Skip(
                    BOB, new OutboxNumber(1, 1), Optional.of(marks(9, 2)), PAIR, to));
    assertThat(skipped.events())
        .containsExactly(
            new ConversationEvent.Skipped(
                BOB, NOW, new OutboxNumber(1, 1), Optional.of(marks(2, 2))));
    assertThat(skipped.state().of(BOB).marks()).isEqualTo(marks(2, 2));
  }

  @Test
  void aRefusalThatEveryCopyMeetsIsKeptInMemoryAndExpectedAgainAfterACrash() {
    send(ADA, 1, 1, text("a"));
    assertThat(refuse(ADA, 1, 2).events()).isEmpty();
    assertThat(refuse(ADA, 1, 2).reply()).isEqualTo(new Reply.NotStored());
    kit.restart();

    assertThat(send(ADA, 1, 3, text("c")).reply()).isEqualTo(new Reply.OutOfOrder(2));
    assertThat(skip(ADA, 1, 2).reply()).isEqualTo(new Reply.Spent());
    assertThat(send(ADA, 1, 3, text("c")).reply()).isEqualTo(new Reply.Accepted(4, NOW));
  }

  @Test
  void whatOnlyMemorySpentIsStoredBeforeASkipOrAnotherOperationIsAnswered() {
    refuse(ADA, 1, 1);
    refuse(ADA, 1, 2);
    refuse(ADA, 1, 3);

    var other = send(ADA, 1, 1, text("in its place"));
    assertThat(other.reply()).isEqualTo(new Reply.NotStored());
    assertThat(other.events()).contains(skipped(ADA, 1, 1));
    assertThat(skip(ADA, 1, 3).events()).containsExactly(skipped(ADA, 1, 3));
    // A higher number keeps this one out as well.
    assertThat(skip(ADA, 1, 2).hasNoEvents()).isTrue();
    kit.restart();
    assertThat(send(ADA, 1, 2, text("late")).reply()).isEqualTo(new Reply.NotStored());
    assertThat(send(ADA, 1, 4, text("d")).reply()).isEqualTo(new Reply.Accepted(4, NOW));
  }

  @Test
  void nothingChangesAMessageThatWasJustDeleted() {
    send(ADA, 1, 1, text("hi"));
    send(ADA, 1, 2, new Operation.Delete(2));

    var refused = send(ADA, 1, 3, new Operation.Edit(2, "ho"));
    assertThat(refused.reply()).isEqualTo(new Reply.Gone());
    assertThat(refused.events()).containsExactly(skipped(ADA, 1, 3));
    assertThat(send(BOB, 1, 1, new Operation.React(2, "x", true)).reply())
        .isEqualTo(new Reply.Gone());
    assertThat(send(ADA, 1, 4, new Operation.Delete(2)).reply()).isEqualTo(new Reply.Gone());
    // A final refusal spends its number.
    assertThat(send(ADA, 1, 3, text("other")).reply()).isEqualTo(new Reply.NotStored());
    assertThat(send(ADA, 1, 5, text("other")).reply()).isEqualTo(new Reply.Accepted(7, NOW));
  }

  @Test
  void aNumberOlderThanTheWindowIsForTheLogToAnswer() {
    for (int n = 1; n <= Numbers.WINDOW + 1; n++) {
      send(ADA, 1, n, text("x"));
    }
    assertThat(send(ADA, 1, 1, text("x")).reply()).isEqualTo(new Reply.Forgotten(false));
    assertThat(send(ADA, 1, 2, text("x")).reply()).isEqualTo(new Reply.Stored(3));
  }

  @Test
  void anOutboxBelowTheThirtyTwoHighestIsForTheLogToAnswer() {
    for (int outbox = 1; outbox <= Outboxes.LIMIT + 1; outbox++) {
      send(ADA, outbox, 1, text("x"));
    }
    assertThat(send(ADA, 1, 2, text("x")).reply()).isEqualTo(new Reply.Forgotten(true));
    assertThat(skip(ADA, 1, 2).reply()).isEqualTo(new Reply.Forgotten(true));
    assertThat(send(ADA, 2, 2, text("x")).reply()).isInstanceOf(Reply.Accepted.class);
    assertThat(send(BOB, 1, 1, text("x")).reply()).isInstanceOf(Reply.Accepted.class);
  }

  @Test
  void theFirstMarkIsStoredAtOnceAndFurtherOnesOncePerSecond() {
    for (int n = 1; n <= 4; n++) {
      send(ADA, 1, n, text("x"));
    }
    assertThat(mark(BOB, 2, 0)).containsExactly(marked(BOB, 2, 0));
    assertThat(mark(BOB, 3, 3)).isEmpty();
    assertThat(mark(BOB, 5, 2)).isEmpty();
    // The other person's second is their own.
    assertThat(mark(ADA, 5, 5)).isEmpty();

    time.timePasses(Conversation.MARKS_EVERY);
    assertThat(kit.getState().of(BOB).marks()).isEqualTo(marks(5, 3));
    assertThat(delivered.get(delivered.size() - 1).event()).isEqualTo(marked(BOB, 5, 3));

    time.timePasses(Conversation.MARKS_EVERY.multipliedBy(3));
    assertThat(kit.getState().head()).isEqualTo(7);
  }

  @Test
  void aMarkIsLoweredToTheNewestMessageOfThePeerBelowIt() {
    send(ADA, 1, 1, text("2"));
    send(BOB, 1, 1, text("3"));
    send(ADA, 1, 2, new Operation.Edit(2, "4"));

    assertThat(mark(BOB, 4_000, 4)).containsExactly(marked(BOB, 2, 2));
  }

  @Test
  void aMarkThatRaisesNothingMakesNoEvent() {
    assertThat(mark(BOB, 9, 9)).isEmpty();
    send(ADA, 1, 1, text("2"));
    mark(BOB, 2, 2);
    time.timePasses(Conversation.MARKS_EVERY);
    assertThat(mark(BOB, 2, 2)).isEmpty();
    assertThat(mark(BOB, 1, 1)).isEmpty();
    assertThat(mark(ADA, 2, 2)).isEmpty();
  }

  @Test
  void marksInsideASendAreStoredAsLoweredAndOnlyWhenTheyRise() {
    send(ADA, 1, 1, text("2"));

    var first = kit.<Reply>runCommand(to -> operateAndMark(BOB, 1, text("3"), marks(9, 1), to));
    assertThat(first.events())
        .containsExactly(
            new ConversationEvent.Operated(
                BOB, NOW, new OutboxNumber(1, 1), text("3"), Optional.of(marks(2, 0))));

    var same = kit.<Reply>runCommand(to -> operateAndMark(BOB, 2, text("4"), marks(2, 0), to));
    assertThat(same.events()).containsExactly(operated(BOB, 1, 2, text("4")));
    assertThat(same.state().of(BOB).marks()).isEqualTo(marks(2, 0));
  }

  @Test
  void aSnapshotAndTheEventsAfterItMakeTheSameState() {
    for (int n = 1; n <= Conversation.SNAPSHOT_EVERY + 3; n++) {
      send(ADA, 1, n, n % 7 == 0 ? new Operation.Delete(n) : text("x"));
    }
    mark(BOB, 50, 40);
    ConversationState before = kit.getState();
    SnapshotTestKit snapshots = SnapshotTestKit.create(testKit.system());
    var snapshot =
        snapshots.expectNextPersistedClass(
            Conversation.persistenceId(ID).id(), ConversationState.class);

    assertThat(snapshot.head()).isEqualTo(Conversation.SNAPSHOT_EVERY);
    assertThat(kit.restart().state()).isEqualTo(before);
  }

  @Test
  void everyKindOfCommandIsHandled() {
    TestProbe<Reply> probe = testKit.createTestProbe();
    List<Conversation.Command> one =
        List.of(
            operate(ADA, 1, 1, text("x"), probe.ref()),
            Scene.skip(ADA, 1, 2, probe.ref()),
            spend(ADA, 1, 3, probe.ref()),
            new Conversation.Mark(BOB, marks(2, 2)));
    assertThat(one.stream().map(Object::getClass))
        .containsAll(
            Arrays.stream(Conversation.Command.class.getPermittedSubclasses())
                .filter(kind -> !Modifier.isPrivate(kind.getModifiers()))
                .toList());

    one.forEach(kit::runCommand);

    probe.expectMessage(new Reply.Accepted(2, NOW));
    probe.expectMessage(new Reply.Spent());
    probe.expectMessage(new Reply.Spent());
    assertThat(kit.getState().of(BOB).marks()).isEqualTo(marks(2, 2));
  }

  private CommandResultWithReply<Conversation.Command, ConversationEvent, ConversationState, Reply>
      send(UserId by, long outbox, long n, Operation operation) {
    return kit.runCommand((ActorRef<Reply> replyTo) -> operate(by, outbox, n, operation, replyTo));
  }

  private CommandResultWithReply<Conversation.Command, ConversationEvent, ConversationState, Reply>
      skip(UserId by, long outbox, long n) {
    return kit.runCommand((ActorRef<Reply> replyTo) -> Scene.skip(by, outbox, n, replyTo));
  }

  private CommandResultWithReply<Conversation.Command, ConversationEvent, ConversationState, Reply>
      refuse(UserId by, long outbox, long n) {
    return kit.runCommand((ActorRef<Reply> replyTo) -> spend(by, outbox, n, replyTo));
  }

  private List<ConversationEvent> mark(UserId by, long delivered, long read) {
    return kit.runCommand(new Conversation.Mark(by, marks(delivered, read))).events();
  }

  private static Marks marks(long delivered, long read) {
    return new Marks(delivered, read);
  }

  private static ConversationEvent marked(UserId by, long delivered, long read) {
    return new ConversationEvent.Marked(by, NOW, marks(delivered, read));
  }

  private static ConversationEvent skipped(UserId by, long outbox, long n) {
    return new ConversationEvent.Skipped(by, NOW, new OutboxNumber(outbox, n), Optional.empty());
  }

  private static ConversationEvent operated(UserId by, long outbox, long n, Operation operation) {
    return new ConversationEvent.Operated(
        by, NOW, new OutboxNumber(outbox, n), operation, Optional.empty());
  }
}

package io.parley.conversation;

import static io.parley.conversation.Scene.ADA;
import static io.parley.conversation.Scene.BOB;
import static io.parley.conversation.Scene.CLOCK;
import static io.parley.conversation.Scene.ID;
import static io.parley.conversation.Scene.NOW;
import static io.parley.conversation.Scene.operate;
import static io.parley.conversation.Scene.skip;
import static io.parley.conversation.Scene.spend;
import static io.parley.conversation.Scene.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.parley.model.ConversationEvent;
import io.parley.model.Marks;
import io.parley.model.Operation;
import io.parley.model.SequencedEvent;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.persistence.testkit.javadsl.PersistenceTestKit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Writes that fail or are rejected, and more commands than may wait meanwhile. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ConversationFailureTest {
  private final List<SequencedEvent> delivered = new CopyOnWriteArrayList<>();
  private ActorTestKit testKit;
  private ManualTime time;
  private PersistenceTestKit journal;
  private final BlockingQueue<Reply> replies = new LinkedBlockingQueue<>();
  private ActorRef<Reply> asker;
  private ActorRef<Conversation.Command> conversation;

  @BeforeAll
  void start() {
    testKit = ActorTestKit.create(Scene.config());
    time = ManualTime.get(testKit.system());
    journal = PersistenceTestKit.create(testKit.system());
    asker =
        testKit.spawn(
            Behaviors.receiveMessage(
                reply -> {
                  replies.add(reply);
                  return Behaviors.same();
                }));
  }

  @BeforeEach
  void beginAnew() {
    journal.clearAll();
    journal.resetPolicy();
    delivered.clear();
    replies.clear();
    conversation =
        testKit.spawn(Conversation.create(ID, (id, to, events) -> delivered.addAll(events), CLOCK));
  }

  @AfterEach
  void end() {
    testKit.stop(conversation);
  }

  @AfterAll
  void stop() {
    testKit.shutdownTestKit();
  }

  @Test
  void aFailedWriteIsToldAndTheSameNumberCanGoAgain() {
    send(1);
    expect(new Reply.Accepted(2, NOW));
    fail(2);
    assertThat(delivered).hasSize(2);

    send(2);

    expect(new Reply.Accepted(3, NOW));
    assertThat(delivered).extracting(SequencedEvent::seq).containsExactly(1L, 2L, 3L);
  }

  @Test
  void aStopThatComesWhileItCannotBeRecoveredIsNotForgotten() {
    send(1);
    expect(new Reply.Accepted(2, NOW));
    testKit.stop(conversation);
    journal.failNextNReads(3);
    conversation =
        testKit.spawn(Conversation.create(ID, (id, to, events) -> delivered.addAll(events), CLOCK));
    TestProbe<Void> watch = testKit.createTestProbe();
    conversation.tell(Conversation.STOP);
    await()
        .untilAsserted(
            () -> {
              time.timePasses(Duration.ofSeconds(6));
              watch.expectTerminated(conversation, Duration.ofMillis(100));
            });
  }

  @Test
  void whatWasPipelinedBehindAFailedWriteIsNotStoredBeforeIt() {
    send(1);
    expect(new Reply.Accepted(2, NOW));
    journal.failNextPersisted();
    send(2);
    send(3);
    send(4);
    expect(new Reply.Failed());

    expect(new Reply.OutOfOrder(2));
    expect(new Reply.OutOfOrder(2));
    send(2);
    expect(new Reply.Accepted(3, NOW));
  }

  @Test
  void spentNumbersSurviveARestartAfterAFailedWrite() {
    conversation.tell(spend(ADA, 1, 1, asker));
    expect(new Reply.Spent());
    fail(2);
    conversation.tell(spend(ADA, 1, 1, asker));
    expect(new Reply.NotStored());
  }

  @Test
  void aSkipThatCouldNotBeStoredIsNotAnsweredAsOne() {
    journal.failNextPersisted();
    conversation.tell(skip(ADA, 1, 1, asker));
    expect(new Reply.Failed());

    conversation.tell(skip(ADA, 1, 1, asker));
    expect(new Reply.Spent());
    send(1);
    expect(new Reply.NotStored());
    assertThat(delivered).extracting(SequencedEvent::seq).containsExactly(1L, 2L);
  }

  @Test
  void goneIsNotAnsweredWhenItCouldNotBeStored() {
    send(1);
    expect(new Reply.Accepted(2, NOW));
    conversation.tell(operate(ADA, 1, 2, new Operation.Delete(2), asker));
    expect(new Reply.Accepted(3, NOW));
    journal.failNextPersisted();
    conversation.tell(operate(ADA, 1, 3, new Operation.Edit(2, "late"), asker));
    expect(new Reply.Failed());
    conversation.tell(operate(ADA, 1, 3, new Operation.Edit(2, "late"), asker));
    expect(new Reply.Gone());
  }

  @Test
  void marksThatWaitSurviveARestartAfterAFailedWrite() {
    for (int n = 1; n <= 2; n++) {
      send(n);
      expect(new Reply.Accepted(n + 1, NOW));
    }
    conversation.tell(new Conversation.Mark(BOB, new Marks(2, 2)));
    conversation.tell(new Conversation.Mark(BOB, new Marks(3, 3)));
    conversation.tell(spend(ADA, 9, 9, asker));
    expect(new Reply.OutOfOrder(1));
    fail(3);
    conversation.tell(spend(ADA, 1, 3, asker));
    expect(new Reply.Spent());

    await()
        .until(
            () -> {
              time.timePasses(Duration.ofMillis(100));
              return delivered.get(delivered.size() - 1).event();
            },
            new ConversationEvent.Marked(BOB, NOW, new Marks(3, 3))::equals);
  }

  @Test
  void aRejectedWriteIsToldAndTheConversationBeginsAnew() {
    journal.rejectNextPersisted();
    send(1);
    expect(new Reply.Failed());
    testKit.<Reply>createTestProbe().expectTerminated(conversation);
    assertThat(delivered).isEmpty();
  }

  @Test
  void moreThanMayWaitIsToldOverloadedAndTheRestIsAnswered() {
    fillWhileItRestarts();
    send(1);
    conversation.tell(spend(ADA, 1, 1, asker));
    conversation.tell(skip(ADA, 1, 1, asker));
    expect(new Reply.Overloaded());
    expect(new Reply.Overloaded());
    expect(new Reply.Overloaded());
    drain();
  }

  @Test
  void theCountOfWhatWaitsSurvivesFailures() {
    for (int i = 0; i < 3; i++) {
      fillWhileItRestarts();
      drain();
    }
  }

  @Test
  void aFloodOfMarksPushesOutNoOperation() {
    fail(1);
    send(1);
    for (int i = 0; i < 5_000; i++) {
      conversation.tell(new Conversation.Mark(BOB, new Marks(i, i)));
    }
    expect(new Reply.Accepted(2, NOW));
    conversation.tell(spend(ADA, 1, 2, asker));
    expect(new Reply.Spent());
  }

  /** Each of them asks for a number far too high, so that nothing is stored. */
  private void fillWhileItRestarts() {
    fail(1);
    for (int i = 0; i < QueueBound.LIMIT; i++) {
      send(99);
    }
  }

  private void drain() {
    for (int i = 0; i < QueueBound.LIMIT; i++) {
      expect(new Reply.OutOfOrder(1));
    }
  }

  /** What is answered next; a restart may have to come first, so time passes meanwhile. */
  private void expect(Reply expected) {
    Optional<Reply> reply = Optional.empty();
    for (int tries = 0; reply.isEmpty() && tries < 300; tries++) {
      reply = next();
      if (reply.isEmpty()) {
        time.timePasses(Duration.ofMillis(200));
      }
    }
    assertThat(reply).contains(expected);
  }

  private Optional<Reply> next() {
    try {
      return Optional.ofNullable(replies.poll(10, TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private void fail(long n) {
    journal.failNextPersisted();
    send(n);
    expect(new Reply.Failed());
  }

  private void send(long n) {
    conversation.tell(operate(ADA, 1, n, text("x"), asker));
  }
}

package io.parley.user;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import io.parley.model.ConversationId;
import io.parley.model.Participants;
import io.parley.model.SequencedEvent;
import io.parley.model.UserId;
import io.parley.testing.TestClock;
import io.parley.testing.TestEvents;
import java.lang.reflect.Modifier;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.pekko.Done;
import org.apache.pekko.actor.UnhandledMessage;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Sessions that come, go and vanish, and those who want to know. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class UserTest {
  private static final UserId ADA = new UserId("u_ada");
  private static final UserId BOB = new UserId("u_bob");
  private static final Participants PAIR = Participants.of(ADA, BOB);
  private static final ConversationId AB = new ConversationId("c_ab");
  private static final long MINUTE = 60_000;
  private static final Duration QUIET = Duration.ofMillis(20);

  private final TestClock clock = new TestClock(Instant.ofEpochMilli(5 * MINUTE + 1_234));
  private ActorTestKit testKit;
  private ManualTime time;
  private Moments moments;
  private ActorRef<User.Command> user;
  private TestProbe<Push> one;
  private TestProbe<Push> two;
  private TestProbe<Done> done;

  /** When people were last seen; each read gives the next answer, then nothing. */
  private static final class Moments implements User.LastSeen {
    final Queue<CompletionStage<OptionalLong>> answers = new ArrayDeque<>();
    final List<Long> saved = new CopyOnWriteArrayList<>();

    @Override
    public CompletionStage<OptionalLong> load(UserId user) {
      return answers.isEmpty()
          ? CompletableFuture.completedFuture(OptionalLong.empty())
          : answers.remove();
    }

    @Override
    public void save(UserId user, long at) {
      saved.add(at);
    }
  }

  @BeforeAll
  void start() {
    testKit = ActorTestKit.create(ManualTime.config().withFallback(ConfigFactory.load()));
    time = ManualTime.get(testKit.system());
  }

  @BeforeEach
  void beginAnew() {
    moments = new Moments();
    user = testKit.spawn(User.create(ADA, moments, clock, 2));
    one = testKit.createTestProbe();
    two = testKit.createTestProbe();
    done = testKit.createTestProbe();
  }

  @AfterEach
  void end() {
    testKit.stop(user);
  }

  @AfterAll
  void stop() {
    testKit.shutdownTestKit();
  }

  @Test
  void everySessionAttachedIsPushedToAndOnlyTheAuthorLearnsTheNumber() {
    attach("s_1", one);
    attach("s_2", two);
    TestEvents events = new TestEvents();
    user.tell(
        new User.Deliver(
            AB,
            PAIR,
            List.of(
                new SequencedEvent(2, events.message(ADA, "mine")),
                new SequencedEvent(3, events.message(BOB, "theirs")))));

    for (TestProbe<Push> session : List.of(one, two)) {
      Push.Delivered delivered = session.expectMessageClass(Push.Delivered.class);
      assertThat(delivered.events().get(0).json()).contains("\"outbox\":1", "\"mine\"");
      assertThat(delivered.events().get(1).json()).doesNotContain("outbox").contains("theirs");
    }
  }

  @Test
  void aSessionThatDetachedIsPushedNothing() {
    attach("s_1", one);
    user.tell(new User.Detach("s_1"));
    user.tell(new User.TellTyping(AB, BOB, true));
    one.expectNoMessage(QUIET);
  }

  @Test
  void oneSessionTooManyIsRefusedAndARenewalIsNot() {
    attach("s_1", one);
    attach("s_2", two);
    TestProbe<Push> third = testKit.createTestProbe();
    user.tell(new User.Attach("s_3", "i_1", third.ref()));
    for (TestProbe<Push> session : List.of(one, two)) {
      session.expectMessage(new Push.Renew());
    }
    attach("s_1", one);
    third.expectNoMessage(QUIET);
    attach("s_2", two);
    third.expectMessage(new Push.TooManySessions());
    user.tell(new User.Detach("s_1"));
    attach("s_3", third);
  }

  @Test
  void aSessionThatVanishedLosesItsLeaseAndItsPlace() {
    attach("s_1", one);
    attach("s_2", two);
    for (int round = 0; round <= User.LEASE_ROUNDS; round++) {
      time.timePasses(User.ROUND);
      attach("s_2", two);
    }
    user.tell(new User.TellTyping(AB, BOB, true));
    two.expectMessageClass(Push.Typing.class);
    one.expectNoMessage(QUIET);
    attach("s_3", one);
  }

  @Test
  void headsAreAcknowledgedAndTheVersionIsToldToWhoeverAttachesLater() {
    attach("s_1", one);
    user.tell(new User.TellHeads(7, 1, Map.of(AB, 9L), done.ref()));
    done.expectMessage(Done.getInstance());
    one.expectMessage(new Push.Heads(7, 1, Map.of(AB, 9L)));
    user.tell(new User.TellHeads(6, 1, Map.of(), done.ref()));
    assertThat(attach("s_2", two).feedVersion()).isEqualTo(7);
  }

  @Test
  void anotherLifeOfTheUserHasAnotherName() {
    long before = attach("s_1", one).incarnation();
    testKit.stop(user);
    user = testKit.spawn(User.create(ADA, moments, clock, 2));
    assertThat(attach("s_1", one).incarnation()).isNotEqualTo(before);
  }

  @Test
  void endingASignInPartsWithItsSessionsOnly() {
    attach("s_1", one);
    user.tell(new User.Attach("s_2", "i_2", two.ref()));
    two.expectMessageClass(Push.Attached.class);
    user.tell(new User.EndSignIn("i_2", done.ref()));
    done.expectMessage(Done.getInstance());
    two.expectMessage(new Push.Revoked());
    one.expectNoMessage(QUIET);
  }

  @Test
  void whoWatchesIsToldNowAndAtEachChange() {
    user.tell(new User.Watch("s_9", two.ref()));
    two.expectMessage(new Push.Presence(ADA, false, OptionalLong.empty()));
    attach("s_1", one);
    two.expectMessage(new Push.Presence(ADA, true, OptionalLong.empty()));
    attach("s_2", one);
    user.tell(new User.Detach("s_1"));
    two.expectNoMessage(QUIET);
    user.tell(new User.Detach("s_2"));

    two.expectMessage(new Push.Presence(ADA, false, OptionalLong.of(5 * MINUTE)));
    assertThat(moments.saved).containsExactly(5 * MINUTE);
    user.tell(new User.Unwatch("s_9"));
    attach("s_1", one);
    two.expectNoMessage(QUIET);
  }

  @Test
  void whenSomebodyWasLastSeenIsReadAgainAfterAFailure() {
    moments.answers.add(CompletableFuture.failedFuture(new IllegalStateException("away")));
    moments.answers.add(CompletableFuture.completedFuture(OptionalLong.of(MINUTE)));
    user.tell(new User.Watch("s_8", one.ref()));
    one.expectMessage(new Push.Presence(ADA, false, OptionalLong.empty()));
    user.tell(new User.Watch("s_9", two.ref()));
    two.expectMessage(new Push.Presence(ADA, false, OptionalLong.of(MINUTE)));
  }

  @Test
  void everyKindOfCommandIsHandled() {
    List<User.Command> one =
        List.of(
            new User.Attach("s_1", "i_1", this.one.ref()),
            new User.Detach("s_1"),
            new User.Deliver(AB, PAIR, List.of()),
            new User.TellHeads(1, 1, Map.of(), done.ref()),
            new User.TellTyping(AB, BOB, true),
            new User.Watch("s_1", two.ref()),
            new User.Unwatch("s_1"),
            new User.EndSignIn("i_1", done.ref()));
    assertThat(one.stream().map(Object::getClass))
        .containsAll(
            Arrays.stream(User.Command.class.getPermittedSubclasses())
                .filter(kind -> !Modifier.isPrivate(kind.getModifiers()))
                .toList());
    TestProbe<UnhandledMessage> unhandled = testKit.createUnhandledMessageProbe();
    one.forEach(user::tell);
    done.expectMessage(Done.getInstance());
    done.expectMessage(Done.getInstance());
    unhandled.expectNoMessage(QUIET);
  }

  private Push.Attached attach(String session, TestProbe<Push> to) {
    user.tell(new User.Attach(session, "i_1", to.ref()));
    return to.expectMessageClass(Push.Attached.class);
  }
}

package io.parley.user;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import io.parley.model.ConversationId;
import io.parley.model.UserId;
import io.parley.testing.TestClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.pekko.Done;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Every place is held, and some by sessions whose node or socket is gone without a word. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GhostSessionsTest {
  private static final UserId ADA = new UserId("u_ada");
  private static final Push TYPING =
      new Push.Typing(new ConversationId("c_ab"), new UserId("u_bob"), true);
  private static final Duration QUIET = Duration.ofMillis(20);
  private static final Duration ALMOST = User.ANSWER_WITHIN.minusMillis(1);

  private ActorTestKit testKit;
  private ManualTime time;
  private ActorRef<User.Command> user;

  private static final class NeverSeen implements User.LastSeen {
    @Override
    public CompletionStage<OptionalLong> load(UserId user) {
      return CompletableFuture.completedFuture(OptionalLong.empty());
    }

    @Override
    public void save(UserId user, long at) {}
  }

  @BeforeAll
  void start() {
    testKit = ActorTestKit.create(ManualTime.config().withFallback(ConfigFactory.load()));
    time = ManualTime.get(testKit.system());
    places(1);
  }

  @AfterAll
  void stop() {
    testKit.shutdownTestKit();
  }

  /** A person with so many places. */
  private void places(int places) {
    TestClock clock = new TestClock(Instant.ofEpochMilli(0));
    user = testKit.spawn(User.create(ADA, new NeverSeen(), clock, places));
  }

  /** A session that is attached and answers nothing any more. */
  private TestProbe<Push> ghost(String session) {
    TestProbe<Push> ghost = newcomer(session);
    expectAttached(ghost);
    return ghost;
  }

  private TestProbe<Push> newcomer(String session) {
    TestProbe<Push> probe = testKit.createTestProbe();
    attach(session, probe);
    return probe;
  }

  /** When this returns, the user has heard it: time may pass. */
  private void attach(String session, TestProbe<Push> probe) {
    user.tell(new User.Attach(session, "i_" + session, probe.ref()));
    TestProbe<Done> done = testKit.createTestProbe();
    user.tell(new User.EndSignIn("i_none", done.ref()));
    done.expectMessage(Done.getInstance());
  }

  /** A session that is there: it renews when it is asked to, and counts how often. */
  private AtomicInteger alive(String session) {
    AtomicInteger questions = new AtomicInteger();
    TestProbe<Done> attached = testKit.createTestProbe();
    ActorRef<Push> self =
        testKit.spawn(
            Behaviors.receive(
                (context, push) -> {
                  if (push instanceof Push.Renew) {
                    questions.incrementAndGet();
                    user.tell(new User.Attach(session, "i_" + session, context.getSelf()));
                  } else if (push instanceof Push.Attached) {
                    attached.ref().tell(Done.getInstance());
                  }
                  return Behaviors.same();
                }));
    user.tell(new User.Attach(session, "i_" + session, self));
    attached.expectMessage(Done.getInstance());
    return questions;
  }

  private static void expectAttached(TestProbe<Push> session) {
    session.expectMessageClass(Push.Attached.class);
  }

  /** As a session that is there answers the question. */
  private void answer(String session, TestProbe<Push> probe) {
    probe.expectMessage(new Push.Renew());
    attach(session, probe);
    expectAttached(probe);
  }

  @Test
  void ofTenLeasesFiveAnswerAndTheEleventhIsAttachedWithinTwoSeconds() {
    places(10);
    List<TestProbe<Push>> ghosts =
        IntStream.range(0, 5).mapToObj(i -> ghost("s_gone" + i)).toList();
    IntStream.range(0, 5).forEach(i -> alive("s_here" + i));

    TestProbe<Push> eleventh = newcomer("s_11");
    ghosts.forEach(ghost -> ghost.expectMessage(new Push.Renew()));
    time.timePasses(ALMOST);
    eleventh.expectNoMessage(QUIET);
    time.timePasses(Duration.ofMillis(1));
    expectAttached(eleventh);

    for (int i = 12; i <= 15; i++) {
      expectAttached(newcomer("s_" + i));
    }
    newcomer("s_16").expectNoMessage(QUIET);
  }

  @Test
  void whenAllTenAnswerTheEleventhIsToldSoAtOnce() {
    places(10);
    List<AtomicInteger> questions = IntStream.range(0, 10).mapToObj(i -> alive("s_" + i)).toList();
    newcomer("s_11").expectMessage(new Push.TooManySessions());
    assertThat(questions).allMatch(count -> count.get() == 1);
  }

  @Test
  void whoDialsAgainAndAgainCausesAQuestionInTwoSecondsAtMost() {
    places(2);
    AtomicInteger one = alive("s_1");
    AtomicInteger two = alive("s_2");
    List<TestProbe<Push>> dialled = new ArrayList<>();
    for (int tenth = 0; tenth < 100; tenth++) {
      dialled.add(newcomer("s_dial" + tenth));
      time.timePasses(Duration.ofMillis(100));
    }
    time.timePasses(User.ANSWER_WITHIN);
    dialled.forEach(session -> session.expectMessage(new Push.TooManySessions()));
    assertThat(one.get()).isBetween(2, 7);
    assertThat(two.get()).isEqualTo(one.get());
  }

  @Test
  void newcomersAreLetInInTheirOrderAsThereIsRoomAndTheOthersAreToldSo() {
    places(3);
    alive("s_1");
    alive("s_2");
    ghost("s_gone");
    TestProbe<Push> first = newcomer("s_first");
    TestProbe<Push> second = newcomer("s_second");
    time.timePasses(ALMOST);
    first.expectNoMessage(QUIET);
    time.timePasses(Duration.ofMillis(1));
    expectAttached(first);
    // The second came once the question was put, so that another one is put on its behalf.
    second.expectNoMessage(QUIET);
    answer("s_first", first);
    second.expectMessage(new Push.TooManySessions());
  }

  @Test
  void aNewcomerIsNotRefusedByWhatWasFoundBeforeItCame() {
    places(2);
    TestProbe<Push> one = ghost("s_1");
    TestProbe<Push> two = ghost("s_2");
    TestProbe<Push> early = newcomer("s_early");
    answer("s_1", one);
    answer("s_2", two);
    early.expectMessage(new Push.TooManySessions());

    time.timePasses(Duration.ofSeconds(1));
    TestProbe<Push> late = newcomer("s_late");
    late.expectNoMessage(QUIET);
    time.timePasses(Duration.ofSeconds(1));
    answer("s_1", one);
    two.expectMessage(new Push.Renew());
    time.timePasses(User.ANSWER_WITHIN);
    expectAttached(late);
  }

  @Test
  void aNewcomerThatAsksAgainCountsOnceAndKeepsItsTurn() {
    places(2);
    ghost("s_gone1");
    ghost("s_gone2");
    TestProbe<Push> first = newcomer("s_first");
    TestProbe<Push> second = newcomer("s_second");
    attach("s_first", first);
    attach("s_first", first);
    time.timePasses(User.ANSWER_WITHIN);
    expectAttached(first);
    expectAttached(second);
    first.expectNoMessage(QUIET);
  }

  @Test
  void noMoreWaitThanThereArePlaces() {
    places(2);
    ghost("s_gone1");
    ghost("s_gone2");
    newcomer("s_1").expectNoMessage(QUIET);
    newcomer("s_2").expectNoMessage(QUIET);
    newcomer("s_3").expectMessage(new Push.TooManySessions());
  }

  @Test
  void aRenewalNeverWaits() {
    places(2);
    TestProbe<Push> one = ghost("s_1");
    ghost("s_2");
    TestProbe<Push> third = newcomer("s_3");
    answer("s_1", one);
    attach("s_1", one);
    expectAttached(one);
    third.expectNoMessage(QUIET);
  }

  @Test
  void aPlaceThatIsLeftGoesToWhoWaitsAndWhoLeftIsNotLetIn() {
    places(1);
    ghost("s_1");
    TestProbe<Push> impatient = newcomer("s_2");
    user.tell(new User.Detach("s_2"));
    TestProbe<Push> third = newcomer("s_3");
    user.tell(new User.Detach("s_1"));
    expectAttached(third);
    impatient.expectNoMessage(QUIET);
  }

  @Test
  void aSignInThatEndsWhileItsSessionWaitsIsHeardOf() {
    places(1);
    ghost("s_1");
    TestProbe<Push> waiting = newcomer("s_2");
    TestProbe<Done> done = testKit.createTestProbe();
    user.tell(new User.EndSignIn("i_s_2", done.ref()));
    done.expectMessage(Done.getInstance());
    waiting.expectMessage(new Push.Revoked());
    time.timePasses(User.ANSWER_WITHIN);
    waiting.expectNoMessage(QUIET);
  }

  @Test
  void whoWaitsForAUserThatMovesAsksAgain() {
    places(1);
    TestProbe<Push> attached = ghost("s_1");
    TestProbe<Push> waiting = newcomer("s_2");
    user.tell(User.stop());
    attached.expectMessage(new Push.Renew());
    attached.expectMessage(new Push.Reattach());
    waiting.expectMessage(new Push.Reattach());
  }

  @Test
  void aSessionThatWasOnlySlowIsPushedToAllAlongAndComesBackWhenItsPlaceIsTaken() {
    places(2);
    TestProbe<Push> slow = ghost("s_slow");
    TestProbe<Push> other = ghost("s_other");
    TestProbe<Push> newcomer = newcomer("s_new");
    answer("s_other", other);
    time.timePasses(User.ANSWER_WITHIN);
    expectAttached(newcomer);

    slow.expectMessage(new Push.Renew());
    type();
    slow.expectMessage(TYPING);
    newcomer.expectMessage(TYPING);
    attach("s_slow", slow);
    expectAttached(slow);

    // Now there are three, and nobody else is let in before two of them have gone.
    user.tell(new User.Detach("s_other"));
    TestProbe<Push> late = newcomer("s_late");
    answer("s_slow", slow);
    newcomer.expectMessage(new Push.Renew());
    late.expectNoMessage(QUIET);
    user.tell(new User.Detach("s_new"));
    expectAttached(late);
  }

  @Test
  void thereAreNeverMoreLeasesThanTwiceThePlaces() {
    places(1);
    TestProbe<Push> first = ghost("s_1");
    TestProbe<Push> second = newcomer("s_2");
    time.timePasses(User.ANSWER_WITHIN);
    expectAttached(second);
    TestProbe<Push> third = newcomer("s_3");
    time.timePasses(User.ANSWER_WITHIN);
    expectAttached(third);

    first.expectMessage(new Push.Renew());
    second.expectMessage(new Push.Renew());
    type();
    second.expectMessage(TYPING);
    third.expectMessage(TYPING);
    first.expectNoMessage(QUIET);
  }

  private void type() {
    user.tell(new User.TellTyping(new ConversationId("c_ab"), new UserId("u_bob"), true));
  }
}

package io.parley.session;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.parley.conversation.Conversation;
import io.parley.conversation.Reply;
import io.parley.model.Limits;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who sends more than may be under way, or faster than it may, is refused, and held back. */
class SessionIntakeTest {
  private final Stage stage = new Stage();

  @AfterEach
  void close() {
    stage.close();
  }

  @Test
  void theNinthOperationInFlightIsToldOverloaded() {
    turnAwayTheNinth();
    acceptNext(1);
    stage.send(send(9));
    stage.expectNothing();
  }

  @Test
  void whatComesBehindOneThatWasTurnedAwayIsTurnedAwayUntilThatOneComesAgain() {
    turnAwayTheNinth();
    for (int n = 1; n <= 2; n++) {
      acceptNext(n);
    }
    stage.send(send(10));
    stage.expectError(10, "overloaded");
    stage.send(send(9));
    stage.send(send(10));
    for (int n = 3; n <= 10; n++) {
      assertThat(stage.conversations.expectMessageClass(Conversation.Operate.class).number().n())
          .isEqualTo(n);
    }
  }

  @Test
  void whatIsNewWaitsUntilAllThatWereTurnedAwayHaveComeAgain() {
    turnAwayTheNinth();
    stage.send(send(10));
    stage.expectError(10, "overloaded");
    for (int n = 1; n <= 8; n++) {
      acceptNext(n);
    }
    stage.send(send(9));
    stage.send(send(11));
    stage.expectError(11, "overloaded");
    acceptNext(9);
    for (int n = 10; n <= 12; n++) {
      stage.send(send(n));
      acceptNext(n);
    }
  }

  @Test
  void whatComesBehindOneThatWasTurnedAwayIsTurnedAwayForAWhileWhenNothingIsUnderWay() {
    turnAwayTheNinth();
    for (int n = 1; n <= 8; n++) {
      acceptNext(n);
    }
    Duration last = Duration.ofMillis(100);
    stage.pass(Duration.ofNanos(TurnedAway.REMEMBERED_NANOS).minus(last));
    stage.send(send(10));
    stage.expectError(10, "overloaded");
    stage.pass(last);
    stage.send(send(10));
    answerNext(10, new Reply.OutOfOrder(9));
    stage.expectError(10, "out_of_order");
  }

  /** A client that keeps to its window, of which one number was lost on the way. */
  @Test
  void whatComesBehindOneOutOfOrderIsAskedOfTheConversation() {
    stage.welcome();
    stage.send(send(2));
    answerNext(2, new Reply.OutOfOrder(1));
    stage.expectError(2, "out_of_order");
    stage.send(send(3));
    answerNext(3, new Reply.OutOfOrder(1));
    stage.expectError(3, "out_of_order");
  }

  @Test
  void whatComesBehindOneOutOfOrderIsTurnedAwayOfWhoIsHeldBack() {
    turnAwayTheNinth();
    for (int n = 1; n <= 8; n++) {
      acceptNext(n);
    }
    Duration half = Duration.ofNanos(TurnedAway.REMEMBERED_NANOS / 2);
    stage.pass(half);
    stage.send(send(10));
    stage.expectError(10, "overloaded");
    stage.pass(half);
    stage.send(send(11));
    answerNext(11, new Reply.OutOfOrder(9));
    stage.expectError(11, "out_of_order");
    stage.send(send(12));
    stage.expectError(12, "overloaded");
    for (int n = 9; n <= 12; n++) {
      stage.send(send(n));
      acceptNext(n);
    }
  }

  private void fillTheWindow() {
    stage.welcome();
    for (int n = 1; n <= 8; n++) {
      stage.send(send(n));
    }
  }

  private void turnAwayTheNinth() {
    fillTheWindow();
    stage.send(send(9));
    stage.expectError(9, "overloaded");
  }

  private void acceptNext(long n) {
    answerNext(n, new Reply.Accepted(n + 1, 1));
    stage.expect("accepted");
  }

  private void answerNext(long n, Reply reply) {
    expectAsked(n).replyTo().tell(reply);
  }

  private Conversation.Operate expectAsked(long n) {
    Conversation.Operate next = stage.conversations.expectMessageClass(Conversation.Operate.class);
    assertThat(next.number().n()).isEqualTo(n);
    return next;
  }

  @Test
  void whatIsSentOnceMoreThanMayBeUnderWayWasSentWaitsForRoom() {
    turnAwayTheNinth();
    for (int n = 9; n <= 11; n++) {
      stage.send(send(n));
    }
    stage.expectNothing();
    acceptNext(1);
    acceptNext(2);
    for (int n = 3; n <= 10; n++) {
      expectAsked(n);
    }
    stage.conversations.expectNoMessage(Duration.ofMillis(20));
  }

  @Test
  void whatIsOfAnotherConversationDoesNotWait() {
    turnAwayTheNinth();
    stage.send(send(9));
    stage.send(foreign(20));
    stage.expectError(20, "not_found");
    stage.send("{'t':'ping','id':21}");
    stage.expect("pong");
  }

  @Test
  void whatWaitsForRoomIsRefusedInTimeAndWhatStandsBehindItToo() {
    turnAwayTheNinth();
    for (int n = 9; n <= 11; n++) {
      stage.send(send(n));
    }
    stage.pass(HeldBack.PATIENCE.minus(Duration.ofSeconds(1)));
    stage.expectNothing();
    stage.pass(Duration.ofMillis(1_500));
    for (int n = 9; n <= 11; n++) {
      stage.expectError(n, "overloaded");
    }
    stage.send(send(12));
    stage.expectError(12, "overloaded");
  }

  /** What waited has the rest of its time, and not all of it once more. */
  @Test
  void anOperationIsAnsweredInTimeFromWhenItCame() {
    turnAwayTheNinth();
    stage.send(send(9));
    Duration waits = Operations.ASK.minus(Duration.ofSeconds(1));
    stage.pass(waits);
    for (int n = 1; n <= 8; n++) {
      acceptNext(n);
    }
    expectAsked(9);
    stage.pass(Operations.BUDGET.minus(waits).minus(Duration.ofSeconds(1)));
    stage.expectNothing();
    stage.pass(Duration.ofSeconds(2));
    stage.expectError(9, "unavailable");
  }

  @Test
  void theRowOfAnAnswerIsNotReadWhenThatCouldTakeTooLong() {
    stage.welcome();
    stage.store(2);
    stage.send(send(1));
    stage.pass(Operations.BUDGET.minus(Operations.READ).plus(Duration.ofSeconds(1)));
    for (int asked = 1; asked <= 3; asked++) {
      expectAsked(1).replyTo().tell(new Reply.Stored(2));
    }
    stage.expectError(1, "unavailable");
  }

  @Test
  void whatWaitsForRoomIsBoundedByTheCreditOfTheSocket() {
    turnAwayTheNinth();
    int before = stage.owed();
    int waiting = 0;
    for (int n = 9; waiting < Credit.LIMIT; n++) {
      String frame = padded(send(n));
      waiting += Credit.of(frame);
      stage.send(frame);
    }
    assertThat(stage.owed()).isBetween(Credit.LIMIT, before + waiting);
    acceptNext(1);
    stage.expectNothing();
    assertThat(stage.owed()).as("one waits no longer").isLessThan(Credit.LIMIT);
  }

  /** Others may wait behind it, which nobody has read. */
  @Test
  void whileAsMuchWaitsAsMayItDoesNotWaitLong() {
    turnAwayTheNinth();
    int waiting = 0;
    int n = 9;
    for (; waiting < Credit.LIMIT; n++) {
      String frame = padded(send(n));
      waiting += Credit.of(frame);
      stage.send(frame);
    }
    stage.pass(HeldBack.PATIENCE_WHEN_FULL.minus(Duration.ofSeconds(1)));
    stage.expectNothing();
    stage.pass(Duration.ofMillis(1_500));
    for (int refused = 9; refused < n; refused++) {
      stage.expectError(refused, "overloaded");
    }
    assertThat(stage.owed()).isLessThan(Credit.BACK);
  }

  @Test
  void aCopyOfWhatWaitsTakesItsPlace() {
    turnAwayTheNinth();
    stage.send(send(9));
    stage.send(send(10));
    stage.pass(Duration.ofSeconds(1));
    stage.send(send(9).replace("'id':9", "'id':19"));
    stage.expectError(9, "overloaded");
    for (int n = 1; n <= 10; n++) {
      expectAsked(n).replyTo().tell(new Reply.Accepted(n + 1, 1));
      assertThat(stage.expect("accepted").path("re").asLong()).isEqualTo(n == 9 ? 19 : n);
    }
    stage.conversations.expectNoMessage(Duration.ofMillis(20));
  }

  @Test
  void aSessionThatDrainsBeginsNothingThatWaits() {
    turnAwayTheNinth();
    stage.send(send(9));
    stage.session.tell(new Session.Drain(1_000));
    for (int n = 1; n <= 8; n++) {
      acceptNext(n);
    }
    stage.expectBye("draining");
    stage.conversations.expectNoMessage(Duration.ofMillis(20));
  }

  @Test
  void whoHasKeptWithinItsLimitsForLongIsRefusedAgainAtOnce() {
    turnAwayTheNinth();
    stage.send(send(9));
    acceptNext(1);
    stage.pass(Intake.CALM.plus(Requests.LOOK));
    stage.send(send(10));
    stage.expectError(10, "overloaded");
  }

  @Test
  void whoSendsFasterThanMayIsCarriedAtThatRate() {
    stage.welcome();
    Limits.Rates rates = Limits.DEFAULT.rates();
    int burst = rates.burst();
    for (int n = 1; n <= burst; n++) {
      stage.send(foreign(n));
      stage.expectError(n, "not_found");
    }
    stage.send(foreign(burst + 1));
    stage.expectError(burst + 1, "rate_limited");
    for (int n = burst + 2; n <= burst + 5; n++) {
      stage.send(foreign(n));
    }
    stage.expectNothing();
    stage.pass(Requests.LOOK);
    // Two and a half tokens by now.
    stage.expectError(burst + 2, "not_found");
    stage.expectError(burst + 3, "not_found");
    stage.expectNothing();
    stage.pass(Requests.LOOK);
    stage.expectError(burst + 4, "not_found");
    stage.expectError(burst + 5, "not_found");
  }

  private static String padded(String frame) {
    return frame + " ".repeat(2_000);
  }

  @Test
  void whoIsRefusedTimeAndAgainIsLookedAtOneLookAtATime() {
    turnAwayTheNinth();
    for (int n = 10; n <= 12; n++) {
      stage.send(send(n));
      stage.expectError(n, "overloaded");
    }
    int before = stage.shards.pauses();
    for (int i = 0; i < 4; i++) {
      stage.pass(Requests.LOOK);
    }
    assertThat(stage.shards.pauses() - before).isEqualTo(4);
  }

  @Test
  void moreThanTheBurstIsToldWhenToComeAgain() {
    stage.welcome();
    Limits.Rates rates = Limits.DEFAULT.rates();
    for (int n = 1; n <= rates.burst(); n++) {
      stage.send(foreign(n));
      stage.expectError(n, "not_found");
    }
    stage.send(foreign(31));
    JsonNode limited = stage.expect("error");
    assertThat(limited.path("code").asText()).isEqualTo("rate_limited");
    assertThat(limited.path("retryable").asBoolean()).isTrue();
    assertThat(limited.path("retryAfterMs").asLong()).isBetween(1L, 101L);
    stage.pass(Duration.ofSeconds(1));
    stage.send(foreign(32));
    stage.expectError(32, "not_found");
  }

  private static String send(long n) {
    return "{'t':'send','id':%d,'conversation':'c_ab','outbox':1,'n':%d,".formatted(n, n)
        + "'op':{'kind':'message','text':'hi'}}";
  }

  private static String foreign(long id) {
    return "{'t':'send','id':%d,'conversation':'c_foreign','outbox':1,'n':%d,".formatted(id, id)
        + "'op':{'kind':'message','text':'hi'}}";
  }
}

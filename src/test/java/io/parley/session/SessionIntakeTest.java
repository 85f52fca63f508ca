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
    Conversation.Operate next = stage.conversations.expectMessageClass(Conversation.Operate.class);
    assertThat(next.number().n()).isEqualTo(n);
    next.replyTo().tell(reply);
  }

  @Test
  void whoSendsMoreThanMayBeUnderWayIsReadAsThereIsRoom() {
    floodPastTheWindow();
    assertThat(stage.mayHandOver()).as("nine were on their way").isEqualTo(-9);
    acceptNext(1);
    stage.expectNothing();
    assertThat(stage.mayHandOver()).as("one more").isEqualTo(1);
    stage.send(send(9));
    stage.expectNothing();
    assertThat(stage.mayHandOver()).as("no more").isZero();
    for (int n = 2; n <= 4; n++) {
      acceptNext(n);
    }
    stage.expectNothing();
    assertThat(stage.mayHandOver()).as("as many as were answered").isEqualTo(3);
    stage.send("{'t':'ping','id':1}");
    stage.expect("pong");
    assertThat(stage.mayHandOver()).as("what takes no room").isEqualTo(3);
  }

  @Test
  void theFullestConversationSaysHowMuchIsRead() {
    floodPastTheWindow();
    for (int n = 1; n <= 8; n++) {
      acceptNext(n);
    }
    stage.expectNothing();
    assertThat(stage.mayHandOver()).isEqualTo(8);
    stage.send(send(9));
    stage.send(foreign(1));
    stage.expectError(1, "not_found");
    stage.send(send(10));
    stage.expectNothing();
    assertThat(stage.mayHandOver()).isEqualTo(6);
  }

  /** Credit bounds what waits in the session's mailbox, held back or not. */
  @Test
  void whoIsHeldBackGetsItsCreditBack() {
    floodPastTheWindow();
    assertThat(stage.owed()).isLessThan(Credit.BACK);
  }

  @Test
  void whoIsHeldBackIsReadAsEverWhenNothingCouldBeAdmittedForAWhile() {
    floodPastTheWindow();
    stage.pass(Intake.PATIENCE.minus(Duration.ofSeconds(1)));
    assertThat(stage.readsAsEver()).isFalse();
    stage.pass(Duration.ofSeconds(2));
    assertThat(stage.readsAsEver()).isTrue();
    stage.send(send(18));
    stage.expectError(18, "overloaded");
    assertThat(stage.mayHandOver()).as("no more").isZero();
  }

  @Test
  void whoIsHeldBackIsReadAsEverOnceItHasKeptWithinItsLimitsForLonger() {
    floodPastTheWindow();
    acceptNext(1);
    stage.pass(Intake.CALM.minus(Duration.ofSeconds(1)));
    assertThat(stage.mayHandOver()).isEqualTo(1);
    stage.pass(Duration.ofSeconds(2));
    assertThat(stage.readsAsEver()).isTrue();
  }

  @Test
  void whoSendsFasterThanMayIsReadAtThatRate() {
    stage.welcome();
    Limits.Rates rates = Limits.DEFAULT.rates();
    for (int n = 1; n <= rates.burst() + 10; n++) {
      stage.send(foreign(n));
      stage.expectError(n, n <= rates.burst() ? "not_found" : "rate_limited");
    }
    assertThat(stage.mayHandOver()).as("nine were on their way").isEqualTo(-9);
    stage.pass(Requests.LOOK);
    // Two and a half tokens by now.
    assertThat(stage.mayHandOver()).as("two more").isEqualTo(2);
    for (int n = 1; n <= 2; n++) {
      stage.send(foreign(100 + n));
      stage.expectError(100 + n, "not_found");
      stage.expectNothing();
    }
    assertThat(stage.mayHandOver()).as("no more").isZero();
  }

  /** Eight under way, and ten that are turned away: more than there is credit for. */
  private void floodPastTheWindow() {
    fillTheWindow();
    for (int n = 9; n <= 18; n++) {
      stage.send(padded(send(n)));
      stage.expectError(n, "overloaded");
    }
  }

  private static String padded(String frame) {
    return frame + " ".repeat(2_000);
  }

  @Test
  void whoIsRefusedTimeAndAgainIsLookedAtOneLookAtATime() {
    fillTheWindow();
    for (int round = 0; round < 3; round++) {
      stage.send(send(9));
      stage.expectError(9, "overloaded");
      stage.passAhead(Intake.CALM);
      // A frame ends it before the look does, which is due still.
      stage.send("{'t':'ping','id':1}");
      stage.expect("pong");
      assertThat(stage.readsAsEver()).isTrue();
    }
    stage.send(send(9));
    stage.expectError(9, "overloaded");
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
    return "{'t':'send','id':%d,'conversation':'c_foreign','outbox':1,'n':1,".formatted(id)
        + "'op':{'kind':'message','text':'hi'}}";
  }
}

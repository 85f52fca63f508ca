package io.parley.session;

import static io.parley.session.Stage.AB;
import static io.parley.session.Stage.BOB;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.parley.conversation.Conversation;
import io.parley.conversation.Reply;
import io.parley.model.Limits;
import io.parley.user.Push;
import io.parley.user.User;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One client's silence, flood or nonsense costs a bounded amount, and nobody else. */
class SessionLimitsTest {
  private final Stage stage = new Stage();

  @AfterEach
  void close() {
    stage.close();
  }

  @Test
  void theNinthOperationInFlightIsToldOverloaded() {
    stage.welcome();
    for (int n = 1; n <= 8; n++) {
      stage.send(send(n));
    }
    stage.send(send(9));
    stage.expectError(9, "overloaded");
    stage
        .conversations
        .expectMessageClass(Conversation.Operate.class)
        .replyTo()
        .tell(new Reply.Accepted(2, 1));
    stage.expect("accepted");
    stage.send(send(9));
    stage.expectNothing();
  }

  @Test
  void whatComesBehindOneThatWasTurnedAwayIsTurnedAwayUntilThatOneComesAgain() {
    stage.welcome();
    for (int n = 1; n <= 8; n++) {
      stage.send(send(n));
    }
    stage.send(send(9));
    stage.expectError(9, "overloaded");
    for (int n = 1; n <= 2; n++) {
      stage
          .conversations
          .expectMessageClass(Conversation.Operate.class)
          .replyTo()
          .tell(new Reply.Accepted(n + 1, 1));
      stage.expect("accepted");
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
  void whatComesBehindOneThatWasTurnedAwayIsTurnedAwayForASecondWhenNothingIsUnderWay() {
    stage.welcome();
    for (int n = 1; n <= 8; n++) {
      stage.send(send(n));
    }
    stage.send(send(9));
    stage.expectError(9, "overloaded");
    for (int n = 1; n <= 8; n++) {
      answerNext(n, new Reply.Accepted(n + 1, 1));
      stage.expect("accepted");
    }
    stage.pass(Duration.ofMillis(900));
    stage.send(send(10));
    stage.expectError(10, "overloaded");
    stage.pass(Duration.ofMillis(100));
    stage.send(send(10));
    answerNext(10, new Reply.OutOfOrder(9));
    stage.expectError(10, "out_of_order");
  }

  private void answerNext(long n, Reply reply) {
    Conversation.Operate next = stage.conversations.expectMessageClass(Conversation.Operate.class);
    assertThat(next.number().n()).isEqualTo(n);
    next.replyTo().tell(reply);
  }

  @Test
  void whoSendsMoreThanMayBeUnderWayIsReadAFrameAtATimeAsThereIsRoom() {
    floodPastTheWindow();
    assertThat(stage.owed()).isGreaterThan(Credit.LIMIT);
    answerNext(1, new Reply.Accepted(2, 1));
    stage.expect("accepted");
    stage.expectNothing();
    assertThat(stage.owed()).as("one more").isEqualTo(Credit.LIMIT - 1);
    stage.send(send(9));
    stage.expectNothing();
    assertThat(stage.owed()).as("no more").isGreaterThan(Credit.LIMIT - 1);
    answerNext(2, new Reply.Accepted(3, 1));
    stage.expect("accepted");
    stage.expectNothing();
    assertThat(stage.owed()).as("one more").isEqualTo(Credit.LIMIT - 1);
  }

  @Test
  void whoIsHeldBackIsReadAsEverWhenNothingCouldBeAdmittedForAWhile() {
    floodPastTheWindow();
    stage.pass(Intake.CALM.plus(Duration.ofSeconds(1)));
    assertThat(stage.owed()).isZero();
    stage.send(send(18));
    stage.expectError(18, "overloaded");
    assertThat(stage.owed()).as("no more").isEqualTo(Credit.LIMIT);
  }

  @Test
  void whoSendsFasterThanMayIsReadAtThatRate() {
    stage.welcome();
    Limits.Rates rates = Limits.DEFAULT.rates();
    for (int n = 1; n <= rates.burst() + 10; n++) {
      stage.send(padded(foreign(n)));
      stage.expectError(n, n <= rates.burst() ? "not_found" : "rate_limited");
    }
    assertThat(stage.owed()).isGreaterThanOrEqualTo(Credit.LIMIT);
    stage.pass(Requests.LOOK);
    // Two and a half tokens by now.
    for (int n = 1; n <= 2; n++) {
      assertThat(stage.owed()).as("one more").isEqualTo(Credit.LIMIT - 1);
      stage.send(foreign(100 + n));
      stage.expectError(100 + n, "not_found");
      stage.expectNothing();
    }
    assertThat(stage.owed()).as("no more").isGreaterThanOrEqualTo(Credit.LIMIT);
  }

  /** Eight under way, and ten that are turned away: more than the socket has credit for. */
  private void floodPastTheWindow() {
    stage.welcome();
    for (int n = 1; n <= 8; n++) {
      stage.send(send(n));
    }
    for (int n = 9; n <= 18; n++) {
      stage.send(padded(send(n)));
      stage.expectError(n, "overloaded");
    }
  }

  private static String padded(String frame) {
    return frame + " ".repeat(2_000);
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

  @Test
  void theTenthBadFrameInAMinuteEndsTheSession() {
    stage.welcome();
    for (int i = 1; i <= 9; i++) {
      stage.send("{'t':");
      assertThat(stage.expect("error").path("code").asText()).isEqualTo("bad_frame");
    }
    stage.send("[]");
    stage.expect("error");
    stage.expectBye("protocol_error");
  }

  @Test
  void badFramesFarApartAreOnlyRefused() {
    Strikes strikes = new Strikes(2);
    long minute = Duration.ofSeconds(61).toNanos();
    assertThat(strikes.strike(0)).isFalse();
    assertThat(strikes.strike(minute)).isFalse();
    assertThat(strikes.strike(2 * minute)).isFalse();
    assertThat(strikes.strike(2 * minute + 1)).isTrue();
  }

  @Test
  void aFrameOfAnUnknownTypeIsToldUnsupported() {
    stage.welcome();
    stage.send("{'t':'unheard_of','id':5}");
    stage.expectError(5, "unsupported");
  }

  @Test
  void aQuietClientIsPingedAndASilentOneIsToldGoodbye() {
    stage.welcome();
    stage.pass(Duration.ofSeconds(26));
    stage.expect("ping");
    stage.send("{'t':'pong'}");
    stage.pass(Duration.ofSeconds(71));
    JsonNode frame = stage.next();
    while (frame.path("t").asText().equals("ping")) {
      frame = stage.next();
    }
    assertThat(frame.path("code").asText()).isEqualTo("idle");
  }

  /** Whenever in its round it falls silent. */
  @ParameterizedTest
  @ValueSource(longs = {0, 5_000})
  void aSilentClientIsGoneWithinSeventyFiveSeconds(long firstTickMillis) {
    try (Stage silent = new Stage(Duration.ofMillis(firstTickMillis))) {
      silent.welcome();
      assertThat(silent.passUntilEnd(Duration.ofSeconds(75))).isGreaterThan(Duration.ofSeconds(60));
    }
  }

  /** Its host is gone, and what is pushed to it fills the buffers of the kernel meanwhile. */
  @Test
  void aSilentClientIsGoneWithinSeventyFiveSecondsThoughFramesWaitForIt() {
    try (Stage silent = new Stage(Duration.ZERO)) {
      silent.welcome();
      silent.pass(Duration.ofSeconds(66));
      silent.stall();
      silent.pushes.orElseThrow().tell(new Push.Typing(AB, BOB, true));
      silent.passUntilEnd(Duration.ofSeconds(9));
    }
  }

  @Test
  void whoIsRefusedTimeAndAgainIsLookedAtOneLookAtATime() {
    stage.welcome();
    for (int n = 1; n <= 8; n++) {
      stage.send(send(n));
    }
    for (int round = 0; round < 3; round++) {
      stage.send(send(9));
      stage.expectError(9, "overloaded");
      stage.passAhead(Intake.CALM);
      // A frame ends it before the look does, which is due still.
      stage.send("{'t':'ping','id':1}");
      stage.expect("pong");
      assertThat(stage.owed()).isZero();
    }
    stage.send(send(9));
    stage.expectError(9, "overloaded");
    int before = stage.shards.pauses();
    for (int i = 0; i < 4; i++) {
      stage.pass(Requests.LOOK);
    }
    assertThat(stage.shards.pauses() - before).isEqualTo(4);
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 5_000})
  void aReaderThatTakesNothingIsPartedWithinThirtySecondsOfBeingStuck(long firstTickMillis) {
    try (Stage stuck = new Stage(Duration.ofMillis(firstTickMillis))) {
      stuck.welcome();
      stuck.stall();
      stuck.send("{'t':'ping','id':2}");
      assertThat(stuck.passUntilEnd(Duration.ofSeconds(30))).isGreaterThan(Duration.ofSeconds(15));
    }
  }

  @Test
  void aReaderThatWasStuckIsPartedWithThoughItThenTakesALittle() {
    stage.welcome();
    stage.stall();
    stage.send("{'t':'ping','id':2}");
    stage.pass(Duration.ofSeconds(26));
    stage.session.tell(new Session.Taken(1));
    stage.passUntilEnd(Duration.ofSeconds(4));
  }

  @Test
  void whatASlowReaderMissesComesFromTheLogWhenItReadsAgain() {
    stage.store(1);
    stage.inboxes.apply(AB, 2);
    stage.welcome();
    stage.send("{'t':'ping','id':1}");
    stage.expect("pong");
    stage.stall();
    for (int i = 0; i < 600; i++) {
      stage.deliver(stage.store());
    }
    stage.unstall();
    int seq = 2;
    while (seq < 602) {
      for (JsonNode event : stage.expect("events").path("events")) {
        assertThat(event.path("seq").asInt()).isEqualTo(++seq);
      }
    }
    stage.expectNothing();
  }

  @Test
  void noticesFromOthersNeverFillASlowReadersWindow() {
    stage.welcome();
    stage.send("{'t':'ping','id':1}");
    stage.expect("pong");
    stage.stall();
    for (int i = 0; i < 6_000; i++) {
      stage.push(new Push.Typing(AB, BOB, true));
    }
    stage.send("{'t':'ping','id':2}");
    stage.unstall();
    JsonNode frame = stage.next();
    int notices = 0;
    while (frame.path("t").asText().equals("typing")) {
      notices++;
      frame = stage.next();
    }
    assertThat(frame.path("t").asText()).isEqualTo("pong");
    assertThat(notices).isBetween(1, OutboundWindow.PUSH_FRAMES);
  }

  @Test
  void aClientThatAsksAndDoesNotReadIsParted() {
    stage.welcome();
    stage.send("{'t':'ping','id':1}");
    stage.expect("pong");
    stage.stall();
    for (int i = 0; i < 7_000; i++) {
      stage.send("{'t':'ping','id':2}");
    }
    stage.unstall();
    stage.expectBye("slow_consumer");
  }

  @Test
  void aFloodOfTypingReachesNobody() {
    stage.directory.join(AB, Stage.ADA, BOB);
    stage.welcome();
    for (int i = 0; i < Requests.NOTES_BURST + 50; i++) {
      stage.send("{'t':'typing','conversation':'c_ab','on':true}");
    }
    for (int i = 0; i < Requests.NOTES_BURST; i++) {
      stage.users.expectMessageClass(User.TellTyping.class);
    }
    stage.users.expectNoMessage(Duration.ofMillis(20));
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

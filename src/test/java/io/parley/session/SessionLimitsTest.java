package io.parley.session;

import static io.parley.session.Stage.AB;
import static io.parley.session.Stage.BOB;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
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
}

package io.parley.session;

import static io.parley.session.Stage.AB;
import static io.parley.session.Stage.ADA;
import static io.parley.session.Stage.BOB;
import static io.parley.session.Stage.HELLO;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.parley.user.Push;
import io.parley.user.User;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How a session begins, and all the ways in which it doesn't. */
class SessionHelloTest {
  private Stage stage = new Stage();

  @BeforeEach
  void talk() {
    stage.store(3);
    stage.inboxes.apply(Stage.AB, 4);
  }

  @AfterEach
  void close() {
    stage.close();
  }

  @Test
  void whoSaysNothingForFiveSecondsIsToldSo() {
    stage.pass(Duration.ofSeconds(4));
    stage.expectNothing();
    stage.pass(Duration.ofSeconds(1));
    stage.expectBye("unauthenticated");
  }

  @Test
  void aTokenThatIsNobodysEndsTheSession() {
    stage.send("{'t':'hello','id':1,'token':'stolen'}");
    stage.expectBye("unauthenticated");
    stage.users.expectNoMessage(Duration.ofMillis(20));
  }

  @Test
  void anotherPersonsCredentialsDoNotGetTheCursorsOfTheFirst() {
    stage.send("{'t':'hello','id':1,'token':'token-ada','user':'u_bob','cursors':[['c_ab',1]]}");
    stage.expectBye("other_user");
  }

  @Test
  void aFrameBeforeHelloEndsTheSession() {
    stage.send("{'t':'ping','id':1}");
    stage.expectBye("protocol_error");
  }

  @Test
  void aSecondHelloEndsTheSession() {
    stage.welcome();
    stage.send(HELLO);
    stage.expectBye("protocol_error");
  }

  @Test
  void aSecondHelloBeforeTheWelcomeEndsTheSession() {
    stage.send(HELLO);
    stage.send(HELLO);
    stage.expectBye("protocol_error");
  }

  @Test
  void theWelcomeComesFirstAndOnlyOnceTheSessionIsAttached() {
    stage.send(HELLO);
    User.Attach attach = stage.expectAttach();
    assertThat(attach.signIn()).isEqualTo("i_ada");
    stage.expectNothing();

    stage.push(new Push.Attached(1, 0));

    JsonNode welcome = stage.expect("welcome");
    assertThat(welcome.path("re").asLong()).isEqualTo(1);
    assertThat(welcome.path("epoch").asText()).isEqualTo(Stage.EPOCH);
    assertThat(welcome.path("user").path("id").asText()).isEqualTo(ADA.value());
    JsonNode inbox = stage.expect("inbox");
    assertThat(inbox.path("conversations").get(0).path("peer").path("id").asText())
        .isEqualTo(BOB.value());
    assertThat(inbox.path("more").asBoolean()).isFalse();
  }

  @Test
  void aUserThatIsNotFoundInTimeKeepsNobodyFromTheLog() {
    stage.send("{'t':'hello','id':1,'token':'token-ada','user':'u_ada','cursors':[['c_ab',1]]}");
    stage.expectAttach();
    stage.expectNothing();
    stage.pass(Attachment.WITHIN);
    stage.expect("welcome");
    // What the log holds, and the list, in whichever order they are read.
    assertThat(List.of(stage.next(), stage.next(), stage.next()))
        .extracting(frame -> frame.path("t").asText())
        .containsExactlyInAnyOrder("events", "caught_up", "inbox");
    stage.expectAttach();
  }

  @Test
  void aSessionThatIsAttachedLateLearnsWhatItHasMissed() {
    lateWelcome();
    stage.store(2);
    stage.inboxes.apply(AB, 6);
    stage.expectNothing();
    stage.push(new Push.Attached(1, 0));
    stage.expectEvents(5, 6);
    stage.pass(Attachment.AGAIN_AT_MOST);
    stage.users.expectNoMessage(Duration.ofMillis(20));
  }

  @Test
  void aSignInEndedBeforeALateAttachIsFound() {
    lateWelcome();
    stage.directory.signOut("ada");
    stage.push(new Push.Attached(1, 0));
    stage.expectBye("revoked");
  }

  @Test
  void anAttachThatIsNeverAnsweredIsGivenUpAtLast() {
    lateWelcome();
    for (int tries = 1; tries < Attachment.TRIES; tries++) {
      stage.pass(Attachment.within(tries));
      if (tries < Attachment.TRIES - 1) {
        stage.expectAttach();
      }
    }
    JsonNode frame = stage.next();
    while (frame.path("t").asText().equals("ping")) {
      frame = stage.next();
    }
    assertThat(frame.path("code").asText()).isEqualTo("unavailable");
  }

  /** Welcome and inbox for a session whose user can't be found. */
  private void lateWelcome() {
    stage.send(HELLO);
    stage.expectAttach();
    stage.pass(Attachment.WITHIN);
    stage.expect("welcome");
    stage.expect("inbox");
    stage.expectAttach();
  }

  @Test
  void moreSessionsThanAPersonMayHaveAreToldSo() {
    stage.send(HELLO);
    stage.expectAttach();
    stage.push(new Push.TooManySessions());
    stage.expectBye("too_many_sessions");
  }

  @Test
  void aLiveSessionThatLosesItsPlaceToOthersPartsInsteadOfAskingForEver() {
    stage.welcome();
    stage.push(new Push.Reattach());
    stage.expectAttach();
    stage.push(new Push.TooManySessions());
    stage.expectBye("too_many_sessions");
    stage.users.expectNoMessage(Duration.ofMillis(20));
  }

  @Test
  void aPlaceThatOthersWaitForIsKeptOnceTheClientIsHeard() {
    stage.welcome();
    stage.push(new Push.Renew());
    stage.expect("ping");
    stage.users.expectNoMessage(Duration.ofMillis(20));
    stage.send("{'t':'pong'}");
    stage.expectAttach();
    stage.send("{'t':'pong'}");
    stage.users.expectNoMessage(Duration.ofMillis(20));
  }

  @Test
  void aClientThatDoesNotSayThatItIsThereKeepsItsPlaceByNoTimer() {
    stage.welcome();
    stage.push(new Push.Renew());
    stage.pass(Heartbeat.SILENCE.minus(Heartbeat.TICK));
    stage.users.expectNoMessage(Duration.ofMillis(20));
  }

  @Test
  void aSignInEndedBetweenTheLookAndTheAttachIsFound() {
    stage.send(HELLO);
    stage.expectAttach();
    stage.directory.signOut("ada");
    stage.push(new Push.Attached(1, 0));
    stage.expect("welcome");
    JsonNode next = stage.next();
    if (next.path("t").asText().equals("inbox")) {
      next = stage.next();
    }
    assertThat(next.path("code").asText()).isEqualTo("revoked");
  }

  @Test
  void aSignInEndedWhileItsUserMovedIsFoundAtTheNextAttach() {
    stage.welcome();
    stage.directory.signOut("ada");
    stage.push(new Push.Attached(1, 0));
    stage.expectNothing();
    stage.push(new Push.Attached(2, 0));
    stage.expectBye("revoked");
  }

  @Test
  void aLookAtTheSignInThatFailedEndsNothing() {
    stage.welcome();
    stage.directory.signOut("ada");
    stage.directory.away(true);
    stage.push(new Push.Attached(2, 0));
    stage.expectNothing();
  }

  @Test
  void theSignInThatItStandsOnIsToldToWhoLooksAtItFromThenOn() {
    stage.send(HELLO);
    Sessions.SignedIn told = stage.sessions.expectMessageClass(Sessions.SignedIn.class);
    assertThat(told.session()).isEqualTo("s_1");
    assertThat(told.signIn()).isEqualTo("i_ada");
    told.pushes().tell(new Push.Revoked());
    stage.expectBye("revoked");
  }

  @Test
  void revokingTheSignInEndsTheSessionAtOnce() {
    stage.welcome();
    stage.push(new Push.Revoked());
    stage.expectBye("revoked");
  }

  @Test
  void cursorsAreReplayedThenCaughtUpThenLive() {
    stage.welcome(hello("['c_ab',2]", "e_1"));
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < 3; i++) {
      seen.add(stage.next().path("t").asText());
    }
    assertThat(seen).containsExactlyInAnyOrder("inbox", "events", "caught_up");
    stage.deliver(stage.store());
    stage.expectEvents(5);
  }

  @Test
  void aNullCursorBeginsAtTheHead() {
    stage.welcome(hello("['c_ab',null]", "e_1"));
    assertThat(caughtUp().path("seq").asLong()).isEqualTo(4);
  }

  @Test
  void anotherEpochVoidsEveryCursor() {
    stage.welcome(hello("['c_ab',2]", "e_0"));
    assertThat(stage.expect("error").path("code").asText()).isEqualTo("resync");
    assertThat(stage.expect("inbox").path("conversations")).hasSize(1);
  }

  @Test
  void aCursorPastTheHeadAndAForeignOneAreAnsweredAlike() {
    stage.welcome(hello("['c_ab',9],['c_foreign',1],['nonsense',1]", "e_1"));
    int resyncs = 0;
    for (int i = 0; i < 4; i++) {
      JsonNode frame = stage.next();
      if (frame.path("t").asText().equals("error")) {
        assertThat(frame.path("code").asText()).isEqualTo("resync");
        assertThat(frame.has("re")).isFalse();
        assertThat(frame.has("conversation")).isTrue();
        resyncs++;
      }
    }
    assertThat(resyncs).isEqualTo(3);
  }

  @Test
  void moreThanTheBacklogWantedIsToldAsBehindAndLiveFromTheHead() {
    stage.welcome(
        "{'t':'hello','id':1,'token':'token-ada','user':'u_ada','cursors':[['c_ab',1]],"
            + "'backlog':2}");
    JsonNode behind = stage.next();
    if (behind.path("t").asText().equals("inbox")) {
      behind = stage.next();
    } else {
      stage.expect("inbox");
    }
    assertThat(behind.path("t").asText()).isEqualTo("behind");
    assertThat(behind.path("cursor").asLong()).isEqualTo(1);
    assertThat(behind.path("head").asLong()).isEqualTo(4);
    stage.deliver(stage.store());
    stage.expectEvents(5);
  }

  @Test
  void aNodeThatStopsPartsWithWhoeverIsNotWelcomeYet() {
    stage.session.tell(new Session.Drain(700));
    JsonNode bye = stage.expect("bye");
    assertThat(bye.path("code").asText()).isEqualTo("draining");
    assertThat(bye.path("retryAfterMs").asLong()).isEqualTo(700);
  }

  private JsonNode caughtUp() {
    JsonNode frame = stage.next();
    return frame.path("t").asText().equals("caught_up") ? frame : stage.expect("caught_up");
  }

  private static String hello(String cursors, String epoch) {
    return "{'t':'hello','id':1,'token':'token-ada','user':'u_ada','epoch':'"
        + epoch
        + "','cursors':["
        + cursors
        + "]}";
  }
}

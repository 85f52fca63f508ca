package io.parley.session;

import static io.parley.session.Stage.AB;
import static io.parley.session.Stage.ADA;
import static io.parley.session.Stage.BOB;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.parley.conversation.Conversation;
import io.parley.conversation.Reply;
import io.parley.model.ConversationId;
import io.parley.model.Marks;
import io.parley.model.SequencedEvent;
import io.parley.user.Push;
import io.parley.user.User;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a welcome client is told, whatever is lost on the way to its session. */
class SessionLiveTest {
  private final Stage stage = new Stage();

  @AfterEach
  void close() {
    stage.close();
  }

  @Test
  void eventsAreForwardedInOrderAndADoubleIsNot() {
    live(2);
    SequencedEvent third = stage.store();
    stage.deliver(third);
    stage.deliver(third);
    stage.deliver(stage.store());
    stage.expectEvents(3, 4);
    stage.expectNothing();
  }

  @Test
  void aGapIsFilledFromTheLog() {
    live(2);
    stage.store(2);
    stage.deliver(stage.store());
    stage.expectEvents(3, 4, 5);
  }

  @Test
  void aHeadHeardOfIsReadFromTheLog() {
    live(2);
    stage.store(2);
    stage.push(new Push.Heads(1, 1, Map.of(AB, 4L)));
    stage.expectEvents(3, 4);
  }

  @Test
  void aReadThatFailsIsMadeAgainWithoutAnythingNew() {
    live(2);
    stage.store(2);
    stage.log.failNext(1);
    stage.push(new Push.Heads(1, 1, Map.of(AB, 4L)));
    stage.expectNothing();
    stage.pass(LiveSession.AGAIN);
    stage.expectEvents(3, 4);
  }

  @Test
  void aConversationNotToldOfYetIsAnnouncedWithTheHeadBeforeItsFirstEvent() {
    stage.welcome();
    stage.deliver(stage.store());
    JsonNode announced = stage.expect("conversation");
    assertThat(announced.has("re")).isFalse();
    assertThat(announced.path("conversation").path("head").asLong()).isEqualTo(1);
    stage.expectEvents(2);
  }

  @Test
  void anAnnouncementThatFailsIsMadeAgainAndLosesNothing() {
    stage.welcome();
    stage.inboxes.failNext(1);
    stage.deliver(stage.store());
    stage.expectNothing();
    stage.pass(LiveSession.AGAIN);
    stage.expect("conversation");
    stage.expectEvents(2);
  }

  @Test
  void aResumeBeginsAgainAtTheCursorWhateverHadCome() {
    live(4);
    stage.send("{'t':'resume','id':7,'cursors':[['c_ab',1],['c_foreign',3]]}");
    assertThat(stage.expect("ok").path("re").asLong()).isEqualTo(7);
    assertThat(stage.expect("error").path("code").asText()).isEqualTo("resync");
    stage.expectEvents(2, 3, 4);
    assertThat(stage.expect("caught_up").path("seq").asLong()).isEqualTo(4);
  }

  @Test
  void aResumeThatCannotBeReadIsAnsweredAndTheSocketStays() {
    live(4);
    stage.log.failNext(1);
    stage.send("{'t':'resume','id':7,'cursors':[['c_ab',1]]}");
    stage.expectError(7, "unavailable");
    stage.send("{'t':'ping','id':8}");
    stage.expect("pong");
  }

  @Test
  void anotherLifeOfTheUserMakesTheSessionCompareHeads() {
    live(2);
    stage.store(2);
    stage.inboxes.apply(AB, 4);
    stage.push(new Push.Attached(2, 0));
    stage.expectEvents(3, 4);
  }

  @Test
  void aComparisonThatFailsIsOwedUntilTheNextRenewal() {
    live(2);
    stage.store(2);
    stage.inboxes.apply(AB, 4);
    stage.inboxes.failNext(1);
    stage.push(new Push.Attached(2, 0));
    stage.expectNothing();
    stage.push(new Push.Attached(2, 0));
    stage.expectEvents(3, 4);
  }

  @Test
  void aVersionThatSkipsOneMakesTheSessionCompareHeads() {
    live(2);
    stage.store(2);
    stage.inboxes.apply(AB, 4);
    stage.push(new Push.Heads(5, 1, Map.of()));
    stage.expectEvents(3, 4);
  }

  @Test
  void aNoticeOfAllChangesSinceIsBelievedWithoutAsking() {
    live(2);
    stage.store(2);
    stage.inboxes.apply(AB, 4);
    stage.push(new Push.Heads(5, 4, Map.of()));
    stage.expectNothing();
  }

  @Test
  void aNoticeOfAnEarlierBuildTellsOfOneChange() {
    live(2);
    stage.store(2);
    stage.inboxes.apply(AB, 4);
    stage.push(new Push.Heads(2, 0, Map.of()));
    stage.expectNothing();
    stage.store(1);
    stage.inboxes.apply(AB, 5);
    stage.push(new Push.Heads(4, 0, Map.of()));
    stage.expectEvents(3, 4, 5);
  }

  @Test
  void typingGoesToThePeerAndComesFromThem() {
    live(2);
    stage.send("{'t':'typing','conversation':'c_ab','on':true}");
    stage.users.expectMessage(new User.TellTyping(AB, ADA, true));
    stage.push(new Push.Typing(AB, BOB, true));
    assertThat(stage.expect("typing").path("ttlMs").asLong()).isEqualTo(6_000);
    stage.push(new Push.Typing(AB, BOB, false));
    assertThat(stage.expect("typing").path("ttlMs").asLong()).isZero();
  }

  @Test
  void typingAndMarksInAForeignConversationGoNowhere() {
    live(2);
    stage.directory.join(new ConversationId("c_other"), BOB, stage.directory.add("eve").id());
    stage.send("{'t':'typing','conversation':'c_other','on':true}");
    stage.send("{'t':'mark','conversation':'c_other','read':1}");
    stage.expectNothing();
    stage.users.expectNoMessage(Duration.ofMillis(20));
    stage.conversations.expectNoMessage(Duration.ofMillis(20));
  }

  @Test
  void aMarkGoesToItsConversation() {
    live(2);
    stage.send("{'t':'mark','conversation':'c_ab','delivered':2,'read':1}");
    stage.conversations.expectMessage(new Conversation.Mark(ADA, new Marks(2, 1)));
  }

  @Test
  void onlyPeersAreWatchedAndALaterWatchReplacesTheEarlier() {
    live(2);
    stage.send("{'t':'watch','users':['u_bob','u_eve']}");
    assertThat(stage.users.expectMessageClass(User.Watch.class).session()).isEqualTo("s_1");
    JsonNode eve = stage.expect("presence");
    assertThat(eve.path("user").asText()).isEqualTo("u_eve");
    assertThat(eve.path("online").asBoolean()).isFalse();

    stage.push(new Push.Presence(BOB, true, OptionalLong.empty()));
    assertThat(stage.expect("presence").path("online").asBoolean()).isTrue();

    stage.send("{'t':'watch','users':['u_zoe']}");
    stage.users.expectMessage(new User.Unwatch("s_1"));
    stage.expect("presence");
    stage.push(new Push.Presence(BOB, false, OptionalLong.of(60_000)));
    stage.expectNothing();
  }

  @Test
  void startAnswersWithTheConversationAndItsHead() {
    live(2);
    stage.send("{'t':'start','id':3,'peer':'bob'}");
    JsonNode started = stage.expect("conversation");
    assertThat(started.path("re").asLong()).isEqualTo(3);
    assertThat(started.path("conversation").path("id").asText()).isEqualTo("c_ab");
    stage.send("{'t':'start','id':4,'peer':'nobody'}");
    stage.expectError(4, "not_found");
  }

  @Test
  void aPageOfAForeignConversationLooksLikeOneThatIsNotThere() {
    live(4);
    stage.send("{'t':'page','id':5,'conversation':'c_ab','before':4,'limit':2}");
    JsonNode page = stage.expect("page");
    assertThat(page.path("events").get(0).path("seq").asLong()).isEqualTo(2);
    assertThat(page.path("start").asBoolean()).isFalse();
    stage.directory.join(new ConversationId("c_other"), BOB, stage.directory.add("eve").id());
    stage.send("{'t':'page','id':6,'conversation':'c_other'}");
    stage.expectError(6, "not_found");
    stage.send("{'t':'page','id':7,'conversation':'nothing'}");
    stage.expectError(7, "not_found");
  }

  @Test
  void aSendIsAskedOfItsConversationAndAnswered() {
    live(2);
    stage.send(send(9, 1));
    Conversation.Operate operate =
        stage.conversations.expectMessageClass(Conversation.Operate.class);
    assertThat(operate.by()).isEqualTo(ADA);
    operate.replyTo().tell(new Reply.Accepted(3, 77));
    JsonNode accepted = stage.expect("accepted");
    assertThat(accepted.path("re").asLong()).isEqualTo(9);
    assertThat(accepted.path("seq").asLong()).isEqualTo(3);
    assertThat(accepted.path("duplicate").asBoolean()).isFalse();
  }

  @Test
  void aSkipIsStoredBeforeItIsAnswered() {
    live(2);
    stage.send("{'t':'send','id':9,'conversation':'c_ab','outbox':1,'n':1,'op':{'kind':'skip'}}");
    stage
        .conversations
        .expectMessageClass(Conversation.Skip.class)
        .replyTo()
        .tell(new Reply.Spent());
    assertThat(stage.expect("skipped").path("re").asLong()).isEqualTo(9);
  }

  @Test
  void whatDrainsAnswersWhatIsInFlightAndBeginsNothingNew() {
    live(2);
    stage.send(send(9, 1));
    Conversation.Operate operate =
        stage.conversations.expectMessageClass(Conversation.Operate.class);
    stage.session.tell(new Session.Drain(500));
    stage.send(send(10, 2));
    stage.expectNothing();
    operate.replyTo().tell(new Reply.Accepted(3, 77));
    stage.expect("accepted");
    stage.expectBye("draining");
    stage.conversations.expectNoMessage(Duration.ofMillis(20));
  }

  @Test
  void aSessionThatEndsDetachesAndWatchesNobody() {
    live(2);
    stage.send("{'t':'watch','users':['u_bob']}");
    stage.users.expectMessageClass(User.Watch.class);
    stage.session.tell(new Session.Disconnected());
    stage.users.expectMessage(new User.Detach("s_1"));
    stage.users.expectMessage(new User.Unwatch("s_1"));
  }

  /** A welcome session that was told of the conversation with this head. */
  private void live(int head) {
    stage.store(head - 1);
    stage.inboxes.apply(AB, head);
    stage.welcome();
  }

  private static String send(long id, long n) {
    return "{'t':'send','id':%d,'conversation':'c_ab','outbox':1,'n':%d,".formatted(id, n)
        + "'op':{'kind':'message','text':'hi'}}";
  }
}

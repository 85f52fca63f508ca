package io.parley.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.apache.pekko.actor.testkit.typed.javadsl.FishingOutcomes;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Sign-ins that end without a word to the sessions that stand on them. */
class SessionsTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  private final Stage stage = new Stage();
  private final ManualTime time = ManualTime.get(stage.testKit.system());
  private final ActorRef<Sessions.Command> sessions =
      stage.testKit.spawn(Sessions.create(stage.ports, 10));

  /** A socket of this node, and the session behind it. */
  private record Socket(TestProbe<Outbound> frames, ActorRef<Session.Command> session) {}

  @AfterEach
  void close() {
    stage.close();
  }

  /** A socket whose client has said hello; its user answers nothing. */
  private Socket open(String name) {
    TestProbe<Optional<ActorRef<Session.Command>>> opened = stage.testKit.createTestProbe();
    sessions.tell(new Sessions.Open(Optional.empty(), "192.0.2.1", opened.ref()));
    ActorRef<Session.Command> session = opened.receiveMessage().orElseThrow();
    TestProbe<Outbound> frames = stage.testKit.createTestProbe();
    session.tell(new Session.Connected(frames.ref()));
    session.tell(
        new Session.Received("{\"t\":\"hello\",\"id\":1,\"token\":\"token-" + name + "\"}"));
    stage.expectAttach();
    return new Socket(frames, session);
  }

  /** Lets time pass until a look is taken; what the one before came to has been told by then. */
  private void look() {
    int before = stage.directory.looks().size();
    Awaitility.await()
        .pollInSameThread()
        .until(
            () -> {
              time.timePasses(SECOND);
              return stage.directory.looks().size() > before;
            });
  }

  private static void expectRevoked(Socket socket) {
    expect(socket, "\"revoked\"");
  }

  private static void expect(Socket socket, String inFrame) {
    socket
        .frames()
        .fishForMessage(
            Duration.ofSeconds(3),
            outbound ->
                outbound instanceof Outbound.Frame frame && frame.json().contains(inFrame)
                    ? FishingOutcomes.complete()
                    : FishingOutcomes.continueAndIgnore());
  }

  private static void expectStaying(Socket socket) {
    socket.session().tell(new Session.Received("{\"t\":\"ping\",\"id\":2}"));
    expect(socket, "\"pong\"");
  }

  @Test
  void sessionsWhoseSignInHasEndedArePartedWithAndNoOthers() {
    Socket phone = open("ada");
    Socket tab = open("ada");
    Socket other = open("bob");
    look();
    assertThat(stage.directory.looks()).last().isEqualTo(Set.of("i_ada", "i_bob"));
    stage.directory.signOut("ada");
    look();
    expectRevoked(phone);
    expectRevoked(tab);
    expectStaying(other);
  }

  @Test
  void aDatabaseThatIsAwayPartsWithNobodyAndTheNextLookFinds() {
    Socket phone = open("ada");
    stage.directory.away(true);
    stage.directory.signOut("ada");
    look();
    look();
    expectStaying(phone);
    stage.directory.away(false);
    look();
    expectRevoked(phone);
  }

  @Test
  void nobodyAsksAboutASessionThatIsGone() {
    Socket phone = open("ada");
    open("bob");
    phone.session().tell(new Session.Disconnected());
    stage.testKit.createTestProbe().expectTerminated(phone.session());
    look();
    look();
    assertThat(stage.directory.looks()).last().isEqualTo(Set.of("i_bob"));
  }
}

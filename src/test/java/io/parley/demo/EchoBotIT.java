package io.parley.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.typesafe.config.ConfigFactory;
import io.parley.account.AccountSettings;
import io.parley.account.Passwords;
import io.parley.account.Registry;
import io.parley.account.Token;
import io.parley.audit.Incidents;
import io.parley.database.Database;
import io.parley.database.DatabaseAddress;
import io.parley.database.DatabaseSettings;
import io.parley.model.UserId;
import io.parley.testing.ChatClient;
import io.parley.testing.FaultProxy;
import io.parley.testing.HttpDoor.Account;
import io.parley.testing.TestServer;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The bot on a real server, where its socket is cut and it comes and goes. */
class EchoBotIT {
  private static final Duration BOUND = Duration.ofSeconds(20);

  private final TestServer server = TestServer.hurried();
  private final Passwords passwords = Passwords.open(1, 1);
  private final Database database =
      Database.open(
          new DatabaseSettings(
              DatabaseAddress.parse(server.databaseUrl()), 2, BOUND, BOUND, BOUND, "bot-test"));
  private final Registry registry =
      Registry.open(
          database,
          passwords,
          AccountSettings.DEFAULT,
          Clock.systemUTC(),
          (user, signIn) -> {},
          new Incidents(System::nanoTime));
  private final ActorSystem<Void> system =
      ActorSystem.create(
          Behaviors.empty(),
          "bots",
          ConfigFactory.parseString("pekko.actor.provider = local")
              .withFallback(ConfigFactory.parseResources("pekko.conf"))
              .withFallback(ConfigFactory.load()));
  private final Account echo = server.http().somebody("echo");
  private final Account ada = server.http().somebody("ada");
  private final long botsOutbox = server.http().outbox(echo);
  private final Echoes echoes = echoesOf(ada);
  private int bots;

  @AfterEach
  void close() {
    system.terminate();
    system.getWhenTerminated().toCompletableFuture().orTimeout(20, TimeUnit.SECONDS).join();
    passwords.close();
    database.close().toCompletableFuture().orTimeout(20, TimeUnit.SECONDS).join();
  }

  @Test
  void eachOfFiftyPipelinedMessagesIsAnsweredOnce() {
    ActorRef<EchoBot.Command> bot = start(server.port());
    try (ChatClient client = ChatClient.welcomed(server.port(), ada.token())) {
      echoes.sayPipelined(client, 1, 50);
      assertThat(client.awaitType("typing").path("by").asText()).isEqualTo(echo.id());
    }
    echoes.assertEachAnsweredOnce(50);
    stop(bot);
    assertThat(lastOf(echo).path("read")).isEqualTo(lastOf(ada).path("seq"));
  }

  @Test
  void aBotThatIsStoppedAndStartedInTheMiddleGoesOnWhereItWas() {
    ActorRef<EchoBot.Command> bot = start(server.port());
    try (ChatClient client = ChatClient.welcomed(server.port(), ada.token())) {
      echoes.sayPipelined(client, 1, 50);
    }
    for (int answered : List.of(1, 9, 17, 25)) {
      echoes.awaitAnswers(answered);
      stop(bot);
      bot = start(server.port());
    }
    echoes.assertEachAnsweredOnce(50);
    stop(bot);
  }

  @Test
  void whateverItsSocketDoesNothingIsAnsweredTwiceOrLeftOut() {
    try (FaultProxy proxy = FaultProxy.to("127.0.0.1", server.port())) {
      ActorRef<EchoBot.Command> bot = start(proxy.port());
      try (ChatClient client = ChatClient.welcomed(server.port(), ada.token())) {
        echoes.sayPipelined(client, 1, 25);
        echoes.awaitAnswers(3);
        proxy.reset();
        echoes.awaitAnswers(6);
        proxy.holdReplies();
        // Answered by the server, and the bot will never know.
        Awaitility.await().atMost(BOUND).until(() -> proxy.heldReplyBytes() > 0);
        proxy.reset();
        proxy.heal();
        echoes.sayPipelined(client, 26, 50);
        echoes.awaitAnswers(30);
        proxy.holdRequests();
        Awaitility.await().atMost(BOUND).until(() -> proxy.heldRequestBytes() > 0);
        // Sent by a bot whose connection is gone: it arrives after the next one began.
        proxy.disconnect();
        proxy.heal();
      }
      echoes.assertEachAnsweredOnce(50);
      stop(bot);
    }
  }

  @Test
  void twoOfThemAtOnceDoWhatOneDoes() {
    ActorRef<EchoBot.Command> one = start(server.port());
    ActorRef<EchoBot.Command> other = start(server.port());
    try (ChatClient client = ChatClient.welcomed(server.port(), ada.token())) {
      echoes.sayPipelined(client, 1, 20);
    }
    echoes.assertEachAnsweredOnce(20);
    stop(one);
    stop(other);
  }

  @Test
  void whatWasSaidWhileItWasAwayIsAnsweredForEverybodyInTurn() {
    Account bob = server.http().somebody("bob");
    Echoes bobs = echoesOf(bob);
    try (ChatClient client = ChatClient.welcomed(server.port(), ada.token())) {
      echoes.sayPipelined(client, 1, 40);
    }
    bobs.say(1);

    ActorRef<EchoBot.Command> bot = start(server.port());
    bobs.assertEachAnsweredOnce(1);
    assertThat(echoes.answers().size()).as("bob didn't wait for all of ada's").isLessThan(40);
    echoes.assertEachAnsweredOnce(40);
    stop(bot);
  }

  @Test
  void itSignsInAgainWhenItIsSignedOutAndOutWhenItStops() {
    UserId me = UserId.parse(echo.id());
    ActorRef<EchoBot.Command> bot = start(server.port());
    echoes.say(1);
    echoes.awaitAnswers(1);
    registry
        .signIns()
        .list(me)
        .thenAccept(all -> all.forEach(one -> registry.signIns().revoke(me, one.id())))
        .toCompletableFuture()
        .orTimeout(20, TimeUnit.SECONDS)
        .join();
    try (ChatClient client = ChatClient.welcomed(server.port(), ada.token())) {
      echoes.sayPipelined(client, 2, 5);
    }
    echoes.assertEachAnsweredOnce(5);

    stop(bot);
    assertThat(
            registry
                .signIns()
                .list(me)
                .toCompletableFuture()
                .orTimeout(20, TimeUnit.SECONDS)
                .join())
        .isEmpty();
  }

  private Echoes echoesOf(Account account) {
    return new Echoes(
        server.http(),
        account.token(),
        account.id(),
        server.http().conversation(account, echo),
        server.http().outbox(account));
  }

  private JsonNode lastOf(Account account) {
    List<JsonNode> theirs =
        echoes.events().stream()
            .filter(event -> event.path("kind").asText().equals("message"))
            .filter(event -> event.path("by").asText().equals(account.id()))
            .toList();
    return theirs.get(theirs.size() - 1);
  }

  private ActorRef<EchoBot.Command> start(int port) {
    EchoBot.Plan plan =
        new EchoBot.Plan(
            new EchoDoor("http://127.0.0.1:" + port, Optional.empty()),
            () -> registry.signIns().mintLink(UserId.parse(echo.id())).thenApply(Token::value),
            botsOutbox,
            Duration.ofMillis(50));
    return system.systemActorOf(EchoBot.create(plan), "echo-" + ++bots, Props.empty());
  }

  private void stop(ActorRef<EchoBot.Command> bot) {
    AskPattern.<EchoBot.Command, Done>ask(bot, EchoBot.Stop::new, BOUND, system.scheduler())
        .toCompletableFuture()
        .orTimeout(20, TimeUnit.SECONDS)
        .join();
  }
}

package io.parley.demo;

import io.parley.account.Outboxes;
import io.parley.account.PasswordlessPeople;
import io.parley.account.PasswordlessPeople.Wanted;
import io.parley.account.Refused;
import io.parley.account.Registry;
import io.parley.account.SignIns;
import io.parley.account.Token;
import io.parley.model.ErrorCode;
import io.parley.model.Operation;
import io.parley.model.OutboxNumber;
import io.parley.model.Person;
import io.parley.model.UserId;
import io.parley.session.Answer;
import io.parley.session.Operations;
import io.parley.session.Request;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import javax.net.ssl.SSLContext;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The people of {@code ./parley --demo}, what they have said, and the bot among them. */
public final class Demo {
  private static final List<Wanted> PEOPLE =
      List.of(new Wanted("ada", "Ada"), new Wanted("bob", "Bob"), new Wanted("echo", "Echo"));

  /**
   * The first thing that each of them ever says in a conversation: the same operation under the
   * same number at every start, so it is said once.
   */
  private static final OutboxNumber FIRST = new OutboxNumber(1, 1);

  private static final String BOBS_GREETING =
      "Hi Ada, Bob here, in the other window. Write to me and watch both sides.";

  private static final Duration THOUGHT = Duration.ofMillis(900);
  private static final Duration STOP_WITHIN = Duration.ofSeconds(4);
  private static final Logger log = LoggerFactory.getLogger(Demo.class);

  /**
   * What it needs of the server that it runs in.
   *
   * @param tls for a client of its own door; empty: that speaks plain HTTP
   */
  public record Server(
      ActorSystem<?> system,
      String url,
      Optional<SSLContext> tls,
      PasswordlessPeople people,
      Registry registry,
      Operations operations) {}

  /** An address that lets its person in, once. */
  public record Link(Person person, String address) {}

  private final Server server;
  private final List<Link> links;
  private final ActorRef<EchoBot.Command> bot;

  private Demo(Server server, List<Link> links, ActorRef<EchoBot.Command> bot) {
    this.server = server;
    this.links = links;
    this.bot = bot;
  }

  /** Fails with {@link DemoRefusedException} where others have the names that it needs. */
  public static CompletionStage<Demo> open(Server server) {
    return server
        .people()
        .settle(PEOPLE)
        .exceptionally(
            failure -> {
              throw refusal(failure);
            })
        .thenCompose(people -> open(server, people.get(0), people.get(1), people.get(2)));
  }

  /** New ones at each start. */
  public List<Link> links() {
    return links;
  }

  /** What a newcomer reads, with the links in it: for their eyes, and for no log. */
  public String invitation() {
    StringBuilder lines = new StringBuilder("\nBe one of these, or both. A link lets in once:\n\n");
    for (Link link : links) {
      lines.append("  %-5s %s%n".formatted(link.person().displayName(), link.address()));
    }
    return lines
        .append(
            "\nOpen the second one in a private window: a browser profile has one cookie, so it")
        .append("\nis one person. Echo, a bot, answers both. Another start prints new links.\n")
        .toString();
  }

  /** The bot answers what it has begun or leaves it to its next start, and signs out. */
  public CompletionStage<Done> stop() {
    return AskPattern.ask(
        bot,
        (ActorRef<Done> replyTo) -> new EchoBot.Stop(replyTo),
        STOP_WITHIN,
        server.system().scheduler());
  }

  private static CompletionStage<Demo> open(Server server, Person ada, Person bob, Person echo) {
    return greet(server, bob, ada, BOBS_GREETING)
        .thenCompose(greeted -> greet(server, echo, ada, Replies.GREETING))
        .thenCompose(greeted -> greet(server, echo, bob, Replies.GREETING))
        .thenCompose(greeted -> link(server, ada).thenCombine(link(server, bob), List::of))
        .thenApply(links -> new Demo(server, links, startBot(server, echo.id())));
  }

  private static ActorRef<EchoBot.Command> startBot(Server server, UserId echo) {
    SignIns signIns = server.registry().signIns();
    EchoBot.Plan plan =
        new EchoBot.Plan(
            new EchoDoor(server.url(), server.tls()),
            () -> signIns.mintLink(echo).thenApply(Token::value),
            FIRST.outbox(),
            THOUGHT);
    return server.system().systemActorOf(EchoBot.create(plan), "echo", Props.empty());
  }

  private static CompletionStage<Link> link(Server server, Person person) {
    return server
        .registry()
        .signIns()
        .mintLink(person.id())
        .thenApply(token -> new Link(person, server.url() + "/#link=" + token.value()));
  }

  private static CompletionStage<Boolean> greet(
      Server server, Person from, Person to, String text) {
    Operation greeting = new Operation.Message(text, OptionalLong.empty());
    return haveOutbox(server.registry().outboxes(), from.id())
        .thenCompose(minted -> server.registry().conversations().start(from.id(), to.id().value()))
        .thenCompose(
            started ->
                server
                    .operations()
                    .perform(
                        Request.of(
                            from.id(),
                            started.id(),
                            FIRST,
                            Optional.of(greeting),
                            Optional.empty())))
        .thenApply(Demo::isSaid);
  }

  /** Nobody can have minted the first one but the demo: before, there was no way in. */
  private static CompletionStage<Long> haveOutbox(Outboxes outboxes, UserId user) {
    return outboxes
        .highestMinted(user)
        .thenCompose(
            highest ->
                highest > 0 ? CompletableFuture.completedFuture(highest) : outboxes.mint(user));
  }

  private static boolean isSaid(Answer answer) {
    if (answer instanceof Answer.Refused refused && refused.code() != ErrorCode.CONFLICT) {
      log.atWarn().addKeyValue("code", refused.code()).log("nobody was greeted this time");
    }
    return answer instanceof Answer.Accepted;
  }

  private static RuntimeException refusal(Throwable failure) {
    Throwable cause = failure instanceof CompletionException wrapped ? wrapped.getCause() : failure;
    if (cause instanceof Refused refused && refused.code() == ErrorCode.TAKEN) {
      return new DemoRefusedException(
          "The demo needs people called ada, bob and echo of its own, and in this database somebody"
              + " with a password has one of these names: "
              + refused.detail()
              + ".\nGive it a folder of its own: PARLEY_DATA_DIR=data-demo ./parley --demo\n"
              + "(or, with PARLEY_DATABASE_URL, another database).");
    }
    return new CompletionException(cause);
  }
}

package io.parley.testing;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.parley.testing.HttpDoor.Account;
import java.time.Duration;

/**
 * Ada and Bob, whom nobody else knows, and their conversation, in which nothing was said yet.
 *
 * @param outbox one of Ada's
 * @param bobsOutbox one of Bob's
 */
public record TwoPeople(
    TestServer server,
    Account ada,
    Account bob,
    String conversation,
    long outbox,
    long bobsOutbox) {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  public static TwoPeople on(TestServer server) {
    HttpDoor http = server.http();
    Account ada = http.somebody("ada");
    Account bob = http.somebody("bob");
    return new TwoPeople(
        server, ada, bob, http.conversation(ada, bob), http.outbox(ada), http.outbox(bob));
  }

  /** A session of Ada's that is up to date. */
  public ChatClient adaOnline() {
    return online(ada);
  }

  /** A session of Bob's that is up to date. */
  public ChatClient bobOnline() {
    return online(bob);
  }

  public ChatClient online(Account account) {
    ChatClient client = ChatClient.welcomed(server.port(), account.token());
    client.awaitInbox();
    return client;
  }

  /** Waits until somebody's inbox lists the conversation, in which something was said. */
  public void awaitInInbox(Account account) {
    await()
        .atMost(PATIENCE)
        .until(
            () -> {
              try (ChatClient client = ChatClient.welcomed(server.port(), account.token())) {
                return client.awaitInbox().findValuesAsText("id").contains(conversation);
              }
            });
  }

  /** Ada says so many things, from number {@code from} on; the answer to the last. */
  public JsonNode adaSays(ChatClient ada, long from, int count) {
    JsonNode answer = ada.say(conversation, outbox, from, "message " + from);
    for (long n = from + 1; n < from + count; n++) {
      answer = ada.say(conversation, outbox, n, "message " + n);
    }
    return answer;
  }
}

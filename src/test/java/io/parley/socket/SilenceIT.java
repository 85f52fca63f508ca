package io.parley.socket;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.parley.testing.ChatClient;
import io.parley.testing.HttpDoor.Account;
import io.parley.testing.RawSocket;
import io.parley.testing.TestServer;
import io.parley.testing.TwoPeople;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * Peers that are there and don't speak, don't read, or aren't there any more. All of it takes time:
 * everything is begun before the first test, and each test waits for the end of its own.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class SilenceIT {
  private static final TestServer SERVER = TestServer.hurried();
  private static final int SLOW_READERS = 4;

  /** In bytes about as much as ten times what kernel and session keep for one socket. */
  private static final int LONG_MESSAGES = 600;

  private static final List<AutoCloseable> OPEN = new ArrayList<>();

  private static TwoPeople resting;
  private static ChatClient restingAda;
  private static ChatClient restingBob;
  private static long restingHead;

  private static ChatClient halfOpen;
  private static ChatClient neverHeard;
  private static ChatClient mute;
  private static RawSocket deaf;
  private static long beganNanos;

  @BeforeAll
  static void begin() {
    resting = TwoPeople.on(SERVER);
    restingAda = keep(resting.adaOnline());
    restingBob = keep(resting.bobOnline());
    restingHead = talkAndMark();
    beganNanos = System.nanoTime();
    halfOpen = keep(resting.online(SERVER.http().somebody("gone")));
    halfOpen.stopAnsweringPings();
    neverHeard = keep(resting.online(SERVER.http().somebody("gone")));
    neverHeard.stopAnsweringPings();
    mute = keep(ChatClient.open(SERVER.port()));
    deaf = keep(hello(SERVER.http().somebody("deaf"), 0));
  }

  @AfterAll
  static void end() throws Exception {
    for (AutoCloseable open : OPEN) {
      open.close();
    }
  }

  private static <T extends AutoCloseable> T keep(T open) {
    OPEN.add(open);
    return open;
  }

  /** A socket that has said hello and of which nothing is read. */
  private static RawSocket hello(Account account, int receiveBuffer) {
    RawSocket socket =
        RawSocket.open(
            SERVER.port(),
            "/v1/socket",
            Map.of("Sec-WebSocket-Protocol", "parley.v1"),
            receiveBuffer);
    socket.sendText(ChatClient.helloOf(account).put("id", 1).toString());
    return socket;
  }

  /** As two clients do that show what they get: each marks what the other says. */
  private static long talkAndMark() {
    String id = resting.conversation();
    long adas = restingAda.say(id, resting.outbox(), 1, "hi").path("seq").asLong();
    restingBob.eventsUpTo(id, adas);
    restingBob.send(ChatClient.frame("mark").put("conversation", id).put("read", adas));
    long bobs = restingBob.say(id, resting.bobsOutbox(), 1, "hi").path("seq").asLong();
    List<JsonNode> seen = restingAda.eventsUpTo(id, bobs);
    restingAda.send(ChatClient.frame("mark").put("conversation", id).put("read", bobs));
    long head = seen.get(seen.size() - 1).path("seq").asLong() + 1;
    restingAda.eventsUpTo(id, head);
    restingBob.eventsUpTo(id, head);
    // Marks that wait for their second are stored by then.
    restingAda.drain(Duration.ofMillis(1_500));
    restingBob.drain(Duration.ofMillis(10));
    return head(restingAda);
  }

  private static long head(ChatClient client) {
    ObjectNode page = ChatClient.frame("page").put("conversation", resting.conversation());
    return client.awaitReply(client.request(page)).path("head").asLong();
  }

  @Test
  @Order(1)
  void aReaderThatDoesNotReadSlowsNobodyIsPartedWithAndResumesExactly() {
    TwoPeople two = TwoPeople.on(SERVER);
    List<RawSocket> slow = new ArrayList<>();
    try (ChatClient ada = two.adaOnline()) {
      ObjectNode watch = ChatClient.frame("watch");
      watch.putArray("users").add(two.bob().id());
      ada.send(watch);
      ada.awaitType("presence");
      two.adaSays(ada, 1, 1);
      for (int i = 0; i < SLOW_READERS; i++) {
        slow.add(keep(hello(two.bob(), 4_096)));
      }
      assertThat(ada.awaitType("presence").path("online").asBoolean()).isTrue();
      long usedBefore = usedBytes();
      long last = talkAtLength(ada, two);
      long stuckNanos = System.nanoTime();
      assertThat(usedBytes() - usedBefore)
          .as("kept for %s readers that are megabytes behind", SLOW_READERS)
          .isLessThan(40L << 20);
      JsonNode gone =
          ada.await(
              frame -> frame.path("t").asText().equals("presence"),
              "the last of Bob's sessions to be parted with",
              Duration.ofSeconds(45));
      assertThat(gone.path("online").asBoolean()).isFalse();
      assertThat(TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - stuckNanos))
          .isLessThanOrEqualTo(30);
      assertResumesExactly(two, slow.get(0), last);
    }
  }

  /** Says a lot at full speed; each is answered, whoever doesn't read it. The head. */
  private static long talkAtLength(ChatClient ada, TwoPeople two) {
    List<Long> ids = new ArrayList<>();
    long head = 0;
    for (int n = 2; n <= LONG_MESSAGES; n++) {
      ids.add(ada.message(two.conversation(), two.outbox(), n, n + " " + "é".repeat(7_990)));
      if (ids.size() == 8) {
        JsonNode answer = ada.awaitReply(ids.remove(0));
        assertThat(answer.path("t").asText()).as("%s", answer).isEqualTo("accepted");
        ada.discard("events");
      }
    }
    for (long id : ids) {
      head = ada.awaitReply(id).path("seq").asLong();
    }
    ada.discard("events");
    return head;
  }

  private static long usedBytes() {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }

  /** What still stood in the kernel's buffers, then a goodbye or the end; from there it resumes. */
  private static void assertResumesExactly(TwoPeople two, RawSocket stuck, long head) {
    ObjectNode hello = ChatClient.helloOf(two.bob());
    try (ChatClient late = ChatClient.listeningOn(stuck)) {
      List<JsonNode> frames = new ArrayList<>();
      late.await(
          frame -> {
            frames.add(frame);
            return frame.path("t").asText().equals("closed");
          },
          "the end");
      long held = 0;
      for (JsonNode frame : frames) {
        for (JsonNode event : frame.path("events")) {
          assertThat(held == 0 || event.path("seq").asLong() == held + 1).isTrue();
          held = event.path("seq").asLong();
        }
      }
      assertThat(held).as("it was stuck before the end").isPositive().isLessThan(head);
      ChatClient.cursor(hello, two.conversation(), held);
      try (ChatClient again = ChatClient.welcomed(SERVER.port(), hello)) {
        for (JsonNode event : again.eventsUpTo(two.conversation(), head)) {
          assertThat(event.path("seq").asLong()).isEqualTo(++held);
        }
        assertThat(again.awaitType("caught_up").path("seq").asLong()).isEqualTo(head);
      }
    }
  }

  @Test
  @Order(2)
  void twoLiveClientsAtRestCauseNothingButPings() {
    long left = TimeUnit.SECONDS.toNanos(60) - (System.nanoTime() - beganNanos);
    List<JsonNode> adas = restingAda.drainFor(Duration.ofNanos(Math.max(left, 0)));
    assertThat(adas).isEmpty();
    assertThat(restingBob.drain(Duration.ofMillis(10))).isEmpty();
    assertThat(restingAda.pings()).isBetween(2L, 6L);
    assertThat(restingBob.pings()).isBetween(2L, 6L);
    assertThat(head(restingAda)).isEqualTo(restingHead);
  }

  @Test
  @Order(3)
  void aPeerThatAnswersNoPingsIsGoneWithinSeventyFiveSeconds() {
    for (ChatClient client : List.of(halfOpen, neverHeard)) {
      JsonNode bye =
          client.await(
              frame -> frame.path("t").asText().equals("bye"), "bye", Duration.ofSeconds(80));
      assertThat(bye.path("code").asText()).isEqualTo("idle");
      assertThat(bye.path("reconnect").asBoolean()).isTrue();
      client.awaitType("closed");
      long seconds = TimeUnit.NANOSECONDS.toSeconds(client.closedNanos() - beganNanos);
      assertThat(seconds).isBetween(60L, 76L);
      assertThat(client.pings()).isGreaterThanOrEqualTo(2);
    }
    try (ChatClient listening = ChatClient.listeningOn(deaf)) {
      listening.awaitBye("idle");
    }
  }

  @Test
  @Order(4)
  void whoNeverSaysHelloIsPartedWithAfterFiveSeconds() {
    mute.awaitBye("unauthenticated");
    long millis = TimeUnit.NANOSECONDS.toMillis(mute.closedNanos() - beganNanos);
    assertThat(millis).isBetween(4_500L, 9_000L);
  }
}

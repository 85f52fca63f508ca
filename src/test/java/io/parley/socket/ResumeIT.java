package io.parley.socket;

import static io.parley.testing.OwnThread.OWN_THREAD;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.parley.testing.ChatClient;
import io.parley.testing.HttpDoor.Account;
import io.parley.testing.TestServer;
import io.parley.testing.TwoPeople;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** A client that comes back gets exactly what it lacks, then what is new, whatever goes on. */
class ResumeIT {
  private static final int CUTS = Integer.getInteger("parley.cuts", 25);

  private final TestServer server = TestServer.hurried();
  private final TwoPeople two = TwoPeople.on(server);
  private final String conversation = two.conversation();

  @Test
  void cutAnywhereWhileThePeerWritesItGetsEachEventOnceAndInOrder() throws Exception {
    long seed = Long.getLong("parley.seed", System.nanoTime());
    Random random = new Random(seed);
    AtomicBoolean stop = new AtomicBoolean();
    CompletableFuture<Long> writing = CompletableFuture.supplyAsync(() -> write(stop), OWN_THREAD);
    long held = 0;
    try {
      for (int cut = 0; cut < CUTS; cut++) {
        // Now and then it has forgotten a part of what it had.
        long cursor = random.nextInt(3) == 0 ? random.nextLong(held + 1) : held;
        held = resumeAndCut(cursor, random, "seed " + seed + ", cut " + cut);
      }
    } finally {
      stop.set(true);
    }
    long head = writing.get(30, TimeUnit.SECONDS);
    try (ChatClient bob = resumed(held)) {
      assertThat(replayed(bob, held)).as("seed %s", seed).isEqualTo(head);
    }
  }

  /** Ada talks until told to stop, eight operations ahead; the head that she left. */
  private long write(AtomicBoolean stop) {
    try (ChatClient ada = two.adaOnline()) {
      List<Long> ids = new ArrayList<>();
      long n = 0;
      while (!stop.get()) {
        n++;
        ids.add(ada.message(conversation, two.outbox(), n, "message " + n));
        if (ids.size() == 8) {
          assertThat(ada.awaitReply(ids.remove(0)).path("t").asText()).isEqualTo("accepted");
          ada.discard("events");
        }
      }
      long head = 0;
      for (long id : ids) {
        head = ada.awaitReply(id).path("seq").asLong();
      }
      return head;
    }
  }

  /** Reads for a random while and pulls the plug; the last event that came. */
  private long resumeAndCut(long cursor, Random random, String description) {
    int frames = random.nextInt(12);
    long last = cursor;
    try (ChatClient bob = resumed(cursor)) {
      for (int i = 0; i < frames; i++) {
        JsonNode frame =
            bob.await(
                next -> List.of("events", "caught_up").contains(next.path("t").asText()),
                "events or their end");
        if (frame.path("t").asText().equals("caught_up")) {
          assertThat(frame.path("seq").asLong()).as(description).isEqualTo(last);
        }
        last = assertFollows(frame, last, description);
      }
      if (random.nextBoolean()) {
        bob.socket().reset();
      }
    }
    return last;
  }

  private ChatClient resumed(long cursor) {
    return ChatClient.welcomed(
        server.port(), ChatClient.cursor(ChatClient.helloOf(two.bob()), conversation, cursor));
  }

  /** Reads until it is caught up; where that is. */
  private long replayed(ChatClient client, long cursor) {
    long last = cursor;
    while (true) {
      JsonNode frame =
          client.await(
              next -> List.of("events", "caught_up").contains(next.path("t").asText()),
              "events or their end");
      if (frame.path("t").asText().equals("caught_up")) {
        assertThat(frame.path("seq").asLong()).isEqualTo(last);
        return last;
      }
      last = assertFollows(frame, last, "replay");
    }
  }

  private static long assertFollows(JsonNode frame, long last, String description) {
    long seq = last;
    for (JsonNode event : frame.path("events")) {
      assertThat(event.path("seq").asLong()).as(description).isEqualTo(++seq);
    }
    return seq;
  }

  @Test
  void conversationsTakeTurnsAtTheirReplay() {
    Map<String, Long> heads = new LinkedHashMap<>();
    ObjectNode hello = ChatClient.helloOf(two.ada());
    try (ChatClient ada = two.adaOnline()) {
      for (int i = 0; i < 3; i++) {
        Account peer = server.http().somebody("peer");
        String id = server.http().conversation(two.ada(), peer);
        for (int n = 1; n <= 18; n++) {
          ada.say(id, two.outbox(), n, "x".repeat(8_000));
        }
        heads.put(id, 19L);
        ChatClient.cursor(hello, id, 0);
      }
    }
    try (ChatClient ada = ChatClient.welcomed(server.port(), hello)) {
      List<String> order = new ArrayList<>();
      Map<String, Long> reached = new LinkedHashMap<>();
      while (!reached.equals(heads)) {
        JsonNode frame = ada.awaitType("events");
        String id = frame.path("conversation").asText();
        reached.put(id, assertFollows(frame, reached.getOrDefault(id, 0L), id));
        order.add(id);
      }
      List<String> ids = List.copyOf(heads.keySet());
      assertThat(order.size()).isGreaterThanOrEqualTo(6);
      for (int i = 0; i < 6; i++) {
        assertThat(order.get(i)).as("%s", order).isEqualTo(ids.get(i % 3));
      }
    }
  }

  @Test
  void whoIsFurtherBehindThanItsBacklogGoesOnFromTheHead() {
    try (ChatClient ada = two.adaOnline()) {
      two.adaSays(ada, 1, 5);
      try (ChatClient enough = backlog(2, 4)) {
        assertThat(replayed(enough, 2)).isEqualTo(6);
      }
      try (ChatClient tooFew = backlog(2, 3)) {
        JsonNode behind = tooFew.awaitType("behind");
        assertThat(behind.path("cursor").asLong()).isEqualTo(2);
        assertThat(behind.path("head").asLong()).isEqualTo(6);
        two.adaSays(ada, 6, 1);
        List<JsonNode> live = tooFew.eventsUpTo(conversation, 7);
        assertThat(live).extracting(event -> event.path("seq").asLong()).containsExactly(7L);
      }
    }
  }

  private ChatClient backlog(long cursor, long backlog) {
    ObjectNode hello = ChatClient.helloOf(two.bob()).put("backlog", backlog);
    return ChatClient.welcomed(server.port(), ChatClient.cursor(hello, conversation, cursor));
  }

  @Test
  void withoutACursorItGoesOnFromTheHead() {
    try (ChatClient ada = two.adaOnline()) {
      two.adaSays(ada, 1, 3);
      ObjectNode hello = ChatClient.cursorAtHead(ChatClient.helloOf(two.bob()), conversation);
      try (ChatClient bob = ChatClient.welcomed(server.port(), hello)) {
        assertThat(bob.awaitType("caught_up").path("seq").asLong()).isEqualTo(4);
        two.adaSays(ada, 4, 1);
        assertThat(bob.eventsUpTo(conversation, 5)).hasSize(1);
      }
    }
  }

  @Test
  void aCursorPastTheHeadIsToldToBeginAnew() {
    try (ChatClient ada = two.adaOnline()) {
      two.adaSays(ada, 1, 2);
      try (ChatClient atHead = resumed(3)) {
        assertThat(atHead.awaitType("caught_up").path("seq").asLong()).isEqualTo(3);
      }
      try (ChatClient past = resumed(4)) {
        JsonNode error = past.awaitType("error");
        assertThat(error.path("code").asText()).isEqualTo("resync");
        assertThat(error.path("conversation").asText()).isEqualTo(conversation);
        assertThat(error.has("re")).isFalse();
        past.request(ChatClient.cursor(ChatClient.frame("resume"), conversation, 0));
        assertThat(replayed(past, 0)).isEqualTo(3);
      }
    }
  }

  @Test
  void aResumeOfALiveSessionBringsAgainWhatCameBefore() {
    try (ChatClient ada = two.adaOnline();
        ChatClient bob = two.bobOnline()) {
      two.adaSays(ada, 1, 4);
      bob.eventsUpTo(conversation, 5);
      long id = bob.request(ChatClient.cursor(ChatClient.frame("resume"), conversation, 2));
      assertThat(bob.awaitReply(id).path("t").asText()).isEqualTo("ok");
      assertThat(replayed(bob, 2)).isEqualTo(5);
      two.adaSays(ada, 5, 1);
      assertThat(bob.eventsUpTo(conversation, 6)).hasSize(1);
      long wrong = bob.request(ChatClient.cursor(ChatClient.frame("resume"), conversation, 99));
      bob.awaitReply(wrong);
      assertThat(bob.awaitType("error").path("code").asText()).isEqualTo("resync");
      two.adaSays(ada, 6, 1);
      assertThat(bob.eventsUpTo(conversation, 7)).as("a wrong cursor disturbs nothing").hasSize(1);
    }
  }

  @Test
  void copiesOfAnotherLifeOfTheDatabaseAreVoid() {
    try (ChatClient ada = two.adaOnline()) {
      two.adaSays(ada, 1, 2);
    }
    Awaitility.await().atMost(Duration.ofSeconds(2)).until(this::bobsInboxIsUpToDate);
    ObjectNode hello =
        ChatClient.helloOf(two.bob()).put("epoch", "e_another").put("since", "9999999");
    try (ChatClient bob =
        ChatClient.welcomed(server.port(), ChatClient.cursor(hello, conversation, 2))) {
      assertThat(bob.awaitType("error").path("code").asText()).isEqualTo("resync");
      assertThat(bob.awaitInbox().path("conversations")).hasSize(1);
      assertThat(bob.drain(Duration.ofMillis(200))).isEmpty();
    }
  }

  private boolean bobsInboxIsUpToDate() {
    try (ChatClient bob = ChatClient.welcomed(server.port(), two.bob().token())) {
      return bob.awaitInbox().path("conversations").path(0).path("asOf").asLong() == 3;
    }
  }

  @Test
  void aHundredOfTheLongestTextsAllComeInFramesOfAllowedSize() {
    // Two bytes each when escaped, and three that escape to themselves: both limits are used.
    String text = "\"\\".repeat(1_904) + "€".repeat(4_192);
    assertThat(text.codePointCount(0, text.length())).isEqualTo(8_000);
    assertThat(text.getBytes(StandardCharsets.UTF_8)).hasSize(16_384);
    List<String> texts = List.of(text, "\"\\".repeat(4_000), "\n\t".repeat(3_999) + "\"");
    try (ChatClient ada = two.adaOnline()) {
      for (int n = 1; n <= 100; n++) {
        JsonNode answer = ada.say(conversation, two.outbox(), n, texts.get(n % 3));
        assertThat(answer.path("t").asText()).isEqualTo("accepted");
        ada.discard("events");
      }
    }
    try (ChatClient bob = resumed(0)) {
      List<JsonNode> events = bob.eventsUpTo(conversation, 101);
      assertThat(events).hasSize(101);
      for (int n = 1; n <= 100; n++) {
        assertThat(events.get(n).path("text").asText()).isEqualTo(texts.get(n % 3));
      }
      assertThat(seqs(pagedBack(bob))).isEqualTo(seqs(events));
    }
  }

  private List<JsonNode> pagedBack(ChatClient client) {
    List<JsonNode> events = new ArrayList<>();
    long before = 102;
    while (true) {
      JsonNode page =
          client.awaitReply(
              client.request(
                  ChatClient.frame("page")
                      .put("conversation", conversation)
                      .put("before", before)
                      .put("limit", 100)));
      assertThat(page.path("events")).isNotEmpty();
      List<JsonNode> found = new ArrayList<>();
      page.path("events").forEach(found::add);
      events.addAll(0, found);
      before = found.get(0).path("seq").asLong();
      assertThat(page.path("start").asBoolean()).isEqualTo(before == 1);
      if (before == 1) {
        return events;
      }
    }
  }

  private static List<Long> seqs(List<JsonNode> events) {
    return events.stream().map(event -> event.path("seq").asLong()).toList();
  }
}

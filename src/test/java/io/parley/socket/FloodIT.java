package io.parley.socket;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.parley.testing.ChatClient;
import io.parley.testing.RawSocket;
import io.parley.testing.TestServer;
import io.parley.testing.TwoPeople;
import java.io.ByteArrayOutputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** One client that sends as fast as it can costs a bounded amount, and the others nothing. */
class FloodIT {
  private static final int BATCHES = 600;
  private static final int FRAMES_PER_BATCH = 200;

  private final TestServer server = TestServer.ordinary();
  private final TwoPeople two = TwoPeople.on(server);

  @Test
  void whoAsksAndDoesNotReadTheAnswersIsPartedWith() {
    try (RawSocket flood =
            RawSocket.open(
                server.port(), "/v1/socket", Map.of("Sec-WebSocket-Protocol", "parley.v1"), 4_096);
        ChatClient ada = two.adaOnline()) {
      flood.sendText(ChatClient.helloOf(two.bob()).put("id", 1).toString());
      AtomicInteger sent = new AtomicInteger();
      Thread sender = new Thread(() -> send(flood, sent), "flood");
      sender.start();
      // Until nothing has gone out for a second it doesn't read, and nobody may suffer from it.
      for (int rounds = 0, before = 0; sender.isAlive() && rounds < 2; ) {
        ada.awaitReply(ada.request(ChatClient.frame("ping")));
        ada.drain(Duration.ofMillis(500));
        int now = sent.get();
        rounds = now == before ? rounds + 1 : 0;
        before = now;
      }
      String last = "";
      for (Optional<RawSocket.Frame> frame = flood.read();
          frame.isPresent();
          frame = flood.read()) {
        last = frame.get().opcode() == RawSocket.TEXT ? frame.get().text() : last;
      }
      assertThat(last).contains("\"bye\"").contains("\"slow_consumer\"");
      assertThat(two.adaSays(ada, 1, 1).path("seq").asLong()).isEqualTo(2);
    }
  }

  private static void send(RawSocket flood, AtomicInteger sent) {
    byte[] batch = batch("{\"t\":\"unheard_of\",\"id\":9007199254740991}");
    try {
      for (int i = 0; i < BATCHES; i++) {
        flood.sendBytes(batch);
        sent.incrementAndGet();
      }
    } catch (UncheckedIOException closed) {
      // It was parted with before all was sent.
    }
  }

  @Test
  void aFloodOfTypingAndMarksReachesThePeerThinned() {
    try (ChatClient ada = two.adaOnline();
        ChatClient bob = two.bobOnline()) {
      two.adaSays(ada, 1, 2);
      bob.eventsUpTo(two.conversation(), 3);
      ObjectNode typing =
          ChatClient.frame("typing").put("conversation", two.conversation()).put("on", true);
      ada.socket().sendBytes(batch(typing.toString(), 2_000));
      ObjectNode mark =
          ChatClient.frame("mark").put("conversation", two.conversation()).put("read", 3);
      bob.socket().sendBytes(batch(mark.toString(), 2_000));
      ada.awaitReply(ada.request(ChatClient.frame("ping")));
      bob.awaitReply(bob.request(ChatClient.frame("ping")));
      List<JsonNode> bobs = bob.drain(Duration.ofMillis(500));
      assertThat(bobs).filteredOn(frame -> type(frame, "typing")).hasSizeBetween(1, 400);
      assertThat(bobs).filteredOn(frame -> type(frame, "events")).hasSize(1);
      assertThat(two.adaSays(ada, 3, 1).path("seq").asLong()).isEqualTo(5);
    }
  }

  @Test
  void aFloodOfControlFramesIsAnsweredOrDroppedAndNothingElseSuffers() {
    try (ChatClient ada = two.adaOnline();
        ChatClient bob = two.bobOnline()) {
      byte[] pings = RawSocket.masked(0x89, 4, new byte[4]);
      ByteArrayOutputStream all = new ByteArrayOutputStream();
      for (int i = 0; i < 20_000; i++) {
        all.writeBytes(pings);
      }
      bob.socket().sendBytes(all.toByteArray());
      two.adaSays(ada, 1, 1);
      bob.eventsUpTo(two.conversation(), 2);
    }
  }

  private static boolean type(JsonNode frame, String type) {
    return frame.path("t").asText().equals(type);
  }

  private static byte[] batch(String frame) {
    return batch(frame, FRAMES_PER_BATCH);
  }

  private static byte[] batch(String frame, int times) {
    byte[] payload = frame.getBytes(UTF_8);
    byte[] one = RawSocket.masked(0x80 | RawSocket.TEXT, payload.length, payload);
    ByteArrayOutputStream all = new ByteArrayOutputStream(one.length * times);
    for (int i = 0; i < times; i++) {
      all.writeBytes(one);
    }
    return all.toByteArray();
  }
}

package io.parley.socket;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.parley.testing.ChatClient;
import io.parley.testing.RawSocket;
import io.parley.testing.TestServer;
import io.parley.testing.TwoPeople;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Bytes that are no frames, or frames in pieces. Whatever one socket sends, two people on other
 * sockets chat on as if it weren't there.
 */
class BytesIT {
  private static final byte[] PING = "{\"t\":\"ping\",\"id\":5}".getBytes(UTF_8);

  private static final AtomicLong NUMBERS = new AtomicLong();

  /** The same two in all tests: signing up costs more than most of them. */
  private static final TwoPeople TWO = acquainted();

  private final TestServer server = TWO.server();
  private final TwoPeople two = TWO;
  private final ChatClient ada = two.adaOnline();
  private final ChatClient bob = two.bobOnline();

  /**
   * They have talked before, and Bob's inbox says so. It is behind the log: who comes before it has
   * come so far is told of the head once it has, and of events only from then on.
   */
  private static TwoPeople acquainted() {
    TwoPeople two = TwoPeople.on(TestServer.hurried());
    try (ChatClient ada = two.adaOnline()) {
      two.adaSays(ada, NUMBERS.incrementAndGet(), 1);
    }
    two.awaitInInbox(two.bob());
    return two;
  }

  @BeforeEach
  void theyChat() {
    chat();
  }

  @AfterEach
  void theyChatOn() {
    try (ada;
        bob) {
      chat();
    }
  }

  private void chat() {
    long n = NUMBERS.incrementAndGet();
    long seq = ada.say(two.conversation(), two.outbox(), n, "and").path("seq").asLong();
    bob.eventsUpTo(two.conversation(), seq);
  }

  @Test
  void aFrameInThreeFragmentsWithAPingBetweenIsOneFrame() {
    try (ChatClient client = two.adaOnline()) {
      RawSocket socket = client.socket();
      socket.send(false, RawSocket.TEXT, slice(0, 5));
      socket.send(true, RawSocket.PING, new byte[] {1, 2});
      socket.send(false, RawSocket.CONTINUATION, slice(5, 9));
      socket.send(false, RawSocket.CONTINUATION, new byte[0]);
      socket.send(true, RawSocket.CONTINUATION, slice(9, PING.length));
      assertThat(client.awaitReply(5).path("t").asText()).isEqualTo("pong");
    }
  }

  @Test
  void aCharacterSplitBetweenFragmentsIsWhole() {
    try (ChatClient client = two.adaOnline()) {
      String frame =
          "{\"t\":\"send\",\"id\":5,\"conversation\":\"%s\",\"outbox\":%d,\"n\":1,\"op\":%s}"
              .formatted(
                  two.conversation(),
                  server.http().outbox(two.ada()),
                  "{\"kind\":\"message\",\"text\":\"\uD83D\uDE00\"}");
      byte[] bytes = frame.getBytes(UTF_8);
      int cut = frame.indexOf("\uD83D") + 2;
      client.socket().send(false, RawSocket.TEXT, Arrays.copyOf(bytes, cut));
      client
          .socket()
          .send(true, RawSocket.CONTINUATION, Arrays.copyOfRange(bytes, cut, bytes.length));
      long seq = client.awaitReply(5).path("seq").asLong();
      assertThat(bob.eventsUpTo(two.conversation(), seq).get(0).path("text").asText())
          .isEqualTo("\uD83D\uDE00");
    }
  }

  @Test
  void aFrameThatComesByteByByteIsOneFrame() {
    try (ChatClient client = two.adaOnline()) {
      byte[] masked = RawSocket.masked(0x81, PING.length, PING);
      for (byte one : masked) {
        client.socket().sendBytes(new byte[] {one});
      }
      assertThat(client.awaitReply(5).path("t").asText()).isEqualTo("pong");
    }
  }

  @Test
  void fragmentsWithoutEndAreGivenUpAtTheFirstByteTooMany() {
    try (ChatClient client = two.adaOnline()) {
      sendUntilClosed(200, i -> client.socket().send(false, i == 0 ? 1 : 0, new byte[1024]));
      client.awaitBye("protocol_error");
    }
  }

  @Test
  void fragmentsThatComeTooSlowlyAreGivenUp() {
    try (ChatClient client = two.adaOnline()) {
      client.socket().send(false, RawSocket.TEXT, slice(0, 5));
      client.awaitBye("protocol_error");
    }
  }

  @Test
  void aFrameOfWhichOnlyTheBeginningComesIsGivenUp() {
    try (ChatClient client = two.adaOnline()) {
      client.socket().sendBytes(Arrays.copyOf(RawSocket.masked(0x81, 60_000, PING), 20));
      client.awaitBye("protocol_error");
    }
  }

  @Test
  void aHugeLengthIsNeitherBelievedNorWaitedFor() {
    try (ChatClient client = two.adaOnline()) {
      client.socket().sendBytes(RawSocket.masked(0x81, Long.MAX_VALUE, new byte[1024]));
      client.await(frame -> List.of("closed", "bye").contains(frame.path("t").asText()), "the end");
    }
  }

  @Test
  void aMegabyteInOneFrameIsCutOff() {
    try (ChatClient client = two.adaOnline()) {
      sendUntilClosed(1, i -> client.socket().send(true, RawSocket.TEXT, new byte[1 << 20]));
      client.awaitBye("protocol_error");
    }
  }

  @Test
  void aBinaryFrameIsAProtocolError() {
    try (ChatClient client = two.adaOnline()) {
      client.socket().send(true, RawSocket.BINARY, PING);
      client.awaitBye("protocol_error");
    }
  }

  @Test
  void whatIsNoWebSocketEndsTheSocketAndNothingElse() {
    byte[] unmasked = new byte[PING.length + 2];
    unmasked[0] = (byte) 0x81;
    unmasked[1] = (byte) PING.length;
    System.arraycopy(PING, 0, unmasked, 2, PING.length);
    for (byte[] wrong :
        List.of(
            unmasked,
            RawSocket.masked(0xf1, PING.length, PING),
            RawSocket.masked(0x83, PING.length, PING),
            RawSocket.masked(0x80, PING.length, PING),
            RawSocket.masked(0x09, 2, new byte[2]),
            RawSocket.masked(0x89, 200, new byte[200]),
            RawSocket.masked(0x81, 4, new byte[] {(byte) 0xc3, 0x28, (byte) 0xff, (byte) 0xfe}),
            RawSocket.masked(0x81, 3, new byte[] {(byte) 0xed, (byte) 0xa0, (byte) 0x80}))) {
      try (ChatClient client = two.adaOnline()) {
        client.socket().sendBytes(wrong);
        client.await(
            frame -> List.of("closed", "bye").contains(frame.path("t").asText()), "the end");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "{",
        "[]",
        "null",
        "7",
        "\"hello\"",
        "{}",
        "{\"t\":7}",
        "{\"t\":\"ping\",\"id\":1}{}",
        "{\"t\":\"ping\",\"id\":1,\"id\":2}",
        "{\"t\":\"ping\"}",
        "{\"t\":\"ping\",\"id\":\"one\"}",
        "{\"t\":\"ping\",\"id\":1.5}",
        "{\"t\":\"ping\",\"id\":9007199254740992}",
        "{\"t\":\"ping\",\"id\":1e999999999}",
        "{\"t\":\"ping\",\"id\":1,\"x\":[[[[[[[[[[]]]]]]]]]]}",
        "{'t':'ping','id':1}",
        "{\"t\":\"mark\",\"conversation\":\"c_a\"}",
        "{\"t\":\"send\",\"id\":1,\"conversation\":\"c_a\",\"outbox\":1,\"n\":\"x\",\"op\":{}}",
        "{\"t\":\"watch\"}",
        "{\"t\":\"typing\",\"conversation\":\"c_a\",\"on\":\"yes\"}",
      })
  void aMalformedFrameCostsOneError(String malformed) {
    try (ChatClient client = two.adaOnline()) {
      client.socket().sendText(malformed);
      assertThat(client.awaitType("error").path("code").asText()).isEqualTo("bad_frame");
      long id = client.request(ChatClient.frame("ping"));
      assertThat(client.awaitReply(id).path("t").asText()).isEqualTo("pong");
    }
  }

  @Test
  void tenMalformedFramesInAMinuteEndTheSession() {
    try (ChatClient client = two.adaOnline()) {
      for (int i = 0; i < 9; i++) {
        client.socket().sendText("{");
        client.awaitType("error");
      }
      long id = client.request(ChatClient.frame("ping"));
      client.awaitReply(id);
      client.socket().sendText("{");
      client.awaitBye("protocol_error");
    }
  }

  @Test
  void nothingIsDoneBeforeHelloAndHelloIsSaidOnce() {
    try (ChatClient client = ChatClient.open(server.port())) {
      client.request(ChatClient.frame("ping"));
      client.awaitBye("protocol_error");
    }
    try (ChatClient client = two.adaOnline()) {
      client.hello(two.ada().token());
      client.awaitBye("protocol_error");
    }
    try (ChatClient client = ChatClient.open(server.port())) {
      client.hello(two.ada().token());
      client.hello(two.ada().token());
      client.awaitBye("protocol_error");
    }
  }

  @Test
  void noiseOnManySocketsHarmsNobody() {
    Random random = new Random(7);
    for (int i = 0; i < 40; i++) {
      try (RawSocket socket =
          RawSocket.open(
              server.port(), "/v1/socket", Map.of("Sec-WebSocket-Protocol", "parley.v1"))) {
        byte[] noise = new byte[random.nextInt(3_000)];
        random.nextBytes(noise);
        socket.sendBytes(noise);
        if (random.nextBoolean()) {
          socket.reset();
        }
      } catch (UncheckedIOException closedByTheServer) {
        // It didn't like the first bytes.
      }
    }
  }

  private interface Step {
    void send(int i);
  }

  /** The server may close while this side still writes. */
  private static void sendUntilClosed(int times, Step step) {
    try {
      for (int i = 0; i < times; i++) {
        step.send(i);
      }
    } catch (UncheckedIOException closed) {
      // It has.
    }
  }

  private static byte[] slice(int from, int to) {
    return Arrays.copyOfRange(PING, from, to);
  }
}

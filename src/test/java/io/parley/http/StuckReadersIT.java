package io.parley.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.parley.testing.ChatClient;
import io.parley.testing.HttpDoor.Account;
import io.parley.testing.TestServer;
import io.parley.testing.TwoPeople;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

/** Clients that ask for pages of many bytes, and take none of them, or few. */
@TestInstance(Lifecycle.PER_CLASS)
class StuckReadersIT {
  private static final int OF_ONE_PERSON = 4;
  private static final int OF_ALL = 6;
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  /** A connection's patience is looked at once a second, and the machine may be busy. */
  private static final Duration GONE_BY = PATIENCE.plusSeconds(4);

  /** As long as they may be: a page of them is twice what the kernel keeps for a socket. */
  private static final int MESSAGES = 600;

  private final TestServer server =
      TestServer.start(
          Map.of(
              "PARLEY_RATE_LIMITS",
              "off",
              "PARLEY_LIMITS_PAGES_PER_PERSON",
              Integer.toString(OF_ONE_PERSON),
              "PARLEY_LIMITS_PAGES_UNDER_WAY",
              Integer.toString(OF_ALL),
              "PARLEY_LIMITS_READER_PATIENCE",
              PATIENCE.toSeconds() + "s",
              "PARLEY_LIMITS_PAGE",
              Integer.toString(MESSAGES),
              "PARLEY_LIMITS_PAGE_BYTES",
              "16777216"));
  private final TwoPeople two = TwoPeople.on(server);
  private final Account carol = server.http().somebody("carol");
  private final String page = "/v1/conversations/" + two.conversation() + "/events";
  private final List<Reader> readers = new ArrayList<>();

  @BeforeAll
  void talk() {
    String longest = "\u00e9".repeat(8_000);
    try (ChatClient ada = two.adaOnline()) {
      for (int n = 1; n <= MESSAGES; n++) {
        ada.say(two.conversation(), two.outbox(), n, longest);
      }
    }
  }

  @AfterEach
  void hangUp() {
    readers.forEach(Reader::close);
  }

  @AfterAll
  void close() {
    server.close();
  }

  @Test
  void theyHoldAFewPagesSlowNobodyAndArePartedWith() {
    long stuckNanos = System.nanoTime();
    for (int i = 0; i < OF_ONE_PERSON; i++) {
      assertThat(ask(two.ada()).status()).isEqualTo(200);
    }
    assertThat(ask(two.ada()).all())
        .contains(" 429 ", "\"code\":\"rate_limited\"", "\"retryAfterMs\":1000");

    assertThat(get(two.bob()).statusCode()).isEqualTo(200);
    for (int i = OF_ONE_PERSON; i < OF_ALL; i++) {
      assertThat(ask(two.bob()).status()).isEqualTo(200);
    }
    HttpResponse<String> inbox =
        server.http().request("GET", "/v1/conversations", carol.token(), "");
    assertThat(inbox.statusCode()).isEqualTo(503);
    assertThat(inbox.body()).contains("\"code\":\"overloaded\"", "\"retryAfterMs\":1000");

    await().atMost(GONE_BY).until(() -> get(two.ada()).statusCode() == 200);
    assertThat(Duration.ofNanos(System.nanoTime() - stuckNanos)).isGreaterThan(PATIENCE);
    await().atMost(GONE_BY).untilAsserted(() -> assertThat(freePlaces()).isEqualTo(OF_ONE_PERSON));
    assertThat(readers.subList(0, OF_ONE_PERSON)).allMatch(Reader::isCutShort);
  }

  @Test
  void whoHangsUpMakesRoomAtOnce() {
    for (int i = 0; i < OF_ONE_PERSON; i++) {
      assertThat(ask(two.ada()).status()).isEqualTo(200);
    }
    readers.forEach(Reader::close);
    await().atMost(PATIENCE.dividedBy(2)).until(() -> get(two.ada()).statusCode() == 200);
  }

  @Test
  void whoReadsSlowlyGetsAllOfIt() throws InterruptedException {
    Reader slow = new Reader("GET", two.ada(), 0);
    Thread.sleep(PATIENCE.toMillis() * 2 / 3);
    slow.take(5_000_000);
    Thread.sleep(PATIENCE.toMillis() * 2 / 3);
    assertThat(slow.isCutShort()).isFalse();
  }

  @Test
  void whoAsksForTheHeadAloneHoldsNothing() {
    for (int i = 0; i < 3 * OF_ALL; i++) {
      assertThat(new Reader("HEAD", two.ada(), 0).status()).isEqualTo(200);
    }
  }

  /** How many of Ada's next readers get something. */
  private long freePlaces() {
    List<Reader> asked = new ArrayList<>();
    for (int i = 0; i < OF_ALL; i++) {
      asked.add(ask(two.ada()));
    }
    long let = asked.stream().filter(reader -> reader.status() == 200).count();
    asked.forEach(Reader::close);
    return let;
  }

  private HttpResponse<String> get(Account account) {
    return server.http().request("GET", page, account.token(), "");
  }

  private Reader ask(Account account) {
    return new Reader("GET", account, 4_096);
  }

  /** A connection that takes what it is told to, and leaves the rest to the kernel's buffers. */
  private final class Reader implements AutoCloseable {
    private final Socket socket = new Socket();
    private final String head;
    private long left;

    Reader(String method, Account account, int receiveBuffer) {
      readers.add(this);
      try {
        if (receiveBuffer > 0) {
          socket.setReceiveBufferSize(receiveBuffer);
        }
        socket.setSoTimeout(10_000);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()));
        String request =
            "%s %s HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer %s\r\n\r\n"
                .formatted(method, page, account.token());
        socket.getOutputStream().write(request.getBytes(US_ASCII));
        head = head(socket.getInputStream());
        left = Long.parseLong(head.replaceAll("(?s).*Content-Length: (\\d+).*", "$1"));
      } catch (IOException broken) {
        throw new UncheckedIOException(broken);
      }
    }

    private static String head(InputStream in) throws IOException {
      ByteArrayOutputStream head = new ByteArrayOutputStream();
      while (!head.toString(US_ASCII).endsWith("\r\n\r\n")) {
        int next = in.read();
        assertThat(next).as(head.toString(US_ASCII)).isNotNegative();
        head.write(next);
      }
      return head.toString(US_ASCII);
    }

    int status() {
      return Integer.parseInt(head.substring("HTTP/1.1 ".length(), "HTTP/1.1 200".length()));
    }

    String all() {
      try {
        return head + new String(socket.getInputStream().readNBytes((int) left), UTF_8);
      } catch (IOException broken) {
        throw new UncheckedIOException(broken);
      }
    }

    void take(int bytes) {
      try {
        left -= socket.getInputStream().readNBytes(bytes).length;
      } catch (IOException broken) {
        throw new UncheckedIOException(broken);
      }
    }

    /** Whether the connection ends before the body does. */
    boolean isCutShort() {
      try {
        byte[] buffer = new byte[65_536];
        int count = 0;
        while (left > 0 && count >= 0) {
          count = socket.getInputStream().read(buffer);
          left -= Math.max(0, count);
        }
        return left > 0;
      } catch (IOException reset) {
        return true;
      }
    }

    @Override
    public void close() {
      try {
        socket.close();
      } catch (IOException broken) {
        throw new UncheckedIOException(broken);
      }
    }
  }
}

package io.parley.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.parley.testing.HttpDoor.Account;
import io.parley.testing.TestServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** A body that comes in a packet after the head's, as many clients send it. */
class LateBodyIT {
  private final TestServer server = TestServer.ordinary();

  @Test
  void mintingAnOutboxWaitsForTheBodyAndKeepsTheConnection() throws IOException {
    assertAnsweredAfterTheBody("", "201", "{\"outbox\":1}", "{\"outbox\":2}");
  }

  @Test
  void someoneElseIsRefusedAfterTheBodyAndKeepsTheConnection() throws IOException {
    String code = "\"code\":\"other_user\",\"retryable\":false}";
    assertAnsweredAfterTheBody("Parley-User: u_1\r\n", "409", code, code);
  }

  private void assertAnsweredAfterTheBody(String header, String status, String... bodiesEnd)
      throws IOException {
    Account ada = server.http().somebody("ada");
    String head =
        "POST /v1/outboxes HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
            + header
            + ("Authorization: Bearer " + ada.token() + "\r\nContent-Length: 2\r\n\r\n");
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      BufferedReader in =
          new BufferedReader(new InputStreamReader(socket.getInputStream(), US_ASCII));
      for (String bodyEnd : bodiesEnd) {
        socket.getOutputStream().write(head.getBytes(US_ASCII));
        assertNothingComes(socket);
        socket.getOutputStream().write("{}".getBytes(US_ASCII));
        assertThat(in.readLine()).contains(status);
        String answer = "";
        while (!answer.contains(bodyEnd)) {
          answer += (char) in.read();
        }
        assertThat(answer.toLowerCase(Locale.ROOT)).doesNotContain("connection: close");
      }
    }
  }

  private static void assertNothingComes(Socket socket) throws IOException {
    socket.setSoTimeout(300);
    try {
      assertThat(socket.getInputStream().read()).as("an answer before the body").isEqualTo(-2);
    } catch (SocketTimeoutException asItShould) {
      socket.setSoTimeout(10_000);
    }
  }
}

package io.parley.testing;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.concurrent.atomic.AtomicInteger;

/** A server's HTTP door, as a test knocks at it. */
public final class HttpDoor {
  public static final String PASSWORD = "correct horse battery";

  /** Somebody who has signed in. */
  public record Account(String id, String username, String token) {}

  private static final AtomicInteger PEOPLE = new AtomicInteger();
  private static final AtomicInteger ADDRESSES = new AtomicInteger();

  private final String url;
  private final HttpClient http;

  public HttpDoor(String url) {
    this(url, HttpClient.newHttpClient());
  }

  /** With a client that trusts whom the test wants. */
  public HttpDoor(String url, HttpClient http) {
    this.url = url;
    this.http = http;
  }

  /** Signs somebody up and in. */
  public Account account(String username) {
    JsonNode user =
        expect(201, request("POST", "/v1/users", "", credentials(username))).path("user");
    return new Account(user.path("id").asText(), username, signIn(username));
  }

  /** Somebody new, under a name that nobody else has. */
  public Account somebody(String name) {
    return account(name + PEOPLE.incrementAndGet());
  }

  /** Signs somebody in; the token. */
  public String signIn(String username) {
    return expect(201, request("POST", "/v1/session", "", credentials(username)))
        .path("token")
        .asText();
  }

  private static String credentials(String username) {
    return ChatClient.JSON
        .createObjectNode()
        .put("username", username)
        .put("password", PASSWORD)
        .toString();
  }

  /** The next outbox ordinal of somebody. */
  public long outbox(Account account) {
    return expect(201, request("POST", "/v1/outboxes", account.token(), "{}"))
        .path("outbox")
        .asLong();
  }

  /** The id of the conversation of two. */
  public String conversation(Account one, Account other) {
    String body = ChatClient.JSON.createObjectNode().put("peer", other.username()).toString();
    return expect(200, request("POST", "/v1/conversations", one.token(), body))
        .path("conversation")
        .path("id")
        .asText();
  }

  /** Another one each time, for servers that trust whoever stands in front of them. */
  private static String address() {
    int n = ADDRESSES.incrementAndGet();
    return "10." + (n >> 16 & 255) + "." + (n >> 8 & 255) + "." + (n & 255);
  }

  /** A call with a bearer token, unless that is empty. */
  public HttpResponse<String> request(String method, String path, String token, String body) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(url + path))
            .header("Content-Type", "application/json")
            .header("X-Forwarded-For", address())
            .method(method, HttpRequest.BodyPublishers.ofString(body));
    if (!token.isEmpty()) {
      request.header("Authorization", "Bearer " + token);
    }
    try {
      return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  public static JsonNode expect(int status, HttpResponse<String> response) {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
    return ChatClient.parse(response.body());
  }
}

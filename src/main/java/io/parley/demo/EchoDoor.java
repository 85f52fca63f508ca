package io.parley.demo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import javax.net.ssl.SSLContext;

/** The server's public door, as the bot knocks at it: like any client, over HTTP. */
final class EchoDoor {
  static final String PROTOCOL = "parley.v1";
  private static final Duration WITHIN = Duration.ofSeconds(3);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final String url;

  private final HttpClient http;

  /**
   * A door.
   *
   * @param url of the server, without a slash at the end
   * @param tls which certificate it trusts; empty: plain HTTP
   */
  EchoDoor(String url, Optional<SSLContext> tls) {
    this.url = url;
    // Never by way of a proxy that the machine has for the world outside.
    HttpClient.Builder client =
        HttpClient.newBuilder().connectTimeout(WITHIN).proxy(HttpClient.Builder.NO_PROXY);
    tls.ifPresent(client::sslContext);
    this.http = client.build();
  }

  /** Uses up the link; the token. */
  CompletionStage<String> signIn(String link) {
    String body = JSON.createObjectNode().put("link", link).put("device", "the bot").toString();
    HttpRequest.Builder request =
        request("/v1/session")
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body));
    return answer(request).thenApply(answer -> answer.path("token").asText());
  }

  CompletionStage<JsonNode> signOut(String token) {
    return answer(request("/v1/session").header("Authorization", "Bearer " + token).DELETE());
  }

  /** A page of the inbox. */
  CompletionStage<JsonNode> inbox(String token, Optional<String> cursor) {
    String place =
        cursor.map(at -> "?cursor=" + URLEncoder.encode(at, StandardCharsets.UTF_8)).orElse("");
    return answer(request("/v1/conversations" + place).header("Authorization", "Bearer " + token));
  }

  /** A socket on which nothing was said. */
  CompletionStage<EchoSocket> open(EchoSocket.Ear ear) {
    return EchoSocket.open(
        http.newWebSocketBuilder().connectTimeout(WITHIN).subprotocols(PROTOCOL),
        URI.create(url.replaceFirst("^http", "ws") + "/v1/socket"),
        ear);
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(url + path)).timeout(WITHIN);
  }

  private CompletionStage<JsonNode> answer(HttpRequest.Builder request) {
    return http.sendAsync(request.build(), HttpResponse.BodyHandlers.ofString())
        .thenApply(EchoDoor::read);
  }

  private static JsonNode read(HttpResponse<String> response) {
    if (response.statusCode() / 100 != 2) {
      throw new IllegalStateException(
          response.request().uri().getPath() + " answers " + response.statusCode());
    }
    return parse(response.body().isEmpty() ? "{}" : response.body());
  }

  static JsonNode parse(String json) {
    try {
      return JSON.readTree(json);
    } catch (JsonProcessingException malformed) {
      throw new IllegalStateException("The server sent what isn't JSON", malformed);
    }
  }
}

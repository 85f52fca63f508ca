package io.parley.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

@TestInstance(Lifecycle.PER_CLASS)
class HostileRequestsIT {
  private final House house = House.open();
  private String ada = "";

  @BeforeAll
  void people() {
    ada = house.person("ada");
  }

  @AfterAll
  void close() {
    house.close();
  }

  @Test
  void aPageOfAnotherSiteWritesNothing() {
    for (String origin : OriginsTest.ODD) {
      if (origin.strip().equals(origin) && !origin.isEmpty() && isHeaderValue(origin)) {
        mint().with("Origin", origin).send().is(403, "forbidden");
      }
    }
    mint().with("Origin", house.origin()).send().is(201);
    mint().with("Origin", "http://localhost:" + house.port).send().is(201);
    mint().with("Origin", house.origin()).with("Origin", house.origin()).send().is(403);
    for (String site : List.of("cross-site", "same-site", "x", "same-origin, cross-site")) {
      mint().with("Sec-Fetch-Site", site).send().is(403, "forbidden");
    }
    mint().with("Sec-Fetch-Site", "same-origin").send().is(201);
    mint().with("Sec-Fetch-Site", "none").send().is(201);
    mint().with("Sec-Fetch-Site", "same-origin").with("Origin", "null").send().is(403);
  }

  @Test
  void theCrossSiteCheckComesBeforeThePasswordAndCoversEveryWrite() {
    for (List<String> write :
        List.of(
            List.of("POST", "/v1/users"),
            List.of("POST", "/v1/session"),
            List.of("DELETE", "/v1/session"),
            List.of("DELETE", "/v1/sessions/i_1"),
            List.of("PATCH", "/v1/users/me"),
            List.of("PUT", "/v1/users/me/password"),
            List.of("POST", "/v1/outboxes"),
            List.of("POST", "/v1/conversations"),
            List.of("POST", "/v1/conversations/c_1/operations"))) {
      house
          .ask(write.get(0), write.get(1), "{}")
          .as(ada)
          .with("Origin", "https://evil.example")
          .send()
          .is(403, "forbidden");
    }
    house.ask("GET", "/v1/session").as(ada).send().is(200);
  }

  @Test
  void noPageOfAnotherSiteIsEverLetToRead() {
    House.Reply preflight =
        house
            .ask("OPTIONS", "/v1/session")
            .with("Origin", "https://evil.example")
            .with("Access-Control-Request-Method", "POST")
            .send();
    House.Reply read =
        house.ask("GET", "/v1/session").as(ada).with("Origin", "https://evil.example").send();

    preflight.is(405);
    assertThat(preflight.whole().headers().map().keySet())
        .noneMatch(name -> name.startsWith("access-control"));
    assertThat(read.whole().headers().map().keySet())
        .noneMatch(name -> name.startsWith("access-control"));
  }

  @Test
  void aBodyThatIsNotCalledJsonIsNotRead() {
    for (String type :
        List.of(
            "text/plain",
            "application/x-www-form-urlencoded",
            "multipart/form-data; boundary=x",
            "application/jsonx",
            "text/json",
            "application/octet-stream")) {
      session("{}").with("Content-Type", type).send().is(415, "unsupported");
    }
    session("{}").with("Content-Type", "application/json; charset=utf-8").send().is(400);
  }

  @Test
  void oddJsonIsRefusedAndNeverEchoed() {
    List<String> odd = new ArrayList<>();
    odd.addAll(
        List.of(
            "",
            " ",
            "null",
            "true",
            "1",
            "\"canary\"",
            "[]",
            "[{}]",
            "{",
            "}",
            "{}{}",
            "{} x",
            "{\"username\":1,\"password\":\"x\"}",
            "{\"username\":null,\"password\":\"x\"}",
            "{\"username\":\"canary\",\"username\":\"b\",\"password\":\"x\"}",
            "{\"username\":\"canary\",\"password\":{}}",
            "{'username':'canary'}",
            "{\"username\":\"canary\",}",
            "{\"username\":\"can\nary\",\"password\":\"x\"}",
            "{\"username\":NaN}",
            "{\"n\":" + "9".repeat(100) + "}",
            "\ufeff{}",
            "{\"username\":\"canary\",\"password\":\"x\",\"cookie\":\"yes\"}",
            "{/*c*/\"username\":\"canary\",\"password\":\"x\"}",
            "{\"a\":\"\\x\"}"));
    odd.add("{\"a\":".repeat(500) + "1" + "}".repeat(500));
    odd.add("[".repeat(30_000));
    odd.add("{\"" + "k".repeat(5_000) + "\":1}");
    odd.add("{\"a\":[" + "1,".repeat(20_000) + "1]}");
    for (String body : odd) {
      House.Reply reply = session(body).with("Content-Type", "application/json").send();
      assertThat(reply.body()).as(body).doesNotContain("canary");
      assertThat(reply.code()).as(body).isEqualTo("bad_frame");
      reply.is(400);
    }
  }

  @Test
  void bytesThatAreNotUtf8AreRefusedAndNotReplaced() {
    byte[] body = "{\"username\":\"ad_\",\"password\":\"correct horse battery\"}".getBytes(UTF_8);
    body[15] = (byte) 0xff;

    house.ask("POST", "/v1/session", body).send().is(400, "bad_frame");
  }

  @Test
  void oddNamesAreRefusedOrUnknownAndNeverAFault() {
    for (String name :
        List.of("\\u0000", "\\ud800", "a\\u202eb", "' OR 1=1 --", "%", "\\u200b", "ﷺﷺﷺﷺﷺﷺﷺ")) {
      House.Reply reply = session("{\"username\":\"" + name + "\",\"password\":\"x\"}").send();
      assertThat(reply.status()).as(name).isIn(401, 422);
      int signUp =
          house
              .ask(
                  "POST",
                  "/v1/users",
                  "{\"username\":\"" + name + "\",\"password\":\"correct horse battery\"}")
              .send()
              .status();
      assertThat(signUp).as(name).isEqualTo(422);
    }
  }

  @Test
  void aBodyOneByteTooLongIsTooLong() {
    String start = "{\"username\":\"ada\",\"password\":\"";
    String fits = start + "x".repeat(65_536 - start.length() - 2) + "\"}";
    assertThat(fits).hasSize(65_536);

    session(fits).send().is(401);
    session(fits + " ").send().is(413, "too_long");
    session(fits.repeat(40)).send().is(413, "too_long");
    String head = "POST /v1/session HTTP/1.1\r\nHost: x\r\nContent-Type: application/json";
    String endless = head + "\r\nContent-Length: 99999999999\r\n\r\n{";
    assertProblem(house.raw(endless), 413, "too_long");
    String chunk = "\r\n8000\r\n" + "x".repeat(0x8000);
    String chunked =
        head + "\r\nTransfer-Encoding: chunked\r\n" + chunk.repeat(3) + "\r\n0\r\n\r\n";
    assertProblem(house.raw(chunked), 413, "too_long");
    String hugeChunk = head + "\r\nTransfer-Encoding: chunked\r\n\r\nffffff\r\n{";
    assertProblem(house.raw(hugeChunk), 400, "bad_frame");
  }

  @Test
  void aHeadPastItsLimitsIsRefusedAsAProblem() {
    String end = " HTTP/1.1\r\nHost: x\r\n";
    assertProblem(house.raw("GET /" + "a".repeat(5_000) + end + "\r\n"), 414, "too_long");
    assertProblem(
        house.raw("GET /" + end + "X-Long: " + "a".repeat(9_000) + "\r\n\r\n"), 431, "too_long");
    assertThat(house.raw("GET /" + end + "X-A: b\r\n".repeat(60) + "\r\n"))
        .startsWith("HTTP/1.1 4")
        .contains("application/problem+json");
    for (String garbage :
        List.of(
            "\u0000\u0001\u0002 no method at all\r\n\r\n",
            "GET / HTTP/9.9\r\n\r\n",
            "GET /%zz HTTP/1.1\r\nHost: x\r\n\r\n",
            "GET / HTTP/1.1\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n",
            "POST /v1/users HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
            "POST /v1/users HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nx",
            "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: x\r\n\r\n")) {
      String answer = house.raw(garbage);
      assertThat(answer).as(garbage).startsWith("HTTP/1.1 ").doesNotContain("Exception");
      assertThat(answer).as(garbage).containsPattern("^HTTP/1.1 (4\\d\\d|50[15]) ");
      assertThat(answer).as(garbage).contains("application/problem+json");
    }
  }

  @Test
  void whatThereIsNotAndWhatCantBeDoneThereAreProblems() {
    for (String path :
        List.of(
            "/v1",
            "/v1/",
            "/v1/nothing",
            "/v1/users/",
            "/v1/users/you",
            "/v1/session/x",
            "/v2/users",
            "/v1/conversations/c_1",
            "/v1/conversations/c_1/events/1",
            "/nothing",
            "/v1//users",
            "/health/live",
            "/metrics",
            "/v1/users%2fme",
            "/%2e%2e/etc/passwd")) {
      house.ask("GET", path).as(ada).send().is(404, "not_found");
    }
    House.Reply wrong = house.ask("PUT", "/v1/session", "{}").as(ada).send();
    wrong.is(405, "unsupported");
    assertThat(wrong.header("Allow")).isEqualTo("DELETE, GET, POST");
    house.ask("TRACE", "/v1/session").send().is(405);
    house.ask("POST", "/v1/meta", "{}").send().is(405);
  }

  @Test
  void aFaultOfOursTellsAReferenceAndNothingElse() {
    house.notebook.broken.set(true);
    House.Reply fault = house.ask("GET", "/v1/conversations").as(ada).send();
    house.notebook.broken.set(false);

    fault.is(500, "unavailable");
    assertThat(fault.body()).doesNotContain("canary").containsPattern("reference [0-9a-f]{16}");
  }

  @Test
  void aDatabaseThatIsAwayIsAnswered() {
    try (House lost = House.open()) {
      String token = lost.person("ada");
      House.join(lost.database.close().thenApply(closed -> true));

      House.Reply reply = lost.ask("GET", "/v1/session").as(token).send();
      reply.is(503, "unavailable");
      assertThat(reply.header("Retry-After")).isEqualTo("2");
    }
  }

  private House.Ask mint() {
    return house.ask("POST", "/v1/outboxes", "{}").with("Cookie", "parley=" + ada);
  }

  private House.Ask session(String body) {
    return house.ask("POST", "/v1/session", body);
  }

  private static boolean isHeaderValue(String text) {
    return text.chars().allMatch(c -> c >= 0x20 && c < 0x7f);
  }

  private static void assertProblem(String answer, int status, String code) {
    assertThat(answer)
        .startsWith("HTTP/1.1 " + status + " ")
        .contains("application/problem+json")
        .contains("\"code\":\"" + code + "\"")
        .contains("X-Content-Type-Options: nosniff")
        .contains("Content-Security-Policy: default-src 'none'");
  }
}

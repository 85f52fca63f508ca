package io.parley.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.parley.model.SearchText;
import io.parley.search.SearchSettings;
import io.parley.testing.Schemas;
import java.net.URLEncoder;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

/** The search as it stands at the door; what it finds is SearchIT's matter. */
@TestInstance(Lifecycle.PER_CLASS)
class SearchRoutesIT {
  private static final SearchSettings WITHOUT_A_RATE =
      new SearchSettings(4, 64, Duration.ofSeconds(1), 1_000, 1_000, 50, 200);

  private final House house = House.open(House.Plan.usual().withSearch(WITHOUT_A_RATE));
  private String ada = "";
  private String eve = "";
  private String conversation = "";

  @BeforeAll
  void people() {
    ada = house.person("ada");
    house.person("bob");
    eve = house.person("eve");
    conversation =
        house
            .ask("POST", "/v1/conversations", "{\"peer\":\"bob\"}")
            .as(ada)
            .send()
            .json()
            .at("/conversation/id")
            .asText();
    for (int seq = 2; seq < 62; seq++) {
      store(seq, seq % 2 == 0 ? "needle " + seq : "hay");
    }
  }

  @AfterAll
  void close() {
    house.close();
  }

  @Test
  void aPageHoldsMessagesAndTheirPeerNewestFirst() {
    House.Reply page = search(ada, "q=NEEDLE&limit=3").is(200);

    Schemas.assertValidBody("hits", page.body());
    assertThat(page.json().path("hits").findValuesAsText("text"))
        .containsExactly("needle 60", "needle 58", "needle 56");
    assertThat(page.json().at("/hits/0/peer/username").asText()).isEqualTo("bob");
    assertThat(page.json().at("/hits/0/conversation").asText()).isEqualTo(conversation);
    House.Reply next = search(ada, "q=NEEDLE&limit=3&cursor=" + cursor(page)).is(200);
    assertThat(next.json().path("hits").findValuesAsText("text"))
        .containsExactly("needle 54", "needle 52", "needle 50");
  }

  @Test
  void withoutALimitItIsTwentyAndNeverMoreThanFifty() {
    assertThat(search(ada, "q=e").json().path("hits")).hasSize(20);
    assertThat(search(ada, "q=a&limit=5000").json().path("hits")).hasSizeBetween(25, 50);
    House.Reply whole = search(ada, "q=needle&limit=50");
    assertThat(whole.json().path("hits")).hasSize(30);
    assertThat(whole.json().path("cursor").isNull()).isTrue();
  }

  @Test
  void aForeignAnAbsentAndAMalformedConversationAnswerAlike() {
    search(ada, "q=needle&conversation=" + conversation).is(200);
    House.Reply foreign = search(eve, "q=needle&conversation=" + conversation);
    foreign.is(404, "not_found");
    for (String other : List.of("c_0000000000000000", "c_none", "x", "%00", "", "c_%F0%9F%98%80")) {
      House.Reply reply = search(eve, "q=needle&conversation=" + other);
      assertThat(reply.body()).as(other).isEqualTo(foreign.body());
      assertThat(reply.status()).isEqualTo(404);
    }
    assertThat(search(eve, "q=needle").is(200).json().path("hits")).isEmpty();
  }

  @Test
  void whatNobodyCanLookForIsRefusedInWords() {
    for (String query :
        List.of(
            "",
            "q=",
            "q=%20%09%0A",
            "q=%C2%A0",
            "q=%E2%80%8B",
            "q=a%00b",
            "q=%07",
            "q=%EF%BF%BE",
            "q=a&q=b",
            "q=" + "a".repeat(201),
            "q=" + encoded("猫".repeat(201)),
            "q=a&limit=0",
            "q=a&limit=-1",
            "q=a&limit=x",
            "q=a&limit=1&limit=2",
            "q=a&conversation=c_1&conversation=c_2",
            "q=a&cursor=a&cursor=b")) {
      House.Reply reply = search(ada, query).is(422, "invalid");
      assertThat(reply.json().path("detail").asText()).as(query).isNotEmpty();
      assertThat(reply.json().path("field").asText()).isNotEmpty();
    }
    assertThat(search(ada, "q=").json().path("field").asText()).isEqualTo("q");
    search(ada, "q=" + "a".repeat(200)).is(200);
    search(ada, "q=" + encoded("\uD83D\uDE00".repeat(200))).is(200);
  }

  @Test
  void whatIsNoCursorOfThisSearchIsRefusedInWords() {
    String cursor = cursor(search(ada, "q=needle&limit=1"));
    search(ada, "q=needle&conversation=" + conversation + "&cursor=" + cursor).is(200);
    for (String odd :
        List.of("", "x", "1.2", "1.2.c_x.y", "%00", cursor + ".x", "-" + cursor, "a".repeat(900))) {
      House.Reply reply = search(ada, "q=needle&cursor=" + odd).is(422, "invalid");
      assertThat(reply.json().path("field").asText()).isEqualTo("cursor");
      assertThat(reply.body()).doesNotContain("aaaa");
    }
    // A place that somebody made up leads nowhere but to older messages of one's own.
    assertThat(search(eve, "q=needle&cursor=" + cursor).is(200).json().path("hits")).isEmpty();
    search(ada, "q=needle&cursor=zzzzzzzz.zz.c_zzzz").is(200);
  }

  @Test
  void textThatMeansSomethingToSqlIsLookedForAndNothingElse() {
    for (String odd :
        List.of(
            "' OR 1=1 --", "\\", "%", "_", "{1,2}", "$1", "\"", "';DROP TABLE message;", "\\x00")) {
      assertThat(search(ada, "q=" + encoded(odd)).is(200).json().path("hits")).as(odd).isEmpty();
    }
    for (String raw : List.of("q=%ff%fe", "q=%ED%A0%80", "q=+", "q=a%2", "q=a;b=c", "q")) {
      String answer =
          house.raw(
              "GET /v1/search?"
                  + raw
                  + " HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer "
                  + ada
                  + "\r\n\r\n");
      assertThat(answer).as(raw).containsPattern("^HTTP/1.1 (200|4\\d\\d) ");
    }
    search(ada, "q=needle&limit=50").is(200);
  }

  @Test
  void whoSearchesTooOftenIsToldWhenToGoOn() {
    SearchSettings slow = new SearchSettings(4, 64, Duration.ofSeconds(1), 1, 2, 50, 200);
    try (House strict = House.open(House.Plan.usual().withSearch(slow))) {
      String token = strict.person("ada");
      String other = strict.person("bob");
      List<House.Reply> replies =
          House.together(40, i -> strict.ask("GET", "/v1/search?q=a").as(token).send());
      House.Reply reply =
          replies.stream().filter(one -> one.status() == 429).findFirst().orElseThrow();

      reply.is(429, "rate_limited");
      assertThat(reply.header("Retry-After")).isEqualTo("1");
      assertThat(replies).anyMatch(one -> one.status() == 200);
      strict.ask("GET", "/v1/search?q=a").as(other).send().is(200);
    }
  }

  private void store(long seq, String text) {
    SearchText search = SearchText.of(text);
    String grams =
        Arrays.stream(search.grams())
            .mapToObj(Integer::toString)
            .collect(Collectors.joining(",", "{", "}"));
    House.join(
        house.database.update(
            "INSERT INTO message (conversation_id, seq, author, recipient, at, position, body,"
                + " edited, erased, folded, grams) SELECT id, $1, user_a, user_b, 0, $1, $2, FALSE,"
                + " FALSE, $3, $4::int[] FROM conversations",
            statement ->
                statement
                    .bind("$1", seq)
                    .bind("$2", text)
                    .bind("$3", search.folded())
                    .bind("$4", grams)));
  }

  private House.Reply search(String token, String query) {
    return house.ask("GET", "/v1/search?" + query).as(token).send();
  }

  private static String cursor(House.Reply page) {
    return page.json().path("cursor").asText();
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, UTF_8);
  }
}

package io.parley.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.model.Limits;
import io.parley.testing.Schemas;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

@TestInstance(Lifecycle.PER_CLASS)
class ConversationRoutesIT {
  private static final String SEND =
      "{\"outbox\":1,\"n\":1,\"op\":{\"kind\":\"message\",\"text\":\"hi\"}}";

  private final House house = House.open();
  private String ada = "";
  private String bob = "";
  private String eve = "";

  @BeforeAll
  void people() {
    ada = house.person("ada");
    bob = house.person("bob");
    eve = house.person("eve");
  }

  @AfterAll
  void close() {
    house.close();
  }

  @Test
  void simultaneousStartsMakeOneConversation() {
    List<House.Reply> starts =
        House.together(20, i -> i % 2 == 0 ? start(ada, "BOB") : start(bob, "ada"));

    Set<String> ids = starts.stream().map(this::id).collect(Collectors.toSet());
    assertThat(ids).hasSize(1);
  }

  @Test
  void startingWithNobodyOrOneselfIsRefused() {
    start(ada, "nobody").is(404, "not_found");
    start(ada, "u_1").is(404, "not_found");
    start(ada, "Ada").is(422, "invalid");
    house.ask("POST", "/v1/conversations", "{}").as(ada).send().is(400, "bad_frame");
  }

  @Test
  void aForeignAnAbsentAndAMalformedConversationAnswerAlike() {
    String id = id(start(ada, "bob"));
    for (String method : List.of("GET", "POST")) {
      String tail = method.equals("GET") ? "/events" : "/operations";
      String body = method.equals("GET") ? "" : SEND;
      House.Reply foreign =
          house.ask(method, "/v1/conversations/" + id + tail, body).as(eve).send();
      foreign.is(404, "not_found");
      for (String other : List.of("c_0000000000000000", "c_none", "x", "%00", "c_%F0%9F%98%80")) {
        House.Reply reply =
            house.ask(method, "/v1/conversations/" + other + tail, body).as(eve).send();
        assertThat(reply.body()).as(other).isEqualTo(foreign.body());
        assertThat(reply.status()).isEqualTo(404);
      }
    }
  }

  @Test
  void aPageTakesOneBoundAndALimit() {
    String path = "/v1/conversations/" + id(start(ada, "bob")) + "/events";
    house.notebook.read.clear();

    House.Reply page = house.ask("GET", path + "?before=7&limit=5000").as(ada).send().is(200);
    Schemas.assertValidBody("events-page", page.body());
    assertThat(house.notebook.read.remove().before()).isEqualTo(OptionalLong.of(7));
    house.ask("GET", path + "?after=0&limit=3").as(ada).send().is(200);
    assertThat(house.notebook.read.remove())
        .satisfies(
            bounds -> {
              assertThat(bounds.after()).isEqualTo(OptionalLong.of(0));
              assertThat(bounds.limit()).isEqualTo(OptionalInt.of(3));
            });
    for (String query :
        List.of(
            "before=1&after=1",
            "before=-1",
            "after=x",
            "limit=0",
            "limit=99999999999999999999",
            "before=9007199254740992",
            "before=1.5",
            "before=",
            "before=1&before=1",
            "limit=%2B1")) {
      house.ask("GET", path + "?" + query).as(ada).send().is(422, "invalid");
    }
    assertThat(house.notebook.read).isEmpty();
  }

  @Test
  void theInboxHasALimitAndACursor() {
    House.Reply inbox =
        house.ask("GET", "/v1/conversations?limit=7&cursor=abc").as(ada).send().is(200);

    Schemas.assertValidBody("inbox", inbox.body());
    assertThat(inbox.json().path("cursor").asText()).isEqualTo("7abc");
    assertThat(
            house.ask("GET", "/v1/conversations?limit=9999").as(ada).send().json().path("cursor"))
        .hasToString("\"100\"");
  }

  @Test
  void anOperationIsAnsweredAsOnTheSocket() {
    String path = "/v1/conversations/" + id(start(ada, "bob")) + "/operations";
    House.Reply accepted = house.ask("POST", path, SEND).as(ada).send().is(200);

    Schemas.assertValidBody("outcome", accepted.body());
    assertThat(accepted.json().path("t").asText()).isEqualTo("accepted");
    String unknown = "{\"outbox\":1,\"n\":2,\"op\":{\"kind\":\"dance\"}}";
    house.ask("POST", path, unknown).as(ada).send().is(400, "unsupported");
    assertThat(house.notebook.performed)
        .as("what can't be done spends its number all the same")
        .anyMatch(request -> request.number().n() == 2 && request.unusable().isPresent());
    house.ask("POST", path, "{\"outbox\":0,\"n\":1}").as(ada).send();
    house.ask("POST", path, "{}").as(ada).send().is(400, "bad_frame");
  }

  @Test
  void whoSendsTooFastIsToldWhenToGoOn() {
    // So slow that no machine is slower.
    Limits.Rates rates = new Limits.Rates(1, 2, 10, 10);
    try (House slow = House.open(House.Plan.usual().withRates(rates))) {
      String token = slow.person("eve");
      String path = "/v1/conversations/c_1/operations";
      List<House.Reply> replies =
          House.together(60, i -> slow.ask("POST", path, SEND).as(token).send());
      House.Reply reply =
          replies.stream().filter(one -> one.status() == 429).findFirst().orElseThrow();

      reply.is(429, "rate_limited");
      assertThat(reply.json().path("retryAfterMs").asLong()).isPositive();
      assertThat(reply.json().path("retryable").asBoolean()).isTrue();
    }
  }

  private House.Reply start(String token, String peer) {
    House.Reply reply =
        house.ask("POST", "/v1/conversations", "{\"peer\":\"" + peer + "\"}").as(token).send();
    if (reply.status() == 200) {
      Schemas.assertValidBody("conversation", reply.body());
    }
    return reply;
  }

  private String id(House.Reply started) {
    return started.is(200).json().at("/conversation/id").asText();
  }
}

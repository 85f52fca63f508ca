package io.parley.http;

import static io.parley.http.House.PASSWORD;
import static io.parley.http.House.credentials;
import static org.assertj.core.api.Assertions.assertThat;

import io.parley.account.AccountSettings;
import io.parley.account.Passwords;
import io.parley.model.UserId;
import io.parley.testing.Schemas;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

@TestInstance(Lifecycle.PER_CLASS)
class AccountRoutesIT {
  private final House house = House.open();

  @AfterAll
  void close() {
    house.close();
  }

  @Test
  void signingUpTellsThePersonATakenNameAndTheFieldAtFault() {
    House.Reply made =
        house
            .ask(
                "POST",
                "/v1/users",
                "{\"username\":\"Ada\",\"password\":\"" + PASSWORD + "\",\"displayName\":\"A L\"}")
            .send()
            .is(201);
    Schemas.assertValidBody("user", made.body());
    assertThat(made.json().at("/user/displayName").asText()).isEqualTo("A L");

    House.Reply taken = house.signUp("ａｄａ").is(409, "taken");
    assertThat(taken.json().path("field").asText()).isEqualTo("username");
    assertThat(fault("a", PASSWORD)).isEqualTo("username");
    assertThat(fault("alan", "short")).isEqualTo("password");
    assertThat(fault("alan", "password1234")).isEqualTo("password");
    house.ask("POST", "/v1/users", "{\"username\":\"alan\"}").send().is(400, "bad_frame");
  }

  @Test
  void aTokenLetsInUntilItIsSignedOut() {
    house.signUp("grace").is(201);
    House.Reply in =
        house
            .ask(
                "POST",
                "/v1/session",
                "{\"username\":\"grace\",\"password\":\"" + PASSWORD + "\",\"device\":\"laptop\"}")
            .send()
            .is(201);
    Schemas.assertValidBody("signed-in", in.body());
    assertThat(in.header("Set-Cookie")).isEmpty();
    String token = in.json().path("token").asText();

    House.Reply me = house.ask("GET", "/v1/session").as(token).send().is(200);
    Schemas.assertValidBody("who-am-i", me.body());
    assertThat(me.json().at("/signIn/device").asText()).isEqualTo("laptop");
    assertThat(me.json().at("/signIn/address").asText()).isEqualTo("127.0.0.1");
    assertThat(me.body()).doesNotContain(token);

    assertThat(house.ask("DELETE", "/v1/session").as(token).send().is(204).body()).isEmpty();
    house.ask("GET", "/v1/session").as(token).send().is(401, "unauthenticated");
    house.ask("DELETE", "/v1/session").as(token).send().is(401, "unauthenticated");
  }

  @Test
  void aLinkLetsInOnceAndItsRefusalSaysSo() {
    House.Reply made = house.signUp("linked").is(201);
    String link = link(made);
    House.Reply in =
        house.ask("POST", "/v1/session", "{\"link\":\"" + link + "\",\"cookie\":true}").send();

    Schemas.assertValidBody("signed-in", in.is(201).body());
    assertThat(in.json().at("/user/username").asText()).isEqualTo("linked");
    String cookie = in.header("Set-Cookie").split(";", 2)[0];
    house.ask("GET", "/v1/session").with("Cookie", cookie).send().is(200);
    House.Reply again = house.ask("POST", "/v1/session", "{\"link\":\"" + link + "\"}").send();
    assertThat(again.is(401, "unauthenticated").json().path("detail").asText())
        .isEqualTo("The link is unknown, was used, or has expired");
    assertThat(again.header("Set-Cookie")).isEmpty();
    House.Reply unknown = house.ask("POST", "/v1/session", "{\"link\":\"x\"}").send();
    assertThat(unknown.body()).isEqualTo(again.body());
    assertThat(withoutDate(unknown)).isEqualTo(withoutDate(again));
  }

  @Test
  void aLinkAndAPasswordDontGoTogetherAndOneOfThemIsNeeded() {
    String link = link(house.signUp("either").is(201));
    for (String also : List.of("\"username\":\"either\"", "\"password\":\"" + PASSWORD + "\"")) {
      String both = "{\"link\":\"" + link + "\"," + also + "}";
      House.Reply refused = house.ask("POST", "/v1/session", both).send().is(422, "invalid");
      assertThat(refused.json().path("field").asText()).isEqualTo("link");
    }
    for (String none : List.of("{}", "{\"link\":null}", "{\"link\":7}", "{\"cookie\":true}")) {
      house.ask("POST", "/v1/session", none).send().is(400, "bad_frame");
    }
    String nulls = "{\"link\":\"" + link + "\",\"username\":null,\"password\":null}";
    house.ask("POST", "/v1/session", nulls).send().is(201);
  }

  @Test
  void aPersonSeesAndEndsTheirSignInsAndNobodyElses() {
    String one = house.person("lister");
    String two = house.token("lister");
    String other = house.person("other");
    String id = house.ask("GET", "/v1/session").as(two).send().json().at("/signIn/id").asText();

    House.Reply listed = house.ask("GET", "/v1/sessions").as(one).send().is(200);
    Schemas.assertValidBody("sign-ins", listed.body());
    assertThat(listed.json().path("signIns")).hasSize(2);

    House.Reply foreign = house.ask("DELETE", "/v1/sessions/" + id).as(other).send();
    House.Reply absent = house.ask("DELETE", "/v1/sessions/i_absent").as(other).send();
    House.Reply malformed = house.ask("DELETE", "/v1/sessions/%00").as(other).send();
    assertThat(List.of(foreign.body(), malformed.body())).containsOnly(absent.body());
    foreign.is(404, "not_found");
    house.ask("GET", "/v1/session").as(two).send().is(200);

    house.ask("DELETE", "/v1/sessions/" + id).as(one).send().is(204);
    house.ask("GET", "/v1/session").as(two).send().is(401);
    house.ask("GET", "/v1/session").as(one).send().is(200);
  }

  @Test
  void anUnknownNameAndAWrongPasswordCantBeToldApart() {
    house.signUp("known").is(201);
    House.Reply wrong = signIn(house, "known", "wrong horse battery");
    House.Reply unknown = signIn(house, "unknown", "wrong horse battery");

    wrong.is(401, "unauthenticated");
    assertThat(unknown.body()).isEqualTo(wrong.body());
    assertThat(unknown.status()).isEqualTo(wrong.status());
    assertThat(withoutDate(unknown)).isEqualTo(withoutDate(wrong));
  }

  @Test
  void peopleAreFoundByPrefix() {
    String token = house.person("zelda");
    House.Reply found = house.ask("GET", "/v1/users?q=ZE").as(token).send().is(200);

    Schemas.assertValidBody("people", found.body());
    assertThat(found.json().at("/users/0/username").asText()).isEqualTo("zelda");
    for (String query : List.of("", "?q=", "?q=z", "?q=%00%00", "?q=%25%25", "?x=1")) {
      assertThat(house.ask("GET", "/v1/users" + query).as(token).send().is(200).body())
          .isEqualTo("{\"users\":[]}");
    }
    house.ask("GET", "/v1/users?q=ze&q=ze").as(token).send().is(422, "invalid");
  }

  @Test
  void aProfileChangesOnlyItsOwnersName() {
    String token = house.person("namer");
    House.Reply renamed =
        house.ask("PATCH", "/v1/users/me", "{\"displayName\":\"New\"}").as(token).send().is(200);

    Schemas.assertValidBody("user", renamed.body());
    assertThat(renamed.json().at("/user/displayName").asText()).isEqualTo("New");
    assertThat(house.ask("PATCH", "/v1/users/me", "{}").as(token).send().is(200).body())
        .isEqualTo(renamed.body());
    house
        .ask("PATCH", "/v1/users/me", "{\"displayName\":\"\\u200b\"}")
        .as(token)
        .send()
        .is(422, "invalid");
  }

  @Test
  void aNewPasswordSignsTheOthersOut() {
    String mine = house.person("changer");
    String thief = house.token("changer");
    String path = "/v1/users/me/password";

    house.ask("PUT", path, change("wrong horse", "a better battery")).as(mine).send().is(403);
    house.ask("PUT", path, change(PASSWORD, "password1234")).as(mine).send().is(422, "invalid");
    house.ask("PUT", path, change(PASSWORD, "a better battery")).as(mine).send().is(204);

    house.ask("GET", "/v1/session").as(thief).send().is(401);
    house.ask("GET", "/v1/session").as(mine).send().is(200);
    signIn(house, "changer", PASSWORD).is(401);
    signIn(house, "changer", "a better battery").is(201);
  }

  @Test
  void outboxesAreMintedOneByOne() {
    String token = house.person("minter");
    House.Reply first = house.ask("POST", "/v1/outboxes").as(token).send().is(201);

    Schemas.assertValidBody("outbox", first.body());
    assertThat(first.json().path("outbox").asLong()).isEqualTo(1);
    assertThat(house.ask("POST", "/v1/outboxes", "{}").as(token).send().json().path("outbox"))
        .hasToString("2");
  }

  @Test
  void whatAClientShouldKnowNeedsNoToken() {
    House.Reply meta = house.ask("GET", "/v1/meta").send().is(200);

    Schemas.assertValidBody("meta", meta.body());
    assertThat(meta.json().path("now").asLong()).isEqualTo(house.clock.millis());
  }

  @Test
  void aSignInExpires() {
    try (House aging = House.open()) {
      String token = aging.person("ada");
      aging.clock.move(Duration.ofDays(30));
      aging.ask("GET", "/v1/session").as(token).send().is(401, "unauthenticated");
    }
  }

  @Test
  void whereNobodySignsUpTheyAreToldSo() {
    try (House closed =
        House.open(
            House.Plan.usual()
                .withAccounts(
                    new AccountSettings(false, true, Duration.ofDays(1), Duration.ofDays(1), 5)))) {
      closed.signUp("ada").is(403, "forbidden");
    }
  }

  @Test
  void guessesAreDelayedAndTellWhenToTryAgain() {
    try (House guarded = House.open(House.Plan.usual().withAccounts(AccountSettings.DEFAULT))) {
      guarded.signUp("ada").is(201);
      for (int i = 0; i < 6; i++) {
        signIn(guarded, "ada", "wrong horse battery").is(401);
      }

      House.Reply delayed = signIn(guarded, "ada", PASSWORD).is(429, "rate_limited");
      assertThat(delayed.header("Retry-After")).isEqualTo("1");
      assertThat(delayed.json().path("retryAfterMs").asLong()).isEqualTo(1_000);
      assertThat(delayed.json().path("retryable").asBoolean()).isTrue();
    }
  }

  @Test
  void aBurstOfSignInsPastTheQueueIsToldToComeBack() {
    try (House busy = House.open(House.Plan.usual().withPasswords(Passwords.open(1, 2)))) {
      busy.signUp("ada").is(201);
      List<House.Reply> replies = House.together(30, i -> signIn(busy, "ada", PASSWORD));

      assertThat(replies).extracting(House.Reply::status).containsOnly(201, 503);
      House.Reply refused =
          replies.stream().filter(reply -> reply.status() == 503).findFirst().orElseThrow();
      refused.is(503, "overloaded");
      assertThat(refused.header("Retry-After")).isEqualTo("2");
      signIn(busy, "ada", PASSWORD).is(201);
    }
  }

  private String fault(String username, String password) {
    return house
        .ask("POST", "/v1/users", credentials(username, password))
        .send()
        .is(422, "invalid")
        .json()
        .path("field")
        .asText();
  }

  private static House.Reply signIn(House house, String username, String password) {
    return house.ask("POST", "/v1/session", credentials(username, password)).send();
  }

  private String link(House.Reply made) {
    UserId user = UserId.parse(made.json().at("/user/id").asText());
    return House.join(house.registry.signIns().mintLink(user)).value();
  }

  private static String change(String current, String password) {
    return "{\"current\":\"" + current + "\",\"password\":\"" + password + "\"}";
  }

  private static List<String> withoutDate(House.Reply reply) {
    return reply.whole().headers().map().entrySet().stream()
        .filter(header -> !header.getKey().equals("date"))
        .map(Object::toString)
        .sorted()
        .toList();
  }
}

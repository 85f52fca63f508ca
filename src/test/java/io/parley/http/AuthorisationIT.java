package io.parley.http;

import static io.parley.http.House.PASSWORD;
import static io.parley.http.House.credentials;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

@TestInstance(Lifecycle.PER_CLASS)
class AuthorisationIT {
  private static final String CONVERSATION = "/v1/conversations/c_0000000000000000";

  /** Every call that is a person's own. */
  private static final List<List<String>> CALLS =
      List.of(
          List.of("GET", "/v1/session", ""),
          List.of("DELETE", "/v1/session", ""),
          List.of("GET", "/v1/sessions", ""),
          List.of("DELETE", "/v1/sessions/i_1", ""),
          List.of("GET", "/v1/users?q=ada", ""),
          List.of("PATCH", "/v1/users/me", "{\"displayName\":\"x\"}"),
          List.of("PUT", "/v1/users/me/password", "{\"current\":\"x\",\"password\":\"y\"}"),
          List.of("POST", "/v1/outboxes", ""),
          List.of("GET", "/v1/conversations", ""),
          List.of("GET", "/v1/search?q=ada", ""),
          List.of("POST", "/v1/conversations", "{\"peer\":\"ada\"}"),
          List.of("GET", CONVERSATION + "/events", ""),
          List.of("POST", CONVERSATION + "/operations", "{}"));

  private final House house = House.open();
  private String ada = "";
  private String bob = "";
  private String signedOut = "";

  @BeforeAll
  void people() {
    ada = house.person("ada");
    bob = house.person("bob");
    signedOut = house.token("ada");
    house.ask("DELETE", "/v1/session").as(signedOut).send().is(204);
  }

  @AfterAll
  void close() {
    house.close();
  }

  @Test
  void nobodyAndSomebodySignedOutGetTheSameNoEverywhere() {
    for (List<String> call : CALLS) {
      String nobody = call(call).send().is(401, "unauthenticated").body();
      assertThat(call(call).as(signedOut).send().is(401).body()).isEqualTo(nobody);
      assertThat(call(call).as("x".repeat(2_000)).send().is(401).body()).isEqualTo(nobody);
      assertThat(call(call).with("Authorization", "Basic YTpi").send().is(401).body())
          .isEqualTo(nobody);
      assertThat(call(call).with("Cookie", "parley=" + signedOut).send().is(401).body())
          .isEqualTo(nobody);
      assertThat(call(call).send().header("WWW-Authenticate")).isEqualTo("Bearer");
    }
  }

  @Test
  void theCookieLetsInLikeTheToken() {
    House.Reply in = signInForCookie(house);

    assertThat(in.json().has("token")).isFalse();
    assertThat(in.header("Set-Cookie"))
        .matches("parley=[A-Za-z0-9_-]{43}; Max-Age=15552000; Path=/; HttpOnly; SameSite=Strict");
    String cookie = in.header("Set-Cookie").split(";", 2)[0];
    assertThat(whose(house.ask("GET", "/v1/session").with("Cookie", "a=b; " + cookie)))
        .isEqualTo("ada");
    House.Reply out = house.ask("DELETE", "/v1/session").with("Cookie", cookie).send().is(204);
    assertThat(out.header("Set-Cookie")).startsWith("parley=; Max-Age=0; Path=/; HttpOnly");
    house.ask("GET", "/v1/session").with("Cookie", cookie).send().is(401);
  }

  @Test
  void overTlsTheCookieHasThePrefixAndTheOtherNameIsWorthNothing() {
    try (House secure = House.open(House.Plan.usual().overTls())) {
      secure.signUp("ada").is(201);
      House.Reply in = signInForCookie(secure);

      assertThat(in.header("Set-Cookie"))
          .matches(
              "__Host-parley=[A-Za-z0-9_-]{43}; Max-Age=15552000; Path=/; Secure; HttpOnly;"
                  + " SameSite=Strict");
      String cookie = in.header("Set-Cookie").split(";", 2)[0];
      secure.ask("GET", "/v1/session").with("Cookie", cookie).send().is(200);
      String bare = cookie.replace("__Host-", "");
      secure.ask("GET", "/v1/session").with("Cookie", bare).send().is(401);
    }
  }

  @Test
  void withBothTheBearerWinsEvenWhenItIsWorthNothing() {
    assertThat(whose(house.ask("GET", "/v1/session").as(ada).with("Cookie", "parley=" + bob)))
        .isEqualTo("ada");
    house.ask("GET", "/v1/session").as("expired").with("Cookie", "parley=" + bob).send().is(401);
  }

  @Test
  void aSecondCookieOfTheNameIsPlantedAndNoneIsBelieved() {
    house
        .ask("GET", "/v1/session")
        .with("Cookie", "parley=" + ada + "; parley=" + bob)
        .send()
        .is(401);
    for (String odd :
        List.of("parley", "parley=", "=" + ada, "PARLEY=" + ada, ";;;", "parley=\"x")) {
      house.ask("GET", "/v1/session").with("Cookie", odd).send().is(401);
    }
  }

  @Test
  void anotherPersonsCookieShowsOnlyThatPerson() {
    String path = "/v1/session";
    assertThat(whose(house.ask("GET", path).with("Cookie", "parley=" + bob))).isEqualTo("bob");
    assertThat(house.ask("GET", "/v1/sessions").with("Cookie", "parley=" + bob).send().body())
        .doesNotContain(id(ada));
  }

  @Test
  void aClientThatTakesItselfForSomebodyElseDoesNothingAtAll() {
    String adasId = userId(ada);
    for (String claimed : List.of(userId(bob), "u_1", "bob", "ada", "", "x".repeat(2_000))) {
      for (List<String> call : CALLS) {
        call(call).as(ada).with("Parley-User", claimed).send().is(409, "other_user");
      }
    }
    call(CALLS.get(0))
        .as(ada)
        .with("Parley-User", adasId)
        .with("Parley-User", userId(bob))
        .send()
        .is(409, "other_user");

    House.Reply me =
        house.ask("GET", "/v1/session").as(ada).with("Parley-User", adasId).send().is(200);
    assertThat(me.json().at("/user/displayName").asText()).isEqualTo("ada");
    House.Reply minted =
        house.ask("POST", "/v1/outboxes", "{}").as(ada).with("Parley-User", adasId).send().is(201);
    assertThat(minted.json().path("outbox").asInt()).as("the first").isEqualTo(1);
    assertThat(house.ask("GET", "/v1/conversations").as(ada).send().is(200).json()).isNotNull();
  }

  @Test
  void aTabThatShowsAdaCantUseTheCookieThatIsBobsByNow() {
    String adasId = userId(ada);
    House.Ask rename = house.ask("PATCH", "/v1/users/me", "{\"displayName\":\"Ada L\"}");
    rename.with("Cookie", "parley=" + bob).with("Parley-User", adasId).send().is(409, "other_user");

    assertThat(house.ask("GET", "/v1/session").as(bob).send().json().at("/user/displayName"))
        .hasToString("\"bob\"");
  }

  @Test
  void whoeverHasNoCredentialsIsNobodysOtherUser() {
    String body = credentials("ada", PASSWORD);
    for (List<String> call : CALLS) {
      call(call).with("Parley-User", userId(ada)).send().is(401, "unauthenticated");
    }
    house.ask("POST", "/v1/session", body).with("Parley-User", userId(bob)).send().is(201);
    house.ask("GET", "/v1/meta").as(ada).with("Parley-User", userId(bob)).send().is(200);
  }

  private String userId(String token) {
    return house.ask("GET", "/v1/session").as(token).send().json().at("/user/id").asText();
  }

  private String id(String token) {
    return house.ask("GET", "/v1/session").as(token).send().json().at("/signIn/id").asText();
  }

  private static String whose(House.Ask ask) {
    return ask.send().is(200).json().at("/user/username").asText();
  }

  private House.Ask call(List<String> call) {
    return house.ask(call.get(0), call.get(1), call.get(2));
  }

  private static House.Reply signInForCookie(House house) {
    return house
        .ask(
            "POST",
            "/v1/session",
            "{\"username\":\"ada\",\"password\":\"" + PASSWORD + "\",\"cookie\":true}")
        .send()
        .is(201);
  }
}

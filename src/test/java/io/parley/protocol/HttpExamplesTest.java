package io.parley.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.parley.model.ErrorCode;
import io.parley.model.Hit;
import io.parley.model.Limits;
import io.parley.model.Marks;
import io.parley.model.Operation;
import io.parley.testing.Schemas;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Every body of HTTP: as its example says it, and valid by its schema. */
class HttpExamplesTest {
  private static final String PASSWORD = "correct horse battery";
  private static final String TOKEN = "k3Jq0Vt9mB2xYc7LrZ5nWd8sPf1hTg4uEa6iOoQyRbM";

  /** A part of other bodies, which never stands alone. */
  private static final Set<String> PARTS = Set.of("sign-in-entry");

  private final FrameCodec codec = new FrameCodec(Limits.DEFAULT);

  @TestFactory
  Stream<DynamicTest> aResponseIsWrittenAsItsExample() {
    return responses().entrySet().stream()
        .map(
            body ->
                dynamicTest(
                    body.getKey(),
                    () -> {
                      String made = body.getValue();
                      assertThat(made).isEqualTo(Examples.golden("http", body.getKey(), made));
                      Schemas.assertValidBody(Examples.schemaOf(body.getKey()), made);
                    }));
  }

  @TestFactory
  Stream<DynamicTest> aRequestIsReadAsWhatItMeans() {
    return requests().entrySet().stream()
        .map(
            request ->
                dynamicTest(
                    request.getKey(),
                    () -> {
                      String json = Examples.read("http", request.getKey());
                      Schemas.assertValidBody(Examples.schemaOf(request.getKey()), json);
                      assertThat(read(request.getKey(), json)).isEqualTo(request.getValue());
                    }));
  }

  @Test
  void everySchemaOfABodyHasAnExampleAndEveryExampleATest() throws IOException {
    Set<String> tested = new HashSet<>(responses().keySet());
    tested.addAll(requests().keySet());
    assertThat(Examples.in("http")).isEqualTo(tested);
    try (Stream<Path> schemas = Files.list(Schemas.ROOT.resolve("http"))) {
      Set<String> named =
          schemas
              .map(file -> file.getFileName().toString().replace(".json", ""))
              .filter(name -> !PARTS.contains(name))
              .collect(Collectors.toSet());
      assertThat(tested.stream().map(Examples::schemaOf).collect(Collectors.toSet()))
          .isEqualTo(named);
    }
  }

  @Test
  void aRequestThatHoldsASecretNeverTellsItInALog() {
    for (String name : List.of("sign-up", "sign-in", "sign-in.link", "password-change")) {
      assertThat(read(name, Examples.read("http", name)).toString())
          .doesNotContain(PASSWORD, "staple", TOKEN);
    }
    assertThat(codec.decode(Examples.read("client", "hello")).toString()).doesNotContain(TOKEN);
  }

  private Object read(String name, String json) {
    return switch (Examples.schemaOf(name)) {
      case "sign-up" -> HttpRequests.SignUp.read(codec.fields(json));
      case "sign-in" -> HttpRequests.SignInRequest.read(codec.fields(json));
      case "start" -> HttpRequests.Start.read(codec.fields(json));
      case "profile" -> HttpRequests.Profile.read(codec.fields(json));
      case "password-change" -> HttpRequests.PasswordChange.read(codec.fields(json));
      case "send" -> codec.decodeSend(ServerExamples.AB, json);
      default -> throw new AssertionError("no reader for " + name);
    };
  }

  private static Map<String, Object> requests() {
    Map<String, Object> requests = new LinkedHashMap<>();
    requests.put("sign-up", new HttpRequests.SignUp("ada", PASSWORD, Optional.of("Ada")));
    HttpRequests.Proof password = new HttpRequests.ByPassword("ada", PASSWORD);
    requests.put("sign-in", new HttpRequests.SignInRequest(password, Optional.of("laptop"), false));
    requests.put(
        "sign-in.cookie", new HttpRequests.SignInRequest(password, Optional.empty(), true));
    requests.put(
        "sign-in.link",
        new HttpRequests.SignInRequest(new HttpRequests.ByLink(TOKEN), Optional.empty(), true));
    requests.put("start", new HttpRequests.Start("bob"));
    requests.put("profile", new HttpRequests.Profile(Optional.of("Ada L.")));
    requests.put(
        "password-change", new HttpRequests.PasswordChange(PASSWORD, "staple of the moor"));
    Operation hello = new Operation.Message("Hello", OptionalLong.of(119));
    requests.put("send", send(1, Optional.of(hello), Optional.of(new Marks(119, 119))));
    requests.put("send.skip", send(2, Optional.empty(), Optional.empty()));
    return requests;
  }

  private static Decoded send(long n, Optional<Operation> operation, Optional<Marks> claimed) {
    return new Decoded.Frame(new ClientFrame.Send(0, ServerExamples.AB, 17, n, operation, claimed));
  }

  private static Map<String, String> responses() {
    Map<String, String> bodies = new LinkedHashMap<>();
    SignIn laptop =
        new SignIn(
            "i_1",
            Optional.of("laptop"),
            Optional.of("192.0.2.7"),
            ServerExamples.AT,
            ServerExamples.AT + 60_000,
            true);
    SignIn unnamed =
        new SignIn(
            "i_2", Optional.empty(), Optional.empty(), ServerExamples.AT, ServerExamples.AT, false);
    var ada = ServerExamples.ADA;
    bodies.put("user", HttpBodies.user(ada));
    bodies.put("signed-in", HttpBodies.signedIn(Optional.of(TOKEN), laptop, ada));
    bodies.put("signed-in.cookie", HttpBodies.signedIn(Optional.empty(), laptop, ada));
    bodies.put("who-am-i", HttpBodies.whoAmI(laptop, ada));
    bodies.put("sign-ins", HttpBodies.signIns(List.of(laptop, unnamed)));
    bodies.put("people", HttpBodies.people(List.of(ada, ServerExamples.BOB)));
    bodies.put("conversation", HttpBodies.conversation(ada.id(), ServerExamples.EMPTY));
    bodies.put(
        "inbox",
        HttpBodies.inbox(
            ada.id(), List.of(ServerExamples.SUMMARY, ServerExamples.ERASED), Optional.of("4100")));
    bodies.put("inbox.last", HttpBodies.inbox(ada.id(), List.of(), Optional.empty()));
    Hit.Message found =
        new Hit.Message(119, ada.id(), ServerExamples.AT, "我家的猫", OptionalLong.of(7), true);
    Hit.Message older =
        new Hit.Message(
            8, ServerExamples.BOB.id(), ServerExamples.AT, "猫!", OptionalLong.empty(), false);
    bodies.put(
        "hits",
        HttpBodies.hits(
            List.of(
                new Hit(ServerExamples.AB, ServerExamples.BOB, found),
                new Hit(ServerExamples.AB, ServerExamples.BOB, older)),
            Optional.of("2s.8.c_ab")));
    bodies.put("hits.none", HttpBodies.hits(List.of(), Optional.empty()));
    bodies.put(
        "events-page",
        HttpBodies.events(List.of(ServerExamples.event("opened").encoded()), true, 131));
    bodies.put("events-page.empty", HttpBodies.events(List.of(), true, 0));
    bodies.put(
        "outcome.accepted",
        HttpBodies.accepted(
            new ServerFrame.Accepted(0, ServerExamples.AB, 17, 1, 132, ServerExamples.AT, false)));
    bodies.put(
        "outcome.skipped",
        HttpBodies.skipped(new ServerFrame.Skipped(0, ServerExamples.AB, 17, 2)));
    bodies.put("outbox", HttpBodies.outbox(17));
    bodies.put("meta", HttpBodies.meta(List.of("parley.v1"), Optional.empty(), ServerExamples.AT));
    for (ErrorCode code : ErrorCode.values()) {
      bodies.put("problem." + code.code(), Problem.of(ServerExamples.error(code)).json());
    }
    bodies.put(
        "problem.invalid-field",
        Problem.of(ErrorCode.INVALID, "password", "password is one of the most common").json());
    return bodies;
  }
}

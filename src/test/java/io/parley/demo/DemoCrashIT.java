package io.parley.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.parley.testing.ChatClient;
import io.parley.testing.HttpDoor;
import io.parley.testing.ServerProcess;
import io.parley.testing.TestPostgres;
import io.parley.testing.TestServer;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** {@code --demo} as it is started by a person, and killed by one. */
class DemoCrashIT {
  private static final Pattern ADAS_LINK = Pattern.compile("  Ada +(http://\\S+/#link=)(\\S+)\\R");

  private final int port = ServerProcess.freePort();
  private final HttpDoor http = new HttpDoor("http://127.0.0.1:" + port);
  private final String database = TestPostgres.freshDatabase();
  private final Map<String, String> settings =
      Map.of("PARLEY_DATABASE_URL", database, "PARLEY_RATE_LIMITS", "off");

  @Test
  void killedInTheMiddleOfItsAnswersItGivesTheRestAndNoneTwice() {
    ServerProcess server = ServerProcess.start(port, settings, "--demo");
    try {
      JsonNode ada = signIn(link(server));
      Echoes echoes = Echoes.withTheDemosBot(http, ada);
      try (ChatClient client = ChatClient.welcomed(port, echoes.token())) {
        echoes.sayPipelined(client, 1, 50);
      }
      for (int answered : new int[] {5, 25}) {
        echoes.awaitAnswers(answered);
        String before = link(server);
        server.kill();
        server = ServerProcess.start(port, settings, "--demo");
        assertThat(link(server)).isNotEqualTo(before);
      }
      echoes.assertEachAnsweredOnce(50);
    } finally {
      server.close();
    }
  }

  @Test
  void whoeverHasAnAdaOfTheirOwnIsToldWhatToDo() {
    try (TestServer usual = TestServer.start(Map.of(), database)) {
      usual.http().account("ada");
    }
    ServerProcess refused = ServerProcess.begin(port, settings, "--demo");

    assertThat(refused.exitCode()).isEqualTo(1);
    assertThat(refused.output())
        .contains("Parley can't start.")
        .contains("PARLEY_DATA_DIR=data-demo ./parley --demo")
        .doesNotContain("Parley is ready")
        .doesNotContain("Exception");
  }

  /** It is told right after the server is ready, and not in the same moment. */
  private static String link(ServerProcess server) {
    return Awaitility.await("Ada's link")
        .atMost(Duration.ofSeconds(30))
        .until(() -> ADAS_LINK.matcher(server.output()), Matcher::find)
        .group(2);
  }

  private JsonNode signIn(String link) {
    return HttpDoor.expect(
        201, http.request("POST", "/v1/session", "", "{\"link\":\"" + link + "\"}"));
  }
}

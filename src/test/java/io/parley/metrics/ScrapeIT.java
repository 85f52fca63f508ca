package io.parley.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.testing.ChatClient;
import io.parley.testing.HttpDoor;
import io.parley.testing.HttpDoor.Account;
import io.parley.testing.Scrape;
import io.parley.testing.ServerProcess;
import io.parley.testing.TestPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What a real server tells Prometheus is what it did, and no more than the docs say. */
class ScrapeIT {
  private static final int SENT = 25;
  private static final int MANAGEMENT = ServerProcess.freePort();
  private static final ServerProcess SERVER =
      ServerProcess.begin(
          ServerProcess.freePort(),
          Map.of(
              "PARLEY_DATABASE_URL",
              TestPostgres.freshDatabase(),
              "PARLEY_EDGE_TRUSTED_PROXIES",
              "127.0.0.1",
              "PARLEY_MANAGEMENT_PORT",
              Integer.toString(MANAGEMENT)));

  private final HttpDoor http = new HttpDoor("http://127.0.0.1:" + SERVER.port());

  @BeforeAll
  static void ready() {
    SERVER.awaitReady();
  }

  @AfterAll
  static void stop() {
    SERVER.close();
  }

  @Test
  void whatWasDoneIsWhatIsTold() {
    Scrape before = Scrape.of(MANAGEMENT);
    Account ada = http.somebody("ada");
    Account bob = http.somebody("bob");
    String conversation = http.conversation(ada, bob);
    long outbox = http.outbox(ada);
    try (ChatClient adas = ChatClient.welcomed(SERVER.port(), ada.token());
        ChatClient bobs = ChatClient.welcomed(SERVER.port(), bob.token())) {
      for (int n = 1; n <= SENT; n++) {
        adas.say(conversation, outbox, n, "a text that is nobody's business");
      }
      bobs.eventsUpTo(conversation, SENT + 1);
      adas.say(conversation, outbox, SENT, "a text that is nobody's business");
      adas.awaitError(adas.message("c_absent", outbox, SENT + 1, "x"), "not_found");
      assertThat(Scrape.of(MANAGEMENT).value("parley_sessions"))
          .isEqualTo(before.value("parley_sessions") + 2);
    }
    Awaitility.await()
        .until(
            () -> Scrape.of(MANAGEMENT).value("parley_sockets") == before.value("parley_sockets"));
    Scrape after = Scrape.of(MANAGEMENT);
    assertRisen(before, after, "parley_operations_total{outcome=\"accepted\"}", SENT);
    assertRisen(before, after, "parley_operations_total{outcome=\"duplicate\"}", 1);
    assertRisen(before, after, "parley_operations_total{outcome=\"not_found\"}", 1);
    assertRisen(before, after, "parley_operation_accepted_seconds_count", SENT);
    assertRisen(before, after, "parley_sign_ins_total{outcome=\"granted\"}", 2);
    assertRisen(before, after, "parley_sockets_opened_total", 2);
    assertRisen(before, after, "parley_sockets_closed_total{bye=\"none\"}", 2);
    assertRisen(before, after, "parley_incidents_total{kind=\"conversation\"}", 1);
    assertThat(after.value("parley_outbound_queued_bytes")).isZero();
    assertThat(after.value("parley_cluster_members")).isEqualTo(1);
    assertThat(after.value("parley_cluster_member")).isEqualTo(1);
    double stored =
        after.value("parley_journal_stored_rows_total")
            - before.value("parley_journal_stored_rows_total");
    assertThat(stored).as("the first one opens the log").isGreaterThanOrEqualTo(SENT + 1);
    assertThat(after.value("parley_journal_batch_rows_sum"))
        .isGreaterThanOrEqualTo(after.value("parley_journal_stored_rows_total"));
    assertThat(after.value("parley_operation_accepted_seconds_sum") / SENT).isBetween(1e-4, 5.0);
    Awaitility.await()
        .until(
            () ->
                Scrape.of(MANAGEMENT).value("parley_feed_applied_rows_total")
                    >= before.value("parley_feed_applied_rows_total") + SENT + 1);
  }

  @Test
  void whatAClientMissedIsMeasuredWhenItComesBack() {
    Account ada = http.somebody("ada");
    Account bob = http.somebody("bob");
    String conversation = http.conversation(ada, bob);
    long outbox = http.outbox(ada);
    try (ChatClient adas = ChatClient.welcomed(SERVER.port(), ada.token())) {
      for (int n = 1; n <= SENT; n++) {
        adas.say(conversation, outbox, n, "missed");
      }
    }
    Scrape before = Scrape.of(MANAGEMENT);
    for (long cursor : new long[] {1, SENT + 1, SENT + 100}) {
      try (ChatClient bobs =
          ChatClient.welcomed(
              SERVER.port(), ChatClient.cursor(ChatClient.helloOf(bob), conversation, cursor))) {
        bobs.awaitType(cursor <= SENT + 1 ? "caught_up" : "error");
      }
    }
    Scrape after = Scrape.of(MANAGEMENT);
    assertRisen(before, after, "parley_cursors_total{outcome=\"replayed\"}", 1);
    assertRisen(before, after, "parley_cursors_total{outcome=\"at_head\"}", 1);
    assertRisen(before, after, "parley_cursors_total{outcome=\"resync\"}", 1);
    assertRisen(before, after, "parley_replay_events_sum", SENT);
    assertRisen(before, after, "parley_replay_seconds_count", 1);
  }

  private static void assertRisen(Scrape before, Scrape after, String sample, double by) {
    assertThat(after.value(sample) - before.value(sample)).as(sample).isEqualTo(by);
  }

  /** By then the garbage collector has run: nothing counts through a reference that it clears. */
  @Test
  void everyFigureOfTheDocsIsGivenAndNoOther() throws IOException, InterruptedException {
    runGarbageCollector();
    Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(
            () ->
                assertThat(Scrape.of(MANAGEMENT).families())
                    .isEqualTo(
                        Arrays.stream(Figure.values())
                            .map(Figure::exposed)
                            .collect(Collectors.toCollection(TreeSet::new))));
    Scrape scrape = Scrape.of(MANAGEMENT);
    for (Figure figure : Figure.values()) {
      assertThat(scrape.kinds()).containsEntry(figure.exposed(), figure.kind());
    }
    assertThat(scrape.text()).doesNotContain("NaN");
  }

  @Test
  void countsGoOnAfterTheGarbageCollectorHasRun() throws IOException, InterruptedException {
    runGarbageCollector();
    Scrape before = Scrape.of(MANAGEMENT);
    Account ada = http.somebody("ada");
    String conversation = http.conversation(ada, http.somebody("bob"));
    long outbox = http.outbox(ada);
    try (ChatClient adas = ChatClient.welcomed(SERVER.port(), ada.token())) {
      adas.say(conversation, outbox, 1, "x");
    }
    assertRisen(before, Scrape.of(MANAGEMENT), "parley_journal_stored_rows_total", 2);
  }

  private static void runGarbageCollector() throws IOException, InterruptedException {
    Process jcmd =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                Long.toString(SERVER.pid()),
                "GC.run")
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    assertThat(jcmd.waitFor()).isZero();
  }

  @Test
  void noLabelNamesAPersonOrAConversation() {
    Account ada = http.somebody("ada");
    Account bob = http.somebody("bob");
    String conversation = http.conversation(ada, bob);
    String told = Scrape.of(MANAGEMENT).text();
    assertThat(told).doesNotContain(ada.id(), bob.id(), conversation, ada.username(), ada.token());
    assertThat(told.lines().count()).as("few enough").isLessThan(600);
  }

  @Test
  void thePublicPortTellsNothing() throws IOException {
    assertThat(Scrape.fetch(SERVER.port()).statusCode()).isEqualTo(404);
  }
}

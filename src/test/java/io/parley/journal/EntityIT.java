package io.parley.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.parley.database.DatabaseAddress;
import io.parley.journal.Notebook.Command;
import io.parley.journal.Notebook.Note;
import io.parley.journal.Notebook.Read;
import io.parley.journal.Notebook.Stop;
import io.parley.testing.TestPostgres;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Entities on the plugins, on one node and on two that disagree. */
class EntityIT {

  private static final String URL = TestPostgres.freshDatabase();
  private static final Duration BOUND = Duration.ofSeconds(10);

  private final List<ActorTestKit> nodes = new ArrayList<>();

  @AfterEach
  void stop() {
    nodes.forEach(ActorTestKit::shutdownTestKit);
  }

  @Test
  void aRestartWithAWriteInFlightRecoversWhatThatWriteLeaves() throws SQLException {
    ActorTestKit node = node("");
    TestProbe<List<String>> probe = node.createTestProbe();
    ActorRef<Command> before = node.spawn(Notebook.create("restart"));
    note(before, "one", probe);
    try (Connection session = connect();
        Statement statement = session.createStatement()) {
      session.setAutoCommit(false);
      // Inserts wait for this lock; reads don't, and would find no trace of the write.
      statement.execute("LOCK TABLE event_journal IN SHARE ROW EXCLUSIVE MODE");
      before.tell(new Note("two", probe.getRef()));
      awaitOneInFlight(node);
      node.stop(before);
      ActorRef<Command> after = node.spawn(Notebook.create("restart"));
      after.tell(new Read(probe.getRef()));
      probe.expectNoMessage(Duration.ofMillis(500));
      session.rollback();

      assertThat(probe.receiveMessage(BOUND)).containsExactly("one", "two");
    }
  }

  @Test
  void aPausedSecondWriterIsFencedAndRecovers() {
    ActorTestKit paused = node("");
    TestProbe<List<String>> pausedProbe = paused.createTestProbe();
    ActorRef<Command> old = paused.spawn(Notebook.create("paused"));
    note(old, "one", pausedProbe);
    ActorTestKit other = node("");
    TestProbe<List<String>> probe = other.createTestProbe();
    ActorRef<Command> current = other.spawn(Notebook.create("paused"));
    note(current, "two", probe);

    old.tell(new Note("lost", pausedProbe.getRef()));
    old.tell(new Read(pausedProbe.getRef()));

    assertThat(pausedProbe.receiveMessage(BOUND)).containsExactly("one", "two");
    assertThat(JournalActivity.get(paused.system()).counters().conflicts()).isEqualTo(1);
    note(old, "three", pausedProbe);
    ActorRef<Command> third = other.spawn(Notebook.create("paused"));
    third.tell(new Read(probe.getRef()));
    assertThat(probe.receiveMessage(BOUND)).containsExactly("one", "two", "three");
  }

  @Test
  void aLongLogIsReplayedPageByPageFromTheSnapshotOn() throws SQLException {
    ActorTestKit node = node("parley.journal.page-rows = 2");
    TestProbe<List<String>> probe = node.createTestProbe();
    ActorRef<Command> notebook = node.spawn(Notebook.create("long"));
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < 25; i++) {
      note(notebook, "line " + i, probe);
      lines.add("line " + i);
    }
    notebook.tell(new Stop());
    probe.expectTerminated(notebook, BOUND);
    await().untilAsserted(() -> assertThat(snapshotSequenceNr()).isEqualTo(20));
    // What the snapshot covers is not asked for: it could not be read.
    execute(
        "UPDATE event_journal SET event_ser_id = 999999 WHERE seq_nr <= 20"
            + " AND persistence_id = 'notebook|long'");

    node.spawn(Notebook.create("long")).tell(new Read(probe.getRef()));

    assertThat(probe.receiveMessage(BOUND)).isEqualTo(lines);
  }

  @Test
  void timeOutsInTheWrongOrderAreRefusedAtStart() {
    ActorTestKit node = node("parley.database.statement-timeout = 5s");
    assertThatThrownBy(() -> checkBudget(node, "parley.journal"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "parley.database.statement-timeout (5000 ms) must be shorter than"
                + " parley.journal.write-bound (5000 ms)");
    ActorTestKit impatient = node("parley.snapshot.circuit-breaker.call-timeout = 1s");
    assertThatThrownBy(() -> checkBudget(impatient, "parley.snapshot"))
        .hasMessageContaining("parley.snapshot.circuit-breaker.call-timeout (1000 ms)");
  }

  private static void checkBudget(ActorTestKit node, String path) {
    TimeBudget.check(node.system().settings().config(), "parley.database", path);
  }

  private static void note(ActorRef<Command> notebook, String line, TestProbe<List<String>> probe) {
    notebook.tell(new Note(line, probe.getRef()));
    assertThat(probe.receiveMessage(BOUND)).last().isEqualTo(line);
  }

  private static void awaitOneInFlight(ActorTestKit node) {
    await().until(() -> JournalActivity.get(node.system()).counters().batchesInFlight() == 1);
  }

  private ActorTestKit node(String settings) {
    ActorTestKit node = ActorTestKit.create("node", JournalConfig.of(URL, settings));
    nodes.add(node);
    return node;
  }

  private long snapshotSequenceNr() throws SQLException {
    try (Connection session = connect();
        Statement statement = session.createStatement();
        var rows =
            statement.executeQuery(
                "SELECT seq_nr FROM snapshot WHERE persistence_id = 'notebook|long'")) {
      return rows.next() ? rows.getLong(1) : 0;
    }
  }

  private void execute(String sql) throws SQLException {
    try (Connection session = connect();
        Statement statement = session.createStatement()) {
      statement.execute(sql);
    }
  }

  private Connection connect() throws SQLException {
    DatabaseAddress address = DatabaseAddress.parse(URL);
    return DriverManager.getConnection(address.jdbcUrl(), address.user(), address.password());
  }
}

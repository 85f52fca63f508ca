package io.parley.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.parley.feed.ReadSide;
import io.parley.testing.TestPostgres;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;

class DatabaseLifeIT {

  private final String url = TestPostgres.freshDatabase();
  private final DatabaseAddress address = DatabaseAddress.parse(url);

  @Test
  void migratingTwiceChangesNothing() {
    DatabaseLife before = life();
    assertThat(Migrations.apply(address).applied()).isZero();
    assertThat(life()).isEqualTo(before);
    assertThat(before.epoch()).matches("e_[0-9a-f]{32}");
    assertThat(before.feedBase()).isZero();
  }

  @Test
  void tablesOfANewerParleyAreRefused() throws SQLException {
    TestPostgres.execute(
        url,
        "INSERT INTO flyway_schema_history (installed_rank, version, description, type, script,"
            + " checksum, installed_by, execution_time, success)"
            + " VALUES (99, '99', 'later', 'SQL', 'V99__later.sql', 1, 'x', 1, TRUE)");
    assertThatThrownBy(() -> Migrations.apply(address))
        .isInstanceOf(DatabaseRefusedException.class)
        .hasMessageContaining("newer Parley (to version 99)");
  }

  @Test
  void tablesOfAnotherBuildAreRefused() throws SQLException {
    TestPostgres.execute(url, "UPDATE flyway_schema_history SET checksum = 1 WHERE version = '1'");
    assertThatThrownBy(() -> Migrations.apply(address))
        .isInstanceOf(DatabaseRefusedException.class)
        .hasMessageContaining("made by another build");
  }

  @Test
  void aDatabaseOfSomethingElseIsLeftAlone() throws SQLException {
    DatabaseAddress other = DatabaseAddress.parse(TestPostgres.emptyDatabase());
    try (Connection connection = TestPostgres.connect(url.replace(address.name(), other.name()));
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE invoices (n INT)");
    }
    assertThatThrownBy(() -> Migrations.apply(other))
        .isInstanceOf(DatabaseRefusedException.class)
        .hasMessageContaining("holds tables of something else");
  }

  @Test
  void rowsOfAnotherServerAreRefusedUntilSomeoneSaysThatTheyWereRestored() throws SQLException {
    TestPostgres.execute(url, "UPDATE database_life SET system_identifier = 1");
    assertThatThrownBy(() -> Preflight.check(address, 1, line -> {}))
        .isInstanceOf(DatabaseRefusedException.class)
        .hasMessageContaining("./parley restored");
    begin();
    assertThat(Preflight.check(address, 1, line -> {})).isEmpty();
  }

  @Test
  void anotherLifeHasAnotherEpochAndPositionsGoOnRising() throws SQLException {
    String before = life().epoch();
    // As after a dump of a server that had seen far more transactions than this one.
    insertEvent(1);
    TestPostgres.execute(url, "UPDATE event_journal SET feed_position = 5000000000");
    TestPostgres.execute(url, "UPDATE feed_offset SET feed_position = 5000000000");
    TestPostgres.execute(url, "INSERT INTO user_feed (user_id, version) VALUES ('u_1', 9)");

    DatabaseLife after = begin();

    assertThat(after).isEqualTo(life());
    assertThat(life().epoch()).isNotEqualTo(before);
    // The feed begins anew, in all its ranges; the versions of inboxes go on rising.
    assertThat(TestPostgres.number(url, "SELECT count(*) FROM feed_offset WHERE feed_position = 0"))
        .isEqualTo(16);
    assertThat(TestPostgres.number(url, "SELECT version FROM user_feed")).isEqualTo(9);
    insertEvent(2);
    assertThat(TestPostgres.number(url, "SELECT feed_position FROM event_journal WHERE seq_nr = 2"))
        .isGreaterThan(5_000_000_000L);
    // The feed's watermark adds the same base, so it passes both rows.
    assertThat(
            TestPostgres.number(
                url,
                "SELECT count(*) FROM event_journal WHERE feed_position <"
                    + " pg_snapshot_xmax(pg_current_snapshot())::TEXT::BIGINT + "
                    + life().feedBase()))
        .isEqualTo(2);
  }

  @Test
  void restoringTwiceIsHarmless() {
    begin();
    long base = life().feedBase();
    begin();
    assertThat(life().feedBase()).isEqualTo(base);
  }

  @Test
  void aNodeThatRunsForbidsIt() throws SQLException {
    String before = life().epoch();
    try (Connection running = TestPostgres.connect(url)) {
      running.setClientInfo("ApplicationName", "parley");
      assertThatThrownBy(this::begin)
          .isInstanceOf(DatabaseRefusedException.class)
          .hasMessageContaining("A Parley is running");
    }
    assertThat(life().epoch()).isEqualTo(before);
  }

  private DatabaseLife begin() {
    return Restored.begin(address, ReadSide.REBUILD, line -> {});
  }

  private DatabaseLife life() {
    return DatabaseLife.read(address, line -> {});
  }

  private void insertEvent(long sequenceNumber) throws SQLException {
    TestPostgres.execute(
        url,
        "INSERT INTO event_journal (slice, entity_type, persistence_id, seq_nr, db_timestamp,"
            + " event_ser_id, event_ser_manifest, event_payload, writer)"
            + " VALUES (1, 'c', 'c|1', "
            + sequenceNumber
            + ", now(), 1, 'm', '\\x00', 'w')");
  }
}

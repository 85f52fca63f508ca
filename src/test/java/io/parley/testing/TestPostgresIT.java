package io.parley.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;

class TestPostgresIT {

  @Test
  void givesEachTestADatabaseOfItsOwn() throws SQLException {
    String one = TestPostgres.freshDatabase();
    String other = TestPostgres.freshDatabase();
    try (Connection first = TestPostgres.connect(one);
        Connection second = TestPostgres.connect(other);
        Statement inFirst = first.createStatement();
        Statement inSecond = second.createStatement()) {
      inFirst.execute("CREATE TABLE mine (n INT)");
      try (var rows = inSecond.executeQuery("SELECT to_regclass('mine') IS NULL")) {
        assertThat(rows.next()).isTrue();
        assertThat(rows.getBoolean(1)).isTrue();
      }
    }
  }
}

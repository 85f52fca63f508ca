package io.parley.database;

import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationState;
import org.flywaydb.core.api.output.MigrateResult;
import org.jspecify.annotations.Nullable;

/**
 * Brings the tables up to this build, by the numbered files of {@code db/migration}. Nodes that
 * start together wait for one another: Flyway holds an advisory lock meanwhile.
 */
public final class Migrations {

  /** A second each. A migration of a big table takes its time on the node that got the lock. */
  private static final int LOCK_TRIES = 600;

  private Migrations() {}

  /**
   * What was done.
   *
   * @param applied how many files ran now
   * @param version of the schema afterwards
   */
  public record Outcome(int applied, String version) {}

  /**
   * Runs what hasn't run yet.
   *
   * @throws DatabaseRefusedException when the tables are newer than this build, or aren't ours
   */
  public static Outcome apply(DatabaseAddress address) {
    try {
      Flyway flyway = flyway(address);
      requireNotNewer(flyway, address);
      MigrateResult result = flyway.migrate();
      MigrationInfo current = flyway.info().current();
      return new Outcome(
          result.migrationsExecuted, current == null ? "0" : current.getVersion().toString());
    } catch (FlywayException e) {
      throw new DatabaseRefusedException(explain(address, e), e);
    }
  }

  /**
   * Changes nothing: for what works beside nodes that run, whose tables they are.
   *
   * @throws DatabaseRefusedException when the tables aren't exactly those of this build
   */
  public static void requireCurrent(DatabaseAddress address) {
    try {
      Flyway flyway = flyway(address);
      requireNotNewer(flyway, address);
      MigrationInfo current = flyway.info().current();
      if (current == null) {
        throw DatabaseRefusedException.of(
            address, List.of("it has no tables of Parley's yet. The first start makes them."));
      }
      if (flyway.info().pending().length > 0) {
        throw DatabaseRefusedException.of(
            address,
            List.of(
                "its tables are of an older Parley (version "
                    + current.getVersion()
                    + "). Use the Parley that runs on it, or start this one first, which migrates"
                    + " them."));
      }
      flyway.validate();
    } catch (FlywayException e) {
      throw new DatabaseRefusedException(explain(address, e), e);
    }
  }

  private static Flyway flyway(DatabaseAddress address) {
    return Flyway.configure()
        .dataSource(address.jdbcUrl(), address.user(), address.password())
        .loggers("slf4j")
        .lockRetryCount(LOCK_TRIES)
        // A server that has gone without a word must not keep the start waiting for ever.
        .jdbcProperties(
            Map.of("connectTimeout", "10", "loginTimeout", "10", "tcpKeepAlive", "true"))
        // By default one that a newer build applied is let pass.
        .ignoreMigrationPatterns(new String[0])
        // A lock of the session, not a transaction: an index can be built CONCURRENTLY, and no open
        // transaction holds up the feed of the nodes that run.
        .configuration(Map.of("flyway.postgresql.transactional.lock", "false"))
        .load();
  }

  private static void requireNotNewer(Flyway flyway, DatabaseAddress address) {
    List<String> unknown =
        Arrays.stream(flyway.info().all())
            .filter(
                migration ->
                    migration.getState() == MigrationState.FUTURE_SUCCESS
                        || migration.getState() == MigrationState.FUTURE_FAILED)
            .map(migration -> migration.getVersion().toString())
            .toList();
    if (!unknown.isEmpty()) {
      throw DatabaseRefusedException.of(
          address,
          List.of(
              "its tables were migrated by a newer Parley (to version "
                  + unknown.get(unknown.size() - 1)
                  + "), which this one doesn't know. Start the newer one."));
    }
  }

  /** Of the class of connections that can't be made or broke, or of a server that goes down. */
  private static boolean isConnection(String state) {
    return state.startsWith("08") || state.startsWith("57P");
  }

  private static String explain(DatabaseAddress address, FlywayException e) {
    for (@Nullable Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException sql && isConnection(String.valueOf(sql.getSQLState()))) {
        return StartConnection.explain(address, sql);
      }
    }
    String said = String.valueOf(e.getMessage());
    if (said.contains("non-empty schema")) {
      return "The database "
          + address
          + " holds tables of something else. Give Parley a database of its own: "
          + Preflight.createDatabase(address);
    }
    if (said.contains("checksum mismatch") || said.contains("not resolved locally")) {
      return "The tables in the database "
          + address
          + " were made by another build, with other migrations of the same numbers. Start the"
          + " build that made them, or restore a backup. "
          + said.strip();
    }
    return "The tables in the database " + address + " can't be migrated: " + said.strip();
  }
}

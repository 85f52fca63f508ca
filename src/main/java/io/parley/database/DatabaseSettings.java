package io.parley.database;

import com.typesafe.config.Config;
import java.time.Duration;

/**
 * What a pool of connections is opened with.
 *
 * @param poolSize connections at most
 * @param acquireTimeout how long a statement may wait for a connection, and a connection be made
 * @param statementTimeout PostgreSQL ends a statement that runs longer
 * @param idleInTransactionTimeout PostgreSQL ends a session that leaves a transaction idle longer
 * @param applicationName what {@code pg_stat_activity} calls the connections
 */
public record DatabaseSettings(
    DatabaseAddress address,
    int poolSize,
    Duration acquireTimeout,
    Duration statementTimeout,
    Duration idleInTransactionTimeout,
    String applicationName) {

  public DatabaseSettings {
    if (poolSize < 1) {
      throw new IllegalArgumentException("pool-size must be at least 1");
    }
  }

  /** Reads the keys of {@code parley.database}; see reference.conf for each one's reason. */
  public static DatabaseSettings from(Config config) {
    return new DatabaseSettings(
        DatabaseAddress.parse(config.getString("url")),
        config.getInt("pool-size"),
        config.getDuration("acquire-timeout"),
        config.getDuration("statement-timeout"),
        config.getDuration("idle-in-transaction-timeout"),
        config.getString("application-name"));
  }

  /** The same database for one purpose alone, so that others' load can't keep it waiting. */
  public DatabaseSettings reservedFor(String purpose, int connections) {
    return new DatabaseSettings(
        address,
        connections,
        acquireTimeout,
        statementTimeout,
        idleInTransactionTimeout,
        applicationName + " " + purpose);
  }

  /** The same with another bound of a statement. */
  public DatabaseSettings withStatementTimeout(Duration timeout) {
    return new DatabaseSettings(
        address, poolSize, acquireTimeout, timeout, idleInTransactionTimeout, applicationName);
  }
}

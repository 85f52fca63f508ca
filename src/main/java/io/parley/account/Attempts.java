package io.parley.account;

import io.parley.audit.Incident;
import io.parley.audit.Incidents;
import io.parley.database.Database;
import io.parley.model.ErrorCode;
import io.r2dbc.spi.Readable;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Counts attempts in the database, so that all nodes count together.
 *
 * <p>An attempt is counted before it is made and taken back when it succeeds: a thousand at the
 * same moment would otherwise all find that none had failed yet.
 */
final class Attempts {
  private static final long LEAST_DELAY_MILLIS = 1_000;
  private static final int IPV6_GROUPS = 8;

  /**
   * One statement, so that of two attempts at once the second sees the first. What is free is free
   * whatever the clocks say: of two at once the later one may be stored first. A time further ahead
   * than any delay comes from a clock that was wrong and is put right here. The outer SELECT sees
   * the row as it was before.
   */
  private static final String ADMIT =
      """
      WITH admitted AS (
        INSERT INTO attempts AS a (kind, subject_sha256, attempts, last_at, retry_at)
        VALUES ($1, $2, 1, $3, $3)
        ON CONFLICT (kind, subject_sha256) DO UPDATE SET
          attempts = CASE WHEN a.last_at < $4 THEN 1 ELSE a.attempts + 1 END,
          last_at = $3,
          retry_at = CASE WHEN a.last_at < $4 OR a.attempts < $5 THEN $3
            ELSE $3 + least($6::float8, power(2, least(a.attempts - $5, 20)))
              * INTERVAL '1 second' END
        WHERE a.attempts < $5 OR a.retry_at <= $3
          OR a.retry_at > $3 + $6::float8 * INTERVAL '1 second'
        RETURNING 1)
      SELECT EXISTS (SELECT 1 FROM admitted) AS admitted,
        (SELECT retry_at FROM attempts WHERE kind = $1 AND subject_sha256 = $2) AS retry_at
      """;

  private static final String TAKE_BACK =
      """
      UPDATE attempts SET attempts = greatest(attempts - 1, 0), retry_at = last_at
      WHERE kind = $1 AND subject_sha256 = $2
      """;

  private static final String FORGET =
      "DELETE FROM attempts WHERE kind = $1 AND subject_sha256 = $2";

  private static final String SWEEP =
      """
      DELETE FROM attempts WHERE (kind, subject_sha256) IN
        (SELECT kind, subject_sha256 FROM attempts WHERE last_at < $1 LIMIT $2)
      """;

  private final Database database;
  private final Clock clock;
  private final boolean enabled;
  private final Incidents incidents;

  Attempts(Database database, Clock clock, boolean enabled, Incidents incidents) {
    this.database = database;
    this.clock = clock;
    this.enabled = enabled;
    this.incidents = incidents;
  }

  /** Counts one more; fails with {@code rate_limited} when it comes too early. */
  CompletionStage<Boolean> admit(AttemptPolicy policy, String subject) {
    if (!enabled) {
      return CompletableFuture.completedFuture(true);
    }
    Instant now = clock.instant();
    return database
        .query(
            ADMIT,
            statement ->
                statement
                    .bind("$1", policy.kind())
                    .bind("$2", Token.sha256(subject))
                    .bind("$3", now)
                    .bind("$4", now.minus(policy.forgetAfter()))
                    .bind("$5", policy.free())
                    .bind("$6", (double) policy.maxDelay().toSeconds()),
            Attempts::delayed)
        .thenApply(
            rows -> {
              Optional<Instant> retryAt = rows.get(0);
              if (retryAt.isEmpty()) {
                return true;
              }
              throw tooEarly(policy, Duration.between(now, retryAt.get()));
            });
  }

  /**
   * Under what an address is counted: itself, or of IPv6 the network of 64 bits, all of whose
   * addresses one subscriber has.
   *
   * @param address as {@code InetAddress} writes it: eight groups, none left out
   */
  static String network(String address) {
    String[] groups = address.split(":", -1);
    return groups.length == IPV6_GROUPS
        ? String.join(":", Arrays.asList(groups).subList(0, IPV6_GROUPS / 2))
        : address;
  }

  /** The attempt succeeded, or was never made: it doesn't count. */
  CompletionStage<Long> takeBack(AttemptPolicy policy, String subject) {
    return change(TAKE_BACK, policy, subject);
  }

  /** Whoever knows the password starts anew. */
  CompletionStage<Long> forget(AttemptPolicy policy, String subject) {
    return change(FORGET, policy, subject);
  }

  /** Removes counters that no policy remembers any more, at most so many. */
  CompletionStage<Long> sweep(int limit) {
    Instant before = clock.instant().minus(AttemptPolicy.PASSWORD.forgetAfter());
    return database.update(SWEEP, statement -> statement.bind("$1", before).bind("$2", limit));
  }

  private CompletionStage<Long> change(String sql, AttemptPolicy policy, String subject) {
    if (!enabled) {
      return CompletableFuture.completedFuture(0L);
    }
    byte[] hash = Token.sha256(subject);
    return database.update(sql, statement -> statement.bind("$1", policy.kind()).bind("$2", hash));
  }

  private Refused tooEarly(AttemptPolicy policy, Duration wait) {
    incidents.byCounter(Incident.ATTEMPTS, policy.kind());
    return Refused.later(
        ErrorCode.RATE_LIMITED, "Too many attempts", Math.max(LEAST_DELAY_MILLIS, wait.toMillis()));
  }

  /** When the next attempt may be made; empty when this one may. */
  private static Optional<Instant> delayed(Readable row) {
    return Boolean.TRUE.equals(row.get("admitted", Boolean.class))
        ? Optional.empty()
        : Optional.of(Optional.ofNullable(row.get("retry_at", Instant.class)).orElse(Instant.MIN));
  }
}

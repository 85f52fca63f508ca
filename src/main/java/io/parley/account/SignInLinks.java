package io.parley.account;

import io.parley.database.Database;
import io.parley.model.ErrorCode;
import io.parley.model.Person;
import io.parley.model.UserId;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Links that let somebody in once, without a password, within a day. */
public final class SignInLinks {
  private static final Duration LIFE = Duration.ofHours(24);

  private static final String MINT =
      "INSERT INTO sign_in_links (token_sha256, user_id, expires_at) VALUES ($1, $2, $3)";

  /**
   * One statement takes the link and makes the sign-in: of two uses at once, the second waits for
   * the first and finds nothing; when either can't be done, neither is.
   */
  private static final String USE =
      """
      WITH used AS (
        DELETE FROM sign_in_links WHERE token_sha256 = $8 AND expires_at > $5 RETURNING user_id),
      made AS (
        INSERT INTO sign_ins
          (id, user_id, token_sha256, device, address, created_at, last_used_at,
            idle_expires_at, expires_at)
        SELECT $1, user_id, $2, $3, $4, $5, $5, $6, $7 FROM used)
      SELECT u.id, u.username, u.display_name FROM used JOIN users u ON u.id = used.user_id
      """;

  private static final String SWEEP =
      """
      DELETE FROM sign_in_links WHERE token_sha256 IN
        (SELECT token_sha256 FROM sign_in_links WHERE expires_at <= $1 LIMIT $2)
      """;

  /** For a database that was restored: a link that was used after the backup is there again. */
  public static final String AFTER_RESTORE = "DELETE FROM sign_in_links";

  private final Database database;
  private final Attempts attempts;
  private final Clock clock;

  SignInLinks(Database database, Attempts attempts, Clock clock) {
    this.database = database;
    this.attempts = attempts;
    this.clock = clock;
  }

  /** The token of a new link. It is told here and never again. */
  CompletionStage<Token> mint(UserId user) {
    Token link = Token.random();
    Instant expiresAt = clock.instant().plus(LIFE);
    return database
        .update(
            MINT,
            statement ->
                statement.bind("$1", link.sha256()).bind("$2", user.value()).bind("$3", expiresAt))
        .thenApply(
            stored -> {
              AuditLog.madeLink(user);
              return link;
            });
  }

  /**
   * Stores the sign-in for whomever the link was made, and answers who that is. Fails with {@code
   * unauthenticated} or {@code rate_limited}.
   */
  CompletionStage<Person> use(Token link, FreshSignIn fresh, String address) {
    String network = Attempts.network(address);
    return attempts
        .admit(AttemptPolicy.LINK, network)
        .thenCompose(admitted -> exchange(link, fresh))
        .thenCompose(
            person -> {
              if (person.isEmpty()) {
                AuditLog.refusedLink(address);
                return CompletableFuture.failedFuture(refused());
              }
              return attempts
                  .takeBack(AttemptPolicy.LINK, network)
                  .thenApply(changed -> person.get());
            });
  }

  CompletionStage<Long> sweep(Instant now, int limit) {
    return database.update(SWEEP, statement -> statement.bind("$1", now).bind("$2", limit));
  }

  private CompletionStage<Optional<Person>> exchange(Token link, FreshSignIn fresh) {
    return database
        .query(
            USE,
            statement -> {
              fresh.bind(statement);
              statement.bind("$8", link.sha256());
            },
            People::person)
        .thenApply(people -> people.stream().findFirst());
  }

  private static Refused refused() {
    return Refused.because(
        ErrorCode.UNAUTHENTICATED, "The link is unknown, was used, or has expired");
  }
}

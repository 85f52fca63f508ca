package io.parley.account;

import io.parley.database.Database;
import io.parley.database.Statements;
import io.parley.model.ErrorCode;
import io.parley.model.Person;
import io.parley.model.UserId;
import io.r2dbc.spi.Readable;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * Tokens: made, recognised, listed, revoked. Nothing is cached, so a revoked token opens no door
 * from the commit on, on any node.
 */
public final class SignIns {
  /** Its time of use is written down at most so often. */
  private static final Duration USE_GRAIN = Duration.ofMinutes(1);

  private static final String COLUMNS =
      "s.id AS sign_in, s.device, s.address, s.created_at, s.last_used_at,"
          + " least(s.idle_expires_at, s.expires_at) AS ends_at";

  /**
   * Only while the password is the one that was checked: it waits for a change under way, and then
   * makes nothing.
   */
  private static final String INSERT =
      """
      INSERT INTO sign_ins
        (id, user_id, token_sha256, device, address, created_at, last_used_at,
          idle_expires_at, expires_at)
      SELECT $1, u.id, $2, $3, $4, $5, $5, $6, $7
      FROM users u WHERE u.id = $8 AND u.password_hash = $9 FOR SHARE
      """;

  private static final String END_LEAST_USED =
      """
      DELETE FROM sign_ins WHERE id IN
        (SELECT id FROM sign_ins WHERE user_id = $1
          ORDER BY last_used_at DESC, created_at DESC, id OFFSET $2)
      RETURNING id AS sign_in
      """;

  private static final String BY_TOKEN =
      "SELECT u.id, u.username, u.display_name, "
          + COLUMNS
          + " FROM sign_ins s JOIN users u ON u.id = s.user_id"
          + " WHERE s.token_sha256 = $1 AND s.idle_expires_at > $2 AND s.expires_at > $2";

  private static final String USED =
      """
      UPDATE sign_ins SET last_used_at = $2, idle_expires_at = $3
      WHERE id = $1 AND last_used_at < $2
      """;

  private static final String LIST =
      "SELECT "
          + COLUMNS
          + " FROM sign_ins s"
          + " WHERE s.user_id = $1 AND s.idle_expires_at > $2 AND s.expires_at > $2"
          + " ORDER BY s.last_used_at DESC, s.id";

  /** Asked often, of many that are alive: so it tells the few that aren't. */
  private static final String ENDED =
      """
      SELECT i.id AS sign_in FROM unnest($1) AS i(id)
      WHERE NOT EXISTS (SELECT FROM sign_ins s
        WHERE s.id = i.id AND s.idle_expires_at > $2 AND s.expires_at > $2)
      """;

  private static final String REVOKE =
      "DELETE FROM sign_ins WHERE id = $1 AND user_id = $2 RETURNING id AS sign_in";

  private static final String REVOKE_OTHERS =
      "DELETE FROM sign_ins WHERE id <> $1 AND user_id = $2 RETURNING id AS sign_in";

  private static final String SWEEP =
      """
      DELETE FROM sign_ins WHERE id IN
        (SELECT id FROM sign_ins WHERE least(idle_expires_at, expires_at) <= $1 LIMIT $2)
      """;

  private final Database database;
  private final Credentials credentials;
  private final SignInLinks links;
  private final AccountSettings settings;
  private final Clock clock;
  private final Revocations revocations;

  SignIns(
      Database database,
      Credentials credentials,
      SignInLinks links,
      AccountSettings settings,
      Clock clock,
      Revocations revocations) {
    this.database = database;
    this.credentials = credentials;
    this.links = links;
    this.settings = settings;
    this.clock = clock;
    this.revocations = revocations;
  }

  /** A new token. It is told here and never again. */
  public record Granted(Token token, SignedIn signedIn) {}

  /**
   * Fails with {@link Refused}: {@code unauthenticated} alike for an unknown name and a wrong
   * password, {@code rate_limited} after failures, {@code overloaded}, {@code invalid}.
   *
   * @param device what the client calls itself
   * @param address where the request came from
   */
  public CompletionStage<Granted> signIn(
      String username, String password, Optional<String> device, String address) {
    return named(
        device,
        checked ->
            credentials
                .check(username, password, address)
                .thenCompose(known -> grant(known, checked, address)));
  }

  /**
   * Takes a link, which lets in once. Fails with {@link Refused}: {@code unauthenticated} for one
   * that is unknown, used or expired, {@code rate_limited} after failures, {@code invalid}.
   *
   * @param device what the client calls itself
   * @param address where the request came from
   */
  public CompletionStage<Granted> signInByLink(
      Token link, Optional<String> device, String address) {
    return named(
        device,
        checked -> {
          FreshSignIn fresh = FreshSignIn.at(clock.instant(), settings, checked, address);
          return links
              .use(link, fresh, address)
              .thenCompose(
                  person -> {
                    AuditLog.signedInByLink(person.id(), fresh.signIn().id(), address);
                    return granted(person, fresh);
                  });
        });
  }

  /** The token of a link that lets this person in, once, within a day. */
  public CompletionStage<Token> mintLink(UserId user) {
    return links.mint(user);
  }

  /** Whose token this is; empty when it was never minted, was revoked, or has expired. */
  public CompletionStage<Optional<SignedIn>> authenticate(Token token) {
    Instant now = clock.instant();
    return database
        .query(
            BY_TOKEN,
            statement -> statement.bind("$1", token.sha256()).bind("$2", now),
            row -> new SignedIn(People.person(row), signIn(row)))
        .thenCompose(
            found ->
                found.isEmpty()
                    ? CompletableFuture.completedFuture(Optional.empty())
                    : used(found.get(0), now).thenApply(Optional::of));
  }

  /** The sign-ins of a person that are alive, the last used first. */
  public CompletionStage<List<SignIn>> list(UserId user) {
    Instant now = clock.instant();
    return database.query(
        LIST, statement -> statement.bind("$1", user.value()).bind("$2", now), SignIns::signIn);
  }

  /**
   * Those of them that were revoked or have expired; for sockets, which outlast the request that
   * opened them.
   */
  public CompletionStage<Set<SignInId>> ended(Collection<SignInId> signIns) {
    String[] ids = signIns.stream().map(SignInId::value).toArray(String[]::new);
    Instant now = clock.instant();
    return database
        .query(ENDED, statement -> statement.bind("$1", ids).bind("$2", now), SignIns::id)
        .thenApply(Set::copyOf);
  }

  /**
   * Whether it was this person's and alive until now. It is announced even if not: whoever tries
   * again may have been cut off after the commit, before the sockets heard of it. Only this
   * person's sockets hear.
   */
  public CompletionStage<Boolean> revoke(UserId user, SignInId signIn) {
    return revoke(database, REVOKE, user, signIn)
        .thenApply(
            revoked -> {
              if (announced(user, revoked).isEmpty()) {
                revocations.revoked(user, signIn);
              }
              return !revoked.isEmpty();
            });
  }

  /** All of a person's but one; answers which. */
  public CompletionStage<List<SignInId>> revokeOthers(UserId user, SignInId kept) {
    return revokeOthers(database, user, kept).thenApply(revoked -> announced(user, revoked));
  }

  /** Removes expired sign-ins and links, at most so many; nothing depends on when it runs. */
  public CompletionStage<Long> sweep(int limit) {
    Instant now = clock.instant();
    return database
        .update(SWEEP, statement -> statement.bind("$1", now).bind("$2", limit))
        .thenCombine(links.sweep(now, limit), Long::sum);
  }

  /** Inside a transaction; the caller announces them after the commit. */
  static CompletionStage<List<SignInId>> revokeOthers(
      Statements statements, UserId user, SignInId kept) {
    return revoke(statements, REVOKE_OTHERS, user, kept);
  }

  List<SignInId> announced(UserId user, List<SignInId> revoked) {
    for (SignInId signIn : revoked) {
      AuditLog.revoked(user, signIn);
      revocations.revoked(user, signIn);
    }
    return revoked;
  }

  private static CompletionStage<Granted> named(
      Optional<String> device, Function<Optional<String>, CompletionStage<Granted>> signIn) {
    Optional<String> checked;
    try {
      checked = device.map(line -> Names.checkedLine(line, "device"));
    } catch (Refused refused) {
      return CompletableFuture.failedFuture(refused);
    }
    return signIn.apply(checked);
  }

  private static CompletionStage<List<SignInId>> revoke(
      Statements statements, String sql, UserId user, SignInId signIn) {
    return statements.query(
        sql,
        statement -> statement.bind("$1", signIn.value()).bind("$2", user.value()),
        SignIns::id);
  }

  private CompletionStage<Granted> grant(
      Credentials.Known known, Optional<String> device, String address) {
    FreshSignIn fresh = FreshSignIn.at(clock.instant(), settings, device, address);
    Person person = known.person();
    return database
        .update(
            INSERT,
            statement -> {
              fresh.bind(statement);
              statement.bind("$8", person.id().value()).bind("$9", known.passwordHash());
            })
        .thenCompose(
            rows -> {
              if (rows == 0) {
                throw Refused.because(
                    ErrorCode.UNAUTHENTICATED, "The password was changed just now");
              }
              AuditLog.signedIn(person.id(), fresh.signIn().id(), address);
              return granted(person, fresh);
            });
  }

  /** It is stored; one too many ends the least used. */
  private CompletionStage<Granted> granted(Person person, FreshSignIn fresh) {
    return endLeastUsed(person.id())
        .thenApply(ended -> new Granted(fresh.token(), new SignedIn(person, fresh.signIn())));
  }

  private CompletionStage<List<SignInId>> endLeastUsed(UserId user) {
    return database
        .query(
            END_LEAST_USED,
            statement -> statement.bind("$1", user.value()).bind("$2", settings.signInsPerUser()),
            SignIns::id)
        .thenApply(ended -> announced(user, ended));
  }

  private CompletionStage<SignedIn> used(SignedIn found, Instant now) {
    if (found.signIn().lastUsedAt().plus(USE_GRAIN).isAfter(now)) {
      return CompletableFuture.completedFuture(found);
    }
    return database
        .update(
            USED,
            statement ->
                statement
                    .bind("$1", found.signIn().id().value())
                    .bind("$2", now)
                    .bind("$3", now.plus(settings.idleExpiry())))
        .thenApply(rows -> found);
  }

  private static SignInId id(Readable row) {
    return new SignInId(Column.text(row, "sign_in"));
  }

  private static SignIn signIn(Readable row) {
    return new SignIn(
        id(row),
        Optional.ofNullable(row.get("device", String.class)),
        Optional.ofNullable(row.get("address", String.class)),
        Column.time(row, "created_at"),
        Column.time(row, "last_used_at"),
        Column.time(row, "ends_at"));
  }
}

package io.parley.account;

import io.parley.database.Database;
import io.parley.database.DatabaseException.ConstraintViolation;
import io.parley.model.ErrorCode;
import io.parley.model.Person;
import io.parley.model.UserId;
import io.r2dbc.spi.Statement;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** Signing up, and what people change about themselves. Fails with {@link Refused}. */
public final class Accounts {
  static final String INSERT =
      """
      INSERT INTO users
        (id, username, username_key, display_name, display_key, password_hash, created_at)
      VALUES ($1, $2, $3, $4, $5, $6, $7)
      """;

  private static final String NAME_IS_TAKEN = "SELECT id FROM users WHERE username_key = $1";

  private static final String RENAME =
      """
      UPDATE users SET display_name = $2, display_key = $3 WHERE id = $1
      RETURNING id, username, display_name
      """;

  /** Only if nobody changed it since it was compared. */
  private static final String CHANGE_PASSWORD =
      "UPDATE users SET password_hash = $2 WHERE id = $1 AND password_hash = $3";

  private static final String SEEN =
      "UPDATE users SET last_seen = $2 WHERE id = $1 AND (last_seen IS NULL OR last_seen < $2)";

  private static final String LAST_SEEN =
      "SELECT last_seen FROM users WHERE id = $1 AND last_seen IS NOT NULL";

  private static final String UNIQUE_VIOLATION = "23505";

  private final Database database;
  private final Passwords passwords;
  private final People people;
  private final Attempts attempts;
  private final SignIns signIns;
  private final Gate gate;

  Accounts(
      Database database,
      Passwords passwords,
      People people,
      Attempts attempts,
      SignIns signIns,
      Gate gate) {
    this.database = database;
    this.passwords = passwords;
    this.people = people;
    this.attempts = attempts;
    this.signIns = signIns;
    this.gate = gate;
  }

  /** What signing up and changing a password go through. */
  record Gate(Credentials credentials, AccountSettings settings, Clock clock) {}

  /**
   * Fails with {@code taken}, {@code invalid} and the field at fault, {@code forbidden} when nobody
   * may sign up, {@code rate_limited} or {@code overloaded}.
   *
   * @param displayName the username where it is empty
   * @param address where the request came from
   */
  public CompletionStage<Person> signUp(
      String username, String password, Optional<String> displayName, String address) {
    return checked(
        () -> {
          if (!gate.settings().signUp()) {
            throw Refused.because(ErrorCode.FORBIDDEN, "Nobody can sign up here");
          }
          Names.checkUsername(username);
          String shown = Names.checkedLine(displayName.orElse(username), "displayName");
          PasswordRules.check(password, username, "password");
          Person person = new Person(UserId.random(), username, shown);
          return attempts
              .admit(AttemptPolicy.SIGN_UP, Attempts.network(address))
              .thenCompose(admitted -> refuseTaken(Names.key(username)))
              .thenCompose(free -> passwords.hash(password))
              .thenCompose(hash -> insert(person, hash))
              .thenApply(
                  stored -> {
                    AuditLog.signedUp(person.id(), address);
                    return person;
                  });
        });
  }

  /** The person under the new displayed name. */
  public CompletionStage<Person> rename(UserId user, String displayName) {
    return checked(
        () -> {
          String shown = Names.checkedLine(displayName, "displayName");
          return database
              .query(
                  RENAME,
                  statement ->
                      statement
                          .bind("$1", user.value())
                          .bind("$2", shown)
                          .bind("$3", Names.key(shown)),
                  People::person)
              .thenApply(
                  renamed -> {
                    people.forget(user);
                    return renamed.stream().findFirst().orElseThrow(Accounts::unknown);
                  });
        });
  }

  /**
   * Ends all other sign-ins of the person, and answers which they were. Fails with {@code
   * forbidden} when {@code current} is not the password, otherwise like a sign-in.
   */
  public CompletionStage<List<SignInId>> changePassword(
      SignedIn by, String current, String password, String address) {
    UserId user = by.user().id();
    return checked(
        () -> {
          PasswordRules.check(password, by.user().username(), "password");
          return gate.credentials()
              .check(by.user().username(), current, address)
              .handle((known, failure) -> known != null ? known : rethrow(failure))
              .thenCompose(
                  known ->
                      passwords
                          .hash(password)
                          .thenCompose(hash -> exchange(by, known.passwordHash(), hash)))
              .thenApply(
                  revoked -> {
                    AuditLog.changedPassword(user);
                    return signIns.announced(user, revoked);
                  });
        });
  }

  /** The person's last session ended, or was still there, at this moment. */
  public CompletionStage<Long> seen(UserId user, Instant at) {
    return database.update(SEEN, statement -> statement.bind("$1", user.value()).bind("$2", at));
  }

  /** To the minute; empty for someone who was never here. */
  public CompletionStage<Optional<Instant>> lastSeen(UserId user) {
    return database
        .query(
            LAST_SEEN,
            statement -> statement.bind("$1", user.value()),
            row -> Column.time(row, "last_seen").truncatedTo(ChronoUnit.MINUTES))
        .thenApply(rows -> rows.stream().findFirst());
  }

  /** Before the hashing, which is dear; the insert itself decides. */
  private CompletionStage<Boolean> refuseTaken(String key) {
    return database
        .query(NAME_IS_TAKEN, statement -> statement.bind("$1", key), row -> Column.text(row, "id"))
        .thenApply(
            rows -> {
              if (!rows.isEmpty()) {
                throw taken();
              }
              return true;
            });
  }

  private CompletionStage<Long> insert(Person person, String hash) {
    return database
        .update(INSERT, statement -> bind(statement, person, hash, gate.clock().instant()))
        .exceptionally(
            failure -> {
              boolean twice =
                  cause(failure) instanceof ConstraintViolation violation
                      && violation.sqlState().equals(UNIQUE_VIOLATION);
              throw twice ? taken() : new CompletionException(cause(failure));
            });
  }

  /** Binds what {@link #INSERT} stores. */
  static void bind(Statement statement, Person person, String hash, Instant now) {
    statement
        .bind("$1", person.id().value())
        .bind("$2", person.username())
        .bind("$3", Names.key(person.username()))
        .bind("$4", person.displayName())
        .bind("$5", Names.key(person.displayName()))
        .bind("$6", hash)
        .bind("$7", now);
  }

  private CompletionStage<List<SignInId>> exchange(SignedIn by, String before, String after) {
    UserId user = by.user().id();
    return database.inTransaction(
        statements ->
            statements
                .update(
                    CHANGE_PASSWORD,
                    statement ->
                        statement.bind("$1", user.value()).bind("$2", after).bind("$3", before))
                .thenCompose(
                    rows -> {
                      if (rows == 0) {
                        throw wrongPassword();
                      }
                      return SignIns.revokeOthers(statements, user, by.signIn().id());
                    }));
  }

  /**
   * The request itself is authenticated: that its password is wrong must not read as signed out.
   */
  private static Credentials.Known rethrow(Throwable failure) {
    boolean wrong =
        cause(failure) instanceof Refused refused && refused.code() == ErrorCode.UNAUTHENTICATED;
    throw wrong ? wrongPassword() : new CompletionException(cause(failure));
  }

  private static <T> CompletionStage<T> checked(Supplier<CompletionStage<T>> work) {
    try {
      return work.get();
    } catch (Refused refused) {
      return CompletableFuture.failedFuture(refused);
    }
  }

  private static Throwable cause(Throwable failure) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    return cause == null ? failure : cause;
  }

  private static Refused taken() {
    return Refused.field(ErrorCode.TAKEN, "username", "is somebody's already");
  }

  private static Refused wrongPassword() {
    return Refused.field(ErrorCode.FORBIDDEN, "current", "is not your password");
  }

  private static Refused unknown() {
    return Refused.because(ErrorCode.UNAUTHENTICATED, "The account is gone");
  }
}

package io.parley.account;

import static java.util.concurrent.CompletableFuture.completedFuture;
import static java.util.concurrent.CompletableFuture.failedFuture;

import io.parley.database.Database;
import io.parley.model.ErrorCode;
import io.parley.model.Person;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/**
 * Tells whether a name and a password belong together. A name that nobody has takes the same way as
 * a wrong password: same statements, same hashing, same counting, same answer.
 */
final class Credentials {
  private static final String BY_USERNAME =
      "SELECT id, username, display_name, password_hash FROM users WHERE username_key = $1";

  private final Database database;
  private final Passwords passwords;
  private final Attempts attempts;

  Credentials(Database database, Passwords passwords, Attempts attempts) {
    this.database = database;
    this.passwords = passwords;
    this.attempts = attempts;
  }

  /** Somebody who knows the password; the hash is the one that it was compared with. */
  record Known(Person person, String passwordHash) {}

  /** Fails with {@code unauthenticated}, {@code rate_limited} or {@code overloaded}. */
  CompletionStage<Known> check(String username, String password, String address) {
    String key = Names.keyToFind(username);
    return attempts
        .admit(AttemptPolicy.PASSWORD_BY_ADDRESS, Attempts.network(address))
        .thenCompose(admitted -> attempts.admit(AttemptPolicy.PASSWORD, key))
        .thenCompose(admitted -> find(key))
        .thenCompose(
            found ->
                passwords
                    .matches(password, found.map(Known::passwordHash))
                    .thenApply(
                        matches -> found.filter(known -> matches).or(() -> noted(found, address))))
        .handle(
            (known, failure) ->
                failure != null
                    ? giveBackIfNeverMade(failure, key, address)
                    : known.isPresent() ? welcome(known.get(), key, address) : refused())
        .thenCompose(stage -> stage);
  }

  private CompletionStage<Optional<Known>> find(String key) {
    return database
        .query(
            BY_USERNAME,
            statement -> statement.bind("$1", key),
            row -> new Known(People.person(row), Column.text(row, "password_hash")))
        .thenApply(rows -> rows.stream().findFirst());
  }

  private static Optional<Known> noted(Optional<Known> whose, String address) {
    AuditLog.failed(whose.map(known -> known.person().id()), address);
    return Optional.empty();
  }

  private static CompletionStage<Known> refused() {
    return failedFuture(
        Refused.because(ErrorCode.UNAUTHENTICATED, "The name and the password don't go together"));
  }

  private CompletionStage<Known> welcome(Known known, String key, String address) {
    return attempts
        .forget(AttemptPolicy.PASSWORD, key)
        .thenCompose(
            gone -> attempts.takeBack(AttemptPolicy.PASSWORD_BY_ADDRESS, Attempts.network(address)))
        .thenApply(changed -> known);
  }

  /** A full queue, or a database that is away, is not the fault of the one who knocks. */
  private CompletionStage<Known> giveBackIfNeverMade(
      Throwable failure, String key, String address) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    boolean overloaded = cause instanceof Refused refused && refused.code() == ErrorCode.OVERLOADED;
    CompletionStage<Long> givenBack =
        overloaded
            ? attempts
                .takeBack(AttemptPolicy.PASSWORD, key)
                .thenCompose(
                    changed ->
                        attempts.takeBack(
                            AttemptPolicy.PASSWORD_BY_ADDRESS, Attempts.network(address)))
            : completedFuture(0L);
    return givenBack.thenCompose(done -> failedFuture(failure));
  }
}

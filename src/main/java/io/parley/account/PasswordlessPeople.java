package io.parley.account;

import static java.util.stream.Collectors.toSet;

import io.parley.database.Database;
import io.parley.database.Statements;
import io.parley.model.ErrorCode;
import io.parley.model.Person;
import io.parley.model.UserId;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** People whom no password lets in, but links do. */
public final class PasswordlessPeople {
  private static final String MAKE = Accounts.INSERT + " ON CONFLICT (username_key) DO NOTHING";

  private static final String BY_KEYS =
      "SELECT id, username, display_name, password_hash FROM users WHERE username_key = ANY ($1)";

  private final Database database;
  private final Clock clock;

  public PasswordlessPeople(Database database, Clock clock) {
    this.database = database;
    this.clock = clock;
  }

  /** Somebody who is to be there. */
  public record Wanted(String username, String displayName) {}

  /**
   * Makes those who aren't there yet, and answers all of them in the order wanted, under the
   * displayed names that they have by now. Fails with {@code taken}, and makes nobody, when one of
   * the names is that of somebody who has a password.
   */
  public CompletionStage<List<Person>> settle(List<Wanted> wanted) {
    return database.inTransaction(
        statements -> make(statements, wanted).thenCompose(made -> find(statements, wanted)));
  }

  private CompletionStage<Long> make(Statements statements, List<Wanted> wanted) {
    Instant now = clock.instant();
    CompletionStage<Long> made = CompletableFuture.completedFuture(0L);
    for (Wanted one : wanted) {
      Person person = new Person(UserId.random(), one.username(), one.displayName());
      made =
          made.thenCompose(
              before ->
                  statements.update(
                      MAKE,
                      statement -> Accounts.bind(statement, person, Passwords.NO_PASSWORD, now)));
    }
    return made;
  }

  private static CompletionStage<List<Person>> find(Statements statements, List<Wanted> wanted) {
    List<String> keys = wanted.stream().map(one -> Names.key(one.username())).toList();
    return statements
        .query(
            BY_KEYS,
            statement -> statement.bind("$1", keys.toArray(String[]::new)),
            row -> new Credentials.Known(People.person(row), Column.text(row, "password_hash")))
        .thenApply(found -> inOrder(keys, found));
  }

  private static List<Person> inOrder(List<String> keys, List<Credentials.Known> found) {
    Set<String> taken =
        found.stream()
            .filter(known -> !known.passwordHash().equals(Passwords.NO_PASSWORD))
            .map(known -> known.person().username())
            .collect(toSet());
    if (!taken.isEmpty()) {
      throw Refused.because(ErrorCode.TAKEN, String.join(", ", taken));
    }
    return found.stream()
        .map(Credentials.Known::person)
        .sorted((a, b) -> Integer.compare(place(keys, a), place(keys, b)))
        .toList();
  }

  private static int place(List<String> keys, Person person) {
    return keys.indexOf(Names.key(person.username()));
  }
}

package io.parley.account;

import io.parley.audit.Incidents;
import io.parley.database.Database;
import java.time.Clock;
import java.util.concurrent.CompletionStage;

/** Everything that this package offers, wired. */
public record Registry(
    People people,
    Accounts accounts,
    SignIns signIns,
    Outboxes outboxes,
    Conversations conversations,
    Sweep sweep) {

  /** Removes what has expired, at most so many rows of each kind; answers how many it removed. */
  @FunctionalInterface
  public interface Sweep {
    CompletionStage<Long> run(int limit);
  }

  public static Registry open(
      Database database,
      Passwords passwords,
      AccountSettings settings,
      Clock clock,
      Revocations revocations,
      Incidents incidents) {
    People people = new People(database, clock);
    Attempts attempts = new Attempts(database, clock, settings.rateLimits(), incidents);
    Credentials credentials = new Credentials(database, passwords, attempts);
    SignIns signIns =
        new SignIns(
            database,
            credentials,
            new SignInLinks(database, attempts, clock),
            settings,
            clock,
            revocations);
    Accounts accounts =
        new Accounts(
            database,
            passwords,
            people,
            attempts,
            signIns,
            new Accounts.Gate(credentials, settings, clock));
    return new Registry(
        people,
        accounts,
        signIns,
        new Outboxes(database),
        new Conversations(database, people, clock),
        limit -> signIns.sweep(limit).thenCombine(attempts.sweep(limit), Long::sum));
  }
}

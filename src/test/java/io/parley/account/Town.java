package io.parley.account;

import io.parley.audit.Incidents;
import io.parley.database.Database;
import io.parley.database.DatabaseAddress;
import io.parley.database.DatabaseSettings;
import io.parley.model.Person;
import io.parley.model.UserId;
import io.parley.testing.TestClock;
import io.parley.testing.TestPostgres;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.Assertions;

/** A database of its own with the accounts on it, a clock to move, and people in it. */
final class Town implements AutoCloseable {
  static final String PASSWORD = "correct horse battery";
  static final String ADDRESS = "192.0.2.1";
  private static final Argon2 CHEAP = new Argon2(64, 1, 1);
  private static final long BOUND_SECONDS = 20;

  /** Whose sockets were told that this sign-in has ended. */
  record Revoked(UserId user, SignInId signIn) {
    static Revoked of(SignIns.Granted granted) {
      return new Revoked(granted.signedIn().user().id(), granted.signedIn().signIn().id());
    }
  }

  final TestClock clock = new TestClock(Instant.parse("2026-03-01T12:00:00Z"));
  final ConcurrentLinkedQueue<Revoked> revoked = new ConcurrentLinkedQueue<>();
  final Database database;
  final Passwords passwords;
  final Registry registry;

  private Town(AccountSettings settings, Passwords passwords) {
    this.database =
        Database.open(
            new DatabaseSettings(
                DatabaseAddress.parse(TestPostgres.freshDatabase()),
                8,
                Duration.ofSeconds(10),
                Duration.ofSeconds(10),
                Duration.ofSeconds(10),
                "accounts-test"));
    this.passwords = passwords;
    this.registry = node(settings);
  }

  static Town open() {
    return open(AccountSettings.DEFAULT);
  }

  static Town open(AccountSettings settings) {
    return new Town(settings, Passwords.open(CHEAP, 2, 1_000));
  }

  static Town open(Passwords passwords) {
    return new Town(AccountSettings.DEFAULT, passwords);
  }

  /** Another node on the same database. */
  Registry node(AccountSettings settings) {
    return Registry.open(
        database,
        passwords,
        settings,
        clock,
        (user, signIn) -> revoked.add(new Revoked(user, signIn)),
        new Incidents(System::nanoTime));
  }

  Person signUp(String username) {
    return join(registry.accounts().signUp(username, PASSWORD, Optional.empty(), ADDRESS));
  }

  SignIns.Granted signIn(String username) {
    return join(registry.signIns().signIn(username, PASSWORD, Optional.empty(), ADDRESS));
  }

  /** Whom the token lets in now. */
  Optional<UserId> whose(Token token) {
    return join(registry.signIns().authenticate(token)).map(in -> in.user().id());
  }

  static <T> T join(CompletionStage<T> stage) {
    return stage.toCompletableFuture().orTimeout(BOUND_SECONDS, TimeUnit.SECONDS).join();
  }

  static Refused refusal(CompletionStage<?> stage) {
    try {
      join(stage);
    } catch (CompletionException failed) {
      if (failed.getCause() instanceof Refused refused) {
        return refused;
      }
      throw failed;
    }
    return Assertions.fail("it was not refused");
  }

  /** The first column of each row, as text. */
  List<String> texts(String sql) {
    return join(
        database.query(sql, statement -> {}, row -> String.valueOf(row.get(0, String.class))));
  }

  @Override
  public void close() {
    passwords.close();
    join(database.close().thenApply(closed -> true));
  }
}

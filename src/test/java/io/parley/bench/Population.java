package io.parley.bench;

import io.parley.account.AccountSettings;
import io.parley.account.PasswordlessPeople;
import io.parley.account.PasswordlessPeople.Wanted;
import io.parley.account.Passwords;
import io.parley.account.Registry;
import io.parley.audit.Incidents;
import io.parley.bench.Talk.Somebody;
import io.parley.database.Database;
import io.parley.database.DatabaseAddress;
import io.parley.database.DatabaseSettings;
import io.parley.model.Person;
import io.parley.model.UserId;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * Makes people and their conversations, by the server's own classes on the server's database: they
 * have no password, as those of the demo, since a thousand hashes take minutes. Whoever can write
 * to that database could do the same; the server has no door for it.
 */
final class Population implements AutoCloseable {
  private static final int CONNECTIONS = 6;
  private static final int AT_ONCE = 200;
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Database database;
  private final PasswordlessPeople passwordless;
  private final Passwords passwords;
  private final Registry registry;
  private final String names = Long.toString(System.currentTimeMillis(), 36);
  private int people;
  private int lanes;

  Population(String databaseUrl) {
    this.database =
        Database.open(
            new DatabaseSettings(
                DatabaseAddress.parse(databaseUrl),
                CONNECTIONS,
                PATIENCE,
                PATIENCE,
                PATIENCE,
                "parley bench"));
    this.passwordless = new PasswordlessPeople(database, Clock.systemUTC());
    this.passwords = Passwords.open(1, 1);
    this.registry =
        Registry.open(
            database,
            passwords,
            new AccountSettings(true, false, Duration.ofDays(1), Duration.ofDays(1), 10),
            Clock.systemUTC(),
            (user, signIn) -> {},
            new Incidents(System::nanoTime));
  }

  /** So many pairs who don't know each other. */
  List<Talk> pairs(int count) {
    List<Somebody> all = settle(2 * count);
    List<Somebody[]> pairs = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      pairs.add(new Somebody[] {all.get(2 * i), all.get(2 * i + 1)});
    }
    return talks(pairs);
  }

  /** One person, who is the first of each, with so many others. */
  List<Talk> friends(int count) {
    List<Somebody> all = settle(count + 1);
    return talks(all.stream().skip(1).map(friend -> new Somebody[] {all.get(0), friend}).toList());
  }

  private List<Somebody> settle(int count) {
    List<Person> settled = new ArrayList<>();
    while (settled.size() < count) {
      List<Wanted> wanted = new ArrayList<>();
      for (int i = 0; i < Math.min(AT_ONCE, count - settled.size()); i++) {
        wanted.add(new Wanted("bench_" + names + "_" + (people + settled.size() + i), "Bench"));
      }
      settled.addAll(passwordless.settle(wanted).toCompletableFuture().join());
    }
    int first = people;
    people += count;
    List<Integer> places = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      places.add(i);
    }
    return each(places, i -> signIn(first + i, settled.get(i)));
  }

  /** By a link, as the people of the demo. */
  private CompletionStage<Somebody> signIn(int number, Person person) {
    return registry
        .signIns()
        .mintLink(person.id())
        .thenCompose(
            link -> registry.signIns().signInByLink(link, Optional.of("bench"), "127.0.0.1"))
        .thenCombine(
            registry.outboxes().mint(person.id()),
            (granted, outbox) ->
                new Somebody(number, person.id().value(), granted.token().value()));
  }

  private List<Talk> talks(List<Somebody[]> pairs) {
    List<String> ids =
        each(
            pairs,
            pair ->
                registry
                    .conversations()
                    .start(UserId.parse(pair[0].id()), pair[1].id())
                    .thenApply(started -> started.id().value()));
    List<Talk> talks = new ArrayList<>();
    for (int i = 0; i < ids.size(); i++) {
      Somebody first = pairs.get(i)[0];
      Somebody second = pairs.get(i)[1];
      talks.add(
          new Talk(
              ids.get(i),
              first,
              second,
              new Lane(lanes++, first.number(), second.number()),
              new Lane(lanes++, second.number(), first.number())));
    }
    return talks;
  }

  /** Not all at once: what waits for a connection too long fails. */
  private static <A, B> List<B> each(List<A> all, Function<A, CompletionStage<B>> work) {
    List<B> done = new ArrayList<>();
    for (int from = 0; from < all.size(); from += AT_ONCE) {
      List<CompletableFuture<B>> begun =
          all.subList(from, Math.min(all.size(), from + AT_ONCE)).stream()
              .map(one -> work.apply(one).toCompletableFuture())
              .toList();
      begun.forEach(one -> done.add(one.join()));
    }
    return done;
  }

  @Override
  public void close() {
    passwords.close();
    database.close().toCompletableFuture().join();
  }
}

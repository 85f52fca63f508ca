package io.parley.account;

import static java.util.stream.Collectors.toMap;

import io.parley.database.Database;
import io.parley.model.Person;
import io.parley.model.UserId;
import io.r2dbc.spi.Readable;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Finds people. What {@link #byId} and {@link #byIds} answer may be {@value #STALE_SECONDS} seconds
 * old: a new displayed name is seen that late on other nodes.
 */
public final class People {
  static final int FOUND_AT_MOST = 20;
  static final int SHORTEST_PREFIX = 2;
  private static final int STALE_SECONDS = 5;
  private static final int CACHED = 10_000;

  /** Above every character that a name may have. */
  private static final String LAST_CHARACTER = Character.toString(0x10FFFF);

  private static final String BY_IDS =
      "SELECT id, username, display_name FROM users WHERE id = ANY ($1)";

  private static final String BY_USERNAME =
      "SELECT id, username, display_name FROM users WHERE username_key = $1";

  /** Two ranges of two indexes, each cut short; those whose username fits come first. */
  private static final String BY_PREFIX =
      """
      SELECT id, username, display_name FROM (
        (SELECT id, username, display_name, username_key, 1 AS rank FROM users
          WHERE username_key >= $1 AND username_key < $2 ORDER BY username_key LIMIT $3)
        UNION ALL
        (SELECT id, username, display_name, username_key, 2 AS rank FROM users
          WHERE display_key >= $1 AND display_key < $2
            AND NOT (username_key >= $1 AND username_key < $2)
          ORDER BY display_key, username_key LIMIT $3)
      ) AS found ORDER BY rank, username_key LIMIT $3
      """;

  private final Database database;
  private final BoundedCache<UserId, Person> cache;

  public People(Database database, Clock clock) {
    this.database = database;
    this.cache = new BoundedCache<>(CACHED, Duration.ofSeconds(STALE_SECONDS), clock);
  }

  public CompletionStage<Optional<Person>> byId(UserId id) {
    return byIds(List.of(id)).thenApply(found -> Optional.ofNullable(found.get(id)));
  }

  /** Those that exist, by id. */
  public CompletionStage<Map<UserId, Person>> byIds(Collection<UserId> ids) {
    Map<UserId, Person> known = new HashMap<>();
    List<String> unknown = new ArrayList<>();
    for (UserId id : ids) {
      cache.get(id).ifPresentOrElse(p -> known.put(id, p), () -> unknown.add(id.value()));
    }
    if (unknown.isEmpty()) {
      return CompletableFuture.completedFuture(known);
    }
    return database
        .query(
            BY_IDS,
            statement -> statement.bind("$1", unknown.toArray(String[]::new)),
            People::person)
        .thenApply(
            found -> {
              found.forEach(person -> cache.put(person.id(), person));
              known.putAll(found.stream().collect(toMap(Person::id, person -> person)));
              return known;
            });
  }

  /** Any spelling of the name will do. */
  public CompletionStage<Optional<Person>> byUsername(String username) {
    return database
        .query(
            BY_USERNAME,
            statement -> statement.bind("$1", Names.keyToFind(username)),
            People::person)
        .thenApply(found -> found.stream().findFirst());
  }

  /**
   * Those whose username or displayed name begins so, at most 20; nobody for a prefix that is
   * shorter than two characters.
   */
  public CompletionStage<List<Person>> byPrefix(String prefix) {
    String key = Names.keyToFind(prefix.strip());
    if (Names.length(key) < SHORTEST_PREFIX) {
      return CompletableFuture.completedFuture(List.of());
    }
    return database.query(
        BY_PREFIX,
        statement ->
            statement.bind("$1", key).bind("$2", key + LAST_CHARACTER).bind("$3", FOUND_AT_MOST),
        People::person);
  }

  /** The person was just changed here. */
  void forget(UserId id) {
    cache.remove(id);
  }

  static Person person(Readable row) {
    return new Person(
        new UserId(Column.text(row, "id")),
        Column.text(row, "username"),
        Column.text(row, "display_name"));
  }
}

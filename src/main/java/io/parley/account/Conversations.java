package io.parley.account;

import static java.util.concurrent.CompletableFuture.completedFuture;

import io.parley.database.Database;
import io.parley.model.ConversationId;
import io.parley.model.ErrorCode;
import io.parley.model.Participants;
import io.parley.model.Person;
import io.parley.model.UserId;
import io.r2dbc.spi.Readable;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/**
 * Who has a conversation with whom. A pair has one, whoever starts it and however often; it never
 * changes and never goes, so what was found once may be remembered.
 */
public final class Conversations {
  private static final int CACHED = 50_000;
  private static final Duration REMEMBERED = Duration.ofHours(1);

  private static final String FIND =
      "SELECT id, user_a, user_b FROM conversations WHERE user_a = $1 AND user_b = $2";

  private static final String INSERT =
      """
      INSERT INTO conversations (id, user_a, user_b, created_at) VALUES ($1, $2, $3, $4)
      ON CONFLICT ON CONSTRAINT conversations_pair DO NOTHING
      RETURNING id, user_a, user_b
      """;

  private static final String BY_ID = "SELECT id, user_a, user_b FROM conversations WHERE id = $1";

  private static final String BY_IDS =
      "SELECT id, user_a, user_b FROM conversations WHERE id = ANY ($1)";

  private static final String PEERS_AMONG =
      """
      SELECT user_b AS peer FROM conversations WHERE user_a = $1 AND user_b = ANY ($2)
      UNION ALL
      SELECT user_a AS peer FROM conversations WHERE user_b = $1 AND user_a = ANY ($2)
      """;

  private final Database database;
  private final People people;
  private final Clock clock;
  private final BoundedCache<ConversationId, Participants> cache;

  Conversations(Database database, People people, Clock clock) {
    this.database = database;
    this.people = people;
    this.clock = clock;
    this.cache = new BoundedCache<>(CACHED, REMEMBERED, clock);
  }

  /** The conversation of a pair, as the one who started it sees it. */
  public record Started(ConversationId id, Person peer) {}

  /**
   * Makes the conversation, or finds the one that there is. Fails with {@link Refused}: {@code
   * not_found} when there is no such person, {@code invalid} with oneself.
   *
   * @param peer an id or a username
   */
  public CompletionStage<Started> start(UserId user, String peer) {
    return find(peer)
        .thenCompose(
            found -> {
              Person person =
                  found.orElseThrow(
                      () -> Refused.because(ErrorCode.NOT_FOUND, "There is no such person"));
              if (person.id().equals(user)) {
                throw Refused.field(ErrorCode.INVALID, "peer", "is somebody else");
              }
              return start(Participants.of(user, person.id()))
                  .thenApply(id -> new Started(id, person));
            });
  }

  /** Who takes part; empty for a conversation that there isn't. */
  public CompletionStage<Optional<Participants>> membership(ConversationId id) {
    Optional<Participants> known = cache.get(id);
    if (known.isPresent()) {
      return completedFuture(known);
    }
    return database
        .query(BY_ID, statement -> statement.bind("$1", id.value()), this::remembered)
        .thenApply(rows -> rows.stream().findFirst().map(Row::participants));
  }

  /** Those of them in which the person takes part; one statement for all that aren't remembered. */
  public CompletionStage<Set<ConversationId>> among(
      UserId user, Collection<ConversationId> conversations) {
    Set<ConversationId> mine = new HashSet<>();
    List<String> unknown = new ArrayList<>();
    for (ConversationId id : conversations) {
      Optional<Participants> known = cache.get(id);
      if (known.isEmpty()) {
        unknown.add(id.value());
      } else if (known.get().include(user)) {
        mine.add(id);
      }
    }
    if (unknown.isEmpty()) {
      return completedFuture(mine);
    }
    return database
        .query(
            BY_IDS,
            statement -> statement.bind("$1", unknown.toArray(String[]::new)),
            this::remembered)
        .thenApply(
            rows -> {
              for (Row row : rows) {
                if (row.participants().include(user)) {
                  mine.add(row.id());
                }
              }
              return mine;
            });
  }

  /** Those of them with whom the person has a conversation. */
  public CompletionStage<Set<UserId>> shareConversation(UserId user, Collection<UserId> others) {
    String[] ids = others.stream().map(UserId::value).toArray(String[]::new);
    return database
        .query(
            PEERS_AMONG,
            statement -> statement.bind("$1", user.value()).bind("$2", ids),
            row -> new UserId(Column.text(row, "peer")))
        .thenApply(Set::copyOf);
  }

  /** No username has the form of an id. */
  private CompletionStage<Optional<Person>> find(String peer) {
    UserId id = UserId.parse(peer);
    return id.equals(UserId.NOBODY) ? people.byUsername(peer) : people.byId(id);
  }

  private CompletionStage<ConversationId> start(Participants pair) {
    return find(pair)
        .thenCompose(found -> found.isPresent() ? completedFuture(found) : insert(pair))
        // Nothing inserted: somebody else did, and has committed by now.
        .thenCompose(made -> made.isPresent() ? completedFuture(made) : find(pair))
        .thenApply(
            row ->
                row.map(Row::id)
                    .orElseThrow(
                        () -> new IllegalStateException("a conversation is there and isn't")));
  }

  private CompletionStage<Optional<Row>> find(Participants pair) {
    return database
        .query(
            FIND,
            statement ->
                statement.bind("$1", pair.first().value()).bind("$2", pair.second().value()),
            this::remembered)
        .thenApply(rows -> rows.stream().findFirst());
  }

  private CompletionStage<Optional<Row>> insert(Participants pair) {
    return database
        .query(
            INSERT,
            statement ->
                statement
                    .bind("$1", ConversationId.random().value())
                    .bind("$2", pair.first().value())
                    .bind("$3", pair.second().value())
                    .bind("$4", clock.instant()),
            this::remembered)
        .thenApply(rows -> rows.stream().findFirst());
  }

  private Row remembered(Readable columns) {
    Row row =
        new Row(
            new ConversationId(Column.text(columns, "id")),
            Participants.of(
                new UserId(Column.text(columns, "user_a")),
                new UserId(Column.text(columns, "user_b"))));
    cache.put(row.id(), row.participants());
    return row;
  }

  private record Row(ConversationId id, Participants participants) {}
}

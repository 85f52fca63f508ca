package io.parley.cluster;

import static java.util.Objects.requireNonNull;

import io.parley.cluster.Bootstrap.Beat;
import io.parley.database.Database;
import io.parley.database.Statements;
import io.r2dbc.spi.Readable;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** The tables of {@code V6__cluster.sql}, as one node uses them. */
final class MemberTable {

  /** Any number that nobody else locks by: "parley", "cluster" in ASCII, cut off. */
  private static final long LOCK = 0x7061726c65790001L;

  /** A beat is due every 2 s; one of this age may have been its last. */
  private static final String LOOK =
      """
      SELECT address, incarnation, beats, transport,
        clock_timestamp() - last_beat < INTERVAL '4 seconds' AS fresh,
        EXISTS (SELECT FROM pg_stat_activity a
                WHERE a.pid = m.backend AND a.backend_start <= m.last_beat) AS held
      FROM cluster_member m WHERE incarnation <> $1
      """;

  private final Database database;
  private final Self self;

  /**
   * This node, as its row tells it.
   *
   * @param address {@code host:port}
   * @param incarnation random, of this process
   * @param transport as it is now: certificates change while it runs
   */
  record Self(String address, long incarnation, Supplier<Transport> transport) {}

  /**
   * The table at one moment.
   *
   * @param agreement of the cluster that there is, or was
   * @param beats of everyone but this process
   */
  record Look(Optional<Agreement> agreement, List<Beat> beats) {
    Look {
      beats = List.copyOf(beats);
    }
  }

  MemberTable(Database database, Self self) {
    this.database = database;
    this.self = self;
  }

  CompletionStage<Look> look() {
    return look(database);
  }

  private CompletionStage<Look> look(Statements statements) {
    return agreement(statements)
        .thenCompose(agreement -> beats(statements).thenApply(beats -> new Look(agreement, beats)));
  }

  private static CompletionStage<Optional<Agreement>> agreement(Statements statements) {
    return statements
        .query(
            "SELECT agreement FROM cluster_life",
            statement -> {},
            row -> Agreement.parse(text(row, "agreement")))
        .thenApply(rows -> rows.stream().findFirst());
  }

  private CompletionStage<List<Beat>> beats(Statements statements) {
    return statements.query(
        LOOK,
        statement -> statement.bind(0, self.incarnation()),
        row ->
            new Beat(
                text(row, "address"),
                requireNonNull(row.get("incarnation", Long.class)),
                requireNonNull(row.get("beats", Long.class)),
                requireNonNull(row.get("fresh", Boolean.class)),
                requireNonNull(row.get("held", Boolean.class)),
                Transport.parse(text(row, "transport"))));
  }

  /**
   * Begins another life of the cluster with this node as its first member, if the table still holds
   * exactly {@code gone}: of nodes that start at the same time, one does.
   *
   * @return the life, or nothing when somebody has moved meanwhile
   */
  CompletionStage<Optional<String>> form(Agreement agreement, List<Beat> gone) {
    return database.inTransaction(
        statements ->
            statements
                .query(
                    "SELECT 1 AS one FROM pg_advisory_xact_lock($1)",
                    statement -> statement.bind(0, LOCK),
                    row -> true)
                .thenCompose(locked -> beats(statements))
                .thenCompose(
                    beats ->
                        isSame(beats, gone)
                            ? begin(statements, agreement).thenApply(Optional::of)
                            : CompletableFuture.completedFuture(Optional.empty())));
  }

  private static boolean isSame(List<Beat> now, List<Beat> gone) {
    return now.size() == gone.size()
        && now.stream().allMatch(beat -> gone.stream().anyMatch(beat::isSameAs));
  }

  private CompletionStage<String> begin(Statements statements, Agreement agreement) {
    String life = "l_" + UUID.randomUUID().toString().replace("-", "");
    return statements
        .update("DELETE FROM cluster_member", statement -> {})
        .thenCompose(
            deleted ->
                statements.update(
                    """
                    INSERT INTO cluster_life (life, agreement) VALUES ($1, $2)
                    ON CONFLICT (only_row) DO UPDATE
                    SET life = excluded.life, agreement = excluded.agreement, since = now()
                    """,
                    statement -> statement.bind(0, life).bind(1, agreement.text())))
        .thenCompose(begun -> insert(statements, life))
        .thenApply(inserted -> life);
  }

  private CompletionStage<Long> insert(Statements statements, String life) {
    return statements.update(
        """
        INSERT INTO cluster_member (address, incarnation, life, beats, last_beat, backend,
          transport)
        SELECT $1, $2, life, 1, clock_timestamp(), pg_backend_pid(), $4
        FROM cluster_life WHERE life = $3
        ON CONFLICT (address) DO UPDATE
        SET incarnation = excluded.incarnation, life = excluded.life,
            beats = cluster_member.beats + 1, last_beat = excluded.last_beat,
            backend = excluded.backend, transport = excluded.transport
        """,
        statement ->
            statement
                .bind(0, self.address())
                .bind(1, self.incarnation())
                .bind(2, life)
                .bind(3, self.transport().get().text()));
  }

  /**
   * Beats once as a member of {@code life}.
   *
   * @return false when the database belongs to another cluster by now
   */
  CompletionStage<Boolean> beat(String life) {
    return insert(database, life).thenApply(rows -> rows > 0);
  }

  /** The life that members at these addresses belong to; empty until one of them has beaten. */
  CompletionStage<Optional<String>> lifeOf(List<String> addresses) {
    return database
        .query(
            """
            SELECT life FROM cluster_member WHERE address = ANY ($1)
            ORDER BY last_beat DESC LIMIT 1
            """,
            statement -> statement.bind(0, addresses.toArray(String[]::new)),
            row -> text(row, "life"))
        .thenApply(rows -> rows.stream().findFirst());
  }

  /** Removes rows of members that were lost, which are none of {@code members}. */
  CompletionStage<Long> sweep(List<String> members) {
    return database.update(
        """
        DELETE FROM cluster_member
        WHERE address <> ALL ($1) AND last_beat < clock_timestamp() - INTERVAL '1 minute'
        """,
        statement -> statement.bind(0, members.toArray(String[]::new)));
  }

  /** This node has left: whoever starts needn't wait for its beat. */
  CompletionStage<Long> leave() {
    return database.update(
        "DELETE FROM cluster_member WHERE address = $1 AND incarnation = $2",
        statement -> statement.bind(0, self.address()).bind(1, self.incarnation()));
  }

  private static String text(Readable row, String column) {
    return requireNonNull(row.get(column, String.class));
  }
}

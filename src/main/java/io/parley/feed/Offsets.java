package io.parley.feed;

import static java.util.Objects.requireNonNull;

import io.parley.database.BinaryArray;
import io.parley.database.Statements;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * How far the feed has come. Moved first in a transaction: the row's lock then keeps every other
 * worker of that range out until the end.
 */
final class Offsets {
  private static final String MOVE =
      "UPDATE feed_offset o SET feed_position = m.to_position, persistence_id = m.to_id,"
          + " seq_nr = m.to_seq FROM unnest($1, $2, $3, $4, $5, $6, $7) AS m(range,"
          + " from_position, from_id, from_seq, to_position, to_id, to_seq)"
          + " WHERE o.range = m.range AND o.feed_position = m.from_position"
          + " AND o.persistence_id = m.from_id AND o.seq_nr = m.from_seq";

  private static final String STAND =
      "SELECT range, feed_position, persistence_id, seq_nr FROM feed_offset"
          + " WHERE range = ANY($1) ORDER BY range";

  private Offsets() {}

  /** Where each of these ranges stands, in their order. */
  static CompletionStage<SortedMap<Integer, FeedKey>> of(Statements database, Set<Integer> ranges) {
    record Offset(int range, FeedKey key) {}
    int[] array = ranges.stream().mapToInt(Integer::intValue).sorted().toArray();
    return database
        .query(
            STAND,
            statement -> statement.bind(0, BinaryArray.ofInts(array)),
            row -> new Offset(requireNonNull(row.get("range", Integer.class)), FeedKey.of(row)))
        .thenApply(
            offsets -> {
              SortedMap<Integer, FeedKey> stand = new TreeMap<>();
              offsets.forEach(offset -> stand.put(offset.range, offset.key));
              return stand;
            });
  }

  private record Move(int range, FeedKey from, FeedKey to) {}

  /** Past these rows, if all their ranges still stand where the rows were read from. */
  static CompletionStage<@Nullable Void> movePast(Statements transaction, List<FeedRow> rows) {
    Columns<Move> moves = new Columns<>(List.copyOf(moves(rows)));
    return transaction
        .update(
            MOVE,
            statement ->
                statement
                    .bind(0, moves.ints(Move::range))
                    .bind(1, moves.longs(move -> move.from.position()))
                    .bind(2, moves.texts(move -> move.from.persistenceId()))
                    .bind(3, moves.longs(move -> move.from.seqNr()))
                    .bind(4, moves.longs(move -> move.to.position()))
                    .bind(5, moves.texts(move -> move.to.persistenceId()))
                    .bind(6, moves.longs(move -> move.to.seqNr())))
        .thenCompose(
            moved ->
                requireNonNull(moved) == moves.rows().size()
                    ? CompletableFuture.<@Nullable Void>completedFuture(null)
                    : CompletableFuture.failedFuture(new OffsetMovedException()));
  }

  private static Collection<Move> moves(List<FeedRow> rows) {
    Map<Integer, Move> moves = new LinkedHashMap<>();
    for (FeedRow row : rows) {
      moves.put(row.range(), new Move(row.range(), row.from(), row.key()));
    }
    return moves.values();
  }
}

package io.parley.feed;

import static java.util.Objects.requireNonNull;

import io.parley.database.BinaryArray;
import io.parley.database.Statements;
import io.parley.model.ConversationId;
import io.parley.model.UserId;
import io.parley.serialization.ConversationLog;
import io.r2dbc.spi.Readable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Finds whom a worker before may have owed a notice when it ended: the participants of what was
 * applied lately. Goes backwards from the offsets, page by page and range by range in turn, until
 * rows are too old or too many.
 *
 * <p>A notice made here is the last one that the feed made for that person: their version, and the
 * heads of all conversations that carry it. Less would not do: a session that knows the version
 * before takes the notice for the next one, and asks for nothing else.
 */
final class Retelling {
  /** The longest that lost notices may take to be missed: a failure to be seen, a worker moved. */
  private static final String LATELY = "interval '2 minutes'";

  private static final int PAGE_ROWS = 500;

  /** What lies beyond in a busy worker's ranges is found by the next event of each person. */
  static final int MAX_ROWS = 20_000;

  static final String PAGE =
      "SELECT j.feed_position, j.persistence_id, j.seq_nr, j.db_timestamp > now() - "
          + LATELY
          + " AS lately FROM event_journal j WHERE j.slice / 64 = $1"
          + " AND (j.feed_position, j.persistence_id, j.seq_nr) < ($2, $3, $4)"
          + " ORDER BY j.feed_position DESC, j.persistence_id DESC, j.seq_nr DESC LIMIT $5";

  // One statement, one snapshot: the heads belong to the version. The limit keeps a planner that
  // knows no statistics from reading all of user_feed.
  static final String LAST_NOTICES =
      "SELECT f.user_id, f.version, s.conversation_id, s.as_of FROM (SELECT DISTINCT user_id"
          + " FROM conversation_summary WHERE conversation_id = ANY($1)) p"
          + " CROSS JOIN LATERAL (SELECT user_id, version FROM user_feed"
          + " WHERE user_id = p.user_id LIMIT 1) f LEFT JOIN conversation_summary s"
          + " ON s.user_id = f.user_id AND s.version = f.version";

  private final Statements database;

  /** Empty before the offsets are read. */
  private Optional<Place> place = Optional.empty();

  private boolean ended;
  private boolean anew;

  Retelling(Statements database) {
    this.database = database;
  }

  /** Where a range is to be read on, backwards and without this key. */
  private record Behind(int range, FeedKey key) {}

  /**
   * How far this has come.
   *
   * @param ranges that are still to be read, the next one first
   * @param rows read up to here
   */
  private record Place(List<Behind> ranges, int rows) {
    Place {
      ranges = List.copyOf(ranges);
    }

    private boolean isEnd() {
      return ranges.isEmpty() || rows >= MAX_ROWS;
    }

    /** The first range was read up to here, and goes to the end of the line if it has more. */
    private Place after(List<Applied> page) {
      List<Behind> left = new ArrayList<>(ranges.subList(1, ranges.size()));
      if (page.size() == PAGE_ROWS && page.get(PAGE_ROWS - 1).lately) {
        left.add(new Behind(ranges.get(0).range, page.get(PAGE_ROWS - 1).key));
      }
      return new Place(left, rows + page.size());
    }
  }

  /** What was found, and where to go on. */
  static final class Step {
    private final Map<UserId, HeadNotice> notices;
    private final Place next;

    private Step(Map<UserId, HeadNotice> notices, Place next) {
      this.notices = Map.copyOf(notices);
      this.next = next;
    }

    Map<UserId, HeadNotice> notices() {
      return notices;
    }
  }

  private record Applied(FeedKey key, boolean lately) {}

  /** The next page, if it goes on; one at a time. */
  CompletionStage<Step> next(Set<Integer> ranges) {
    return place.map(this::step).orElseGet(() -> begin(ranges));
  }

  /** Whether there is a next page after this one, or after a failure (empty): the same again. */
  boolean goesOn(Optional<Step> step) {
    if (anew) {
      anew = false;
      place = Optional.empty();
    } else {
      place = step.map(read -> read.next).or(() -> place);
      ended = place.filter(Place::isEnd).isPresent();
    }
    return !ended;
  }

  /** From the offsets as they stand by now; whether this had ended and has to be set going. */
  boolean beginAnew() {
    boolean hadEnded = ended;
    anew = !hadEnded;
    if (hadEnded) {
      ended = false;
      place = Optional.empty();
    }
    return hadEnded;
  }

  /** Where to begin: the offsets as they stand now. */
  private CompletionStage<Step> begin(Set<Integer> ranges) {
    return Offsets.of(database, ranges)
        .thenApply(
            offsets -> {
              List<Behind> all = new ArrayList<>();
              offsets.forEach((range, key) -> all.add(new Behind(range, past(key))));
              return new Step(Map.of(), new Place(all, 0));
            });
  }

  /** Reads one page of one range. */
  private CompletionStage<Step> step(Place place) {
    Behind behind = place.ranges.get(0);
    return database
        .query(
            PAGE,
            statement ->
                statement
                    .bind(0, behind.range)
                    .bind(1, behind.key.position())
                    .bind(2, behind.key.persistenceId())
                    .bind(3, behind.key.seqNr())
                    .bind(4, PAGE_ROWS),
            row -> new Applied(FeedKey.of(row), requireNonNull(row.get("lately", Boolean.class))))
        .thenCompose(
            page -> lastNotices(page).thenApply(found -> new Step(found, place.after(page))));
  }

  private CompletionStage<Map<UserId, HeadNotice>> lastNotices(List<Applied> page) {
    String[] conversations =
        page.stream()
            .filter(Applied::lately)
            .flatMap(row -> ConversationLog.conversation(row.key.persistenceId()).stream())
            .map(ConversationId::value)
            .distinct()
            .toArray(String[]::new);
    if (conversations.length == 0) {
      return CompletableFuture.completedFuture(Map.of());
    }
    record Told(UserId user, HeadNotice notice) {}
    return database
        .query(
            LAST_NOTICES,
            statement -> statement.bind(0, BinaryArray.ofTexts(conversations)),
            row ->
                new Told(new UserId(requireNonNull(row.get("user_id", String.class))), last(row)))
        .thenApply(
            rows -> {
              Map<UserId, HeadNotice> notices = new HashMap<>();
              rows.forEach(row -> notices.merge(row.user, row.notice, HeadNotice::and));
              return notices;
            });
  }

  private static HeadNotice last(Readable row) {
    Map<ConversationId, Long> head =
        Optional.ofNullable(row.get("conversation_id", String.class))
            .map(id -> Map.of(new ConversationId(id), requireNonNull(row.get("as_of", Long.class))))
            .orElse(Map.of());
    return new HeadNotice(requireNonNull(row.get("version", Long.class)), head);
  }

  /** The first key past that one. */
  private static FeedKey past(FeedKey key) {
    return new FeedKey(key.position(), key.persistenceId(), key.seqNr() + 1);
  }
}

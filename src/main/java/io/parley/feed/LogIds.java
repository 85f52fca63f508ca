package io.parley.feed;

import static java.util.Objects.requireNonNull;

import io.parley.serialization.ConversationLog;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Which conversations there are: those that the journal holds, and those that only the read side
 * knows. Each id costs one look at an index, whatever the length of its log.
 */
final class LogIds {
  private static final int COUNTED_AT_ONCE = 5_000;

  private static final String WALK =
      "WITH RECURSIVE ids AS ((SELECT persistence_id, slice FROM event_journal"
          + " WHERE persistence_id > $1 ORDER BY persistence_id LIMIT 1) UNION ALL"
          + " SELECT n.persistence_id, n.slice FROM ids CROSS JOIN LATERAL"
          + " (SELECT j.persistence_id, j.slice FROM event_journal j"
          + " WHERE j.persistence_id > ids.persistence_id ORDER BY j.persistence_id LIMIT 1) n)"
          + " SELECT %s FROM (SELECT * FROM ids LIMIT $2) i";

  private static final String COUNT =
      WALK.formatted("count(*) AS ids, coalesce(max(i.persistence_id), '') AS last");

  private static final String JOURNAL =
      WALK.formatted(
              "i.persistence_id, i.slice / 64 AS range, (SELECT max(j.seq_nr) FROM event_journal j"
                  + " WHERE j.persistence_id = i.persistence_id) AS head")
          + " ORDER BY i.persistence_id";

  // The %s is the real table; its name alone would be the shadow's. A limit, not EXISTS, which the
  // planner may answer by reading all of the journal.
  static final String READ_SIDE =
      "WITH RECURSIVE ids AS ((SELECT conversation_id AS id FROM %1$s WHERE conversation_id > $1"
          + " ORDER BY conversation_id LIMIT 1) UNION ALL SELECT n.id FROM ids CROSS JOIN LATERAL"
          + " (SELECT t.conversation_id AS id FROM %1$s t WHERE t.conversation_id > ids.id"
          + " ORDER BY t.conversation_id LIMIT 1) n)"
          + " SELECT i.id, (SELECT true FROM event_journal j WHERE j.persistence_id = "
          + ConversationLog.persistenceIdOf("i.id")
          + " LIMIT 1) IS NOT NULL AS known"
          + " FROM (SELECT * FROM ids LIMIT $2) i ORDER BY i.id";

  static final String DUE =
      "SELECT DISTINCT conversation_id AS id, (SELECT true FROM event_journal j"
          + " WHERE j.persistence_id = "
          + ConversationLog.persistenceIdOf("t.conversation_id")
          + " LIMIT 1) IS NOT NULL AS known"
          + " FROM %s t WHERE conversation_id > $1 ORDER BY conversation_id LIMIT $2";

  private LogIds() {}

  /**
   * A log to fold.
   *
   * @param conversation as it stands in the tables; damage may have left anything
   * @param head the last sequence number when this was read; 0 when the journal has nothing
   */
  record Log(String conversation, int range, long head) {
    String persistenceId() {
      return persistenceId(conversation);
    }

    static String persistenceId(String conversation) {
      return ConversationLog.ENTITY_TYPE + "|" + conversation;
    }

    /** Of something that has no row in the journal, which would tell it. */
    static Log orphan(String conversation) {
      int slice = Math.abs(persistenceId(conversation).hashCode() % 1_024);
      return new Log(conversation, slice * FeedSettings.RANGES / 1_024, 0);
    }
  }

  /** A stretch of a walk: what it found, and where the next one goes on, unless this is the end. */
  record Stretch(List<Log> logs, Optional<String> last) {
    Stretch {
      logs = List.copyOf(logs);
    }
  }

  /** How many persistence ids the journal holds past one, up to a few thousand. */
  record Counted(long ids, String last) {
    boolean isAll() {
      return ids < COUNTED_AT_ONCE;
    }
  }

  static Counted count(Steps steps, String after) {
    return steps
        .query(
            COUNT,
            statement -> statement.bind(0, after).bind(1, COUNTED_AT_ONCE),
            row ->
                new Counted(
                    requireNonNull(row.get("ids", Long.class)),
                    requireNonNull(row.get("last", String.class))))
        .get(0);
  }

  /** The next ones of the journal, past a persistence id. */
  static Stretch inJournal(Steps steps, String after, int limit) {
    record Found(String persistenceId, int range, long head) {}
    List<Found> found =
        steps.query(
            JOURNAL,
            statement -> statement.bind(0, after).bind(1, limit),
            row ->
                new Found(
                    requireNonNull(row.get("persistence_id", String.class)),
                    requireNonNull(row.get("range", Integer.class)),
                    requireNonNull(row.get("head", Long.class))));
    List<Log> logs = new ArrayList<>();
    for (Found one : found) {
      ConversationLog.conversation(one.persistenceId)
          .ifPresent(id -> logs.add(new Log(id.value(), one.range, one.head)));
    }
    return new Stretch(
        logs,
        found.size() < limit
            ? Optional.empty()
            : Optional.of(found.get(found.size() - 1).persistenceId));
  }

  /** The next ones of a table of the read side that the journal doesn't know. */
  static Stretch orphans(Steps steps, MendStatements table, String after, int limit) {
    record Found(String conversation, boolean known) {}
    String sql = table.isByConversation() ? READ_SIDE : DUE;
    List<Found> found =
        steps.query(
            sql.formatted(table.live()),
            statement -> statement.bind(0, after).bind(1, limit),
            row ->
                new Found(
                    requireNonNull(row.get("id", String.class)),
                    requireNonNull(row.get("known", Boolean.class))));
    return new Stretch(
        found.stream().filter(one -> !one.known).map(one -> Log.orphan(one.conversation)).toList(),
        found.size() < limit
            ? Optional.empty()
            : Optional.of(found.get(found.size() - 1).conversation));
  }
}

package io.parley.feed;

import static java.util.Objects.requireNonNull;

import io.parley.database.BinaryArray;
import io.parley.feed.LogIds.Log;
import io.parley.feed.RebuildReport.Mended;
import io.parley.serialization.ConversationLog;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The end of a batch, under the lock: erasures that were lost are named again, and summaries made
 * as the shadow has them. What changed gets new versions, so that clients which ask what changed
 * since are told.
 */
final class RebuiltSummaries {
  // Only what still says something: the journal and the list of what is due are seen at one moment.
  private static final String LOST_ERASURES =
      "INSERT INTO %1$s (range, conversation_id, seq) SELECT s.range, s.conversation_id, s.seq"
          + " FROM pg_temp.erasure s CROSS JOIN LATERAL (SELECT * FROM event_journal"
          + " WHERE persistence_id = "
          + ConversationLog.persistenceIdOf("s.conversation_id")
          + " AND seq_nr = s.seq LIMIT 1) j"
          + " WHERE s.conversation_id = ANY($1) AND j.event_ser_manifest NOT LIKE '%%-erased-1'"
          + " AND NOT EXISTS (SELECT FROM %1$s e WHERE e.range = s.range"
          + " AND e.conversation_id = s.conversation_id AND e.seq = s.seq)"
          + " ON CONFLICT DO NOTHING";

  private static final String ERASURES_WITHOUT_LOG =
      "DELETE FROM %s e WHERE e.conversation_id = ANY($1) AND (SELECT true"
          + " FROM event_journal j WHERE j.persistence_id = "
          + ConversationLog.persistenceIdOf("e.conversation_id")
          + " LIMIT 1) IS NULL";

  private static final String UNKNOWN_SUMMARIES =
      "DELETE FROM %s l WHERE l.conversation_id = ANY($1) AND NOT EXISTS (SELECT"
          + " FROM pg_temp.conversation_summary s WHERE s.conversation_id = l.conversation_id"
          + " AND s.user_id = l.user_id) RETURNING l.conversation_id";

  // Past the inbox's own version: it would be told again and again.
  private static final String VERSIONS_AHEAD =
      "SELECT l.conversation_id FROM %s l LEFT JOIN %s f ON f.user_id = l.user_id"
          + " WHERE l.conversation_id = ANY($1) AND l.version > coalesce(f.version, 0)";

  // In the order of the ids, as the feed takes their locks.
  private static final String VERSIONS =
      "INSERT INTO %1$s AS f (user_id, version)"
          + " SELECT u.user_id, 1 + coalesce((SELECT max(c.version) FROM %2$s c"
          + " WHERE c.user_id = u.user_id), 0) FROM (SELECT DISTINCT s.user_id"
          + " FROM pg_temp.conversation_summary s WHERE s.conversation_id = ANY($1)) u"
          + " ORDER BY u.user_id COLLATE \"C\" ON CONFLICT (user_id)"
          + " DO UPDATE SET version = greatest(f.version + 1, excluded.version)";

  private final Steps steps;
  private final List<Log> logs;
  private final MendStatements summaries;
  private final String erasures;
  private final String versions;

  RebuiltSummaries(RebuildConnection connection, Steps steps, List<Log> logs) {
    this.steps = steps;
    this.logs = logs;
    this.summaries = connection.statements(ReadSideTable.CONVERSATION_SUMMARY);
    this.erasures = connection.statements(ReadSideTable.ERASURE).live();
    this.versions = connection.statements(ReadSideTable.USER_FEED).live();
  }

  /** {@code differing} is known to differ in something else. */
  Mended mend(Set<String> differing) {
    List<String> all = logs.stream().map(Log::conversation).toList();
    long erased = update(LOST_ERASURES.formatted(erasures), all);
    List<String> orphans =
        logs.stream().filter(log -> log.head() == 0).map(Log::conversation).toList();
    if (!orphans.isEmpty()) {
      update(ERASURES_WITHOUT_LOG.formatted(erasures), orphans);
    }
    List<String> gone = query(UNKNOWN_SUMMARIES.formatted(summaries.live()), all);
    List<String> wrong = query(summaries.differing(), all);
    List<String> ahead = query(VERSIONS_AHEAD.formatted(summaries.live(), versions), all);
    Set<String> changed = new HashSet<>(differing);
    changed.addAll(gone);
    changed.addAll(wrong);
    changed.addAll(ahead);
    if (!changed.isEmpty()) {
      update(VERSIONS.formatted(versions, summaries.live()), changed);
      update(summaries.writeWithVersions(versions), changed);
    }
    return new Mended(
        (long) gone.size() + wrong.size() + ahead.size(), 0, 0, 0, erased, orphans.size());
  }

  private List<String> query(String sql, Collection<String> conversations) {
    return steps.query(
        sql,
        statement -> statement.bind(0, texts(conversations)),
        row -> requireNonNull(row.get(0, String.class)));
  }

  private long update(String sql, Collection<String> conversations) {
    return steps.update(sql, statement -> statement.bind(0, texts(conversations)));
  }

  private static BinaryArray texts(Collection<String> conversations) {
    return BinaryArray.ofTexts(conversations.toArray(String[]::new));
  }
}
